"""How easy a Spanish text is to read: the perspicuity of Szigriszt, judged on the INFLESZ scale.

Formula: Francisco Szigriszt Pazos, "Sistemas predictivos de legilibilidad del mensaje escrito: fórmula de
perspicuidad", Universidad Complutense de Madrid, 1993:

    206.835 - 62.3 * syllables / words - words / sentences

Scale: Barrio-Cantalejo and others, "Validación de la Escala INFLESZ para evaluar la legibilidad de los textos
dirigidos a pacientes", Anales del Sistema Sanitario de Navarra 31(2), 2008: under 40 very hard, 40 to 55 somewhat
hard, 55 to 65 normal, 65 to 80 fairly easy, over 80 very easy. Spanish is written as it is spoken, so syllables can be
counted by rule.
"""

import re

WORD = re.compile(r"[a-záéíóúüñ]+|\d+", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)")
# One syllable each: two weak vowels, a weak one beside a strong one, a weak one on each side.
NUCLEUS = re.compile(r"[iuü]?[aeoáéó][iuy](?![aeoáéíóú])|[iuü]?[aeoáéó]|[íú]|[iuü][iuüy]|[iuüy]")
SILENT = re.compile(r"(?<=q)u(?=[eiéí])|(?<=g)u(?=[eiéí])")


def syllables(word):
    """Count the syllables of one Spanish word; a numeral has two for each digit, sooner too many."""
    if word.isdigit():
        return 2 * len(word)
    heard = SILENT.sub("", word.lower())
    heard = re.sub(r"y(?=[aeiouáéíóú])", "ll", heard)  # a consonant there
    return max(1, len(NUCLEUS.findall(heard)))


def ease(text):
    """Return Szigriszt's perspicuity of `text`, which ends its sentences with a full stop or the like."""
    words = WORD.findall(text)
    sentences = len(SENTENCE_END.findall(text)) or 1
    return 206.835 - 62.3 * sum(map(syllables, words)) / len(words) - len(words) / sentences
