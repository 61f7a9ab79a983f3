"""The starter items in Spanish: as short, as plain and as kind as in English (R3, R30)."""

import re

import pytest
from django.utils.translation import gettext, override

from checklist.pure.starter import STARTER
from tests.readability_spanish import ease, syllables

EASY = 65  # of INFLESZ: "fairly easy" begins there
OUTSIDE = re.compile(
    r"terap|psic|sesi[óo]n|cl[íi]nic|paciente|consult|\bcitas?\b|salud|trastorno|ansiedad|depresi",
    re.IGNORECASE,
)
SCOLDS = re.compile(
    r"\b(debes|deber[íi]as|tienes que|no olvides|fall\w+|perdiste|nunca|siempre|obligatori\w+)\b",
    re.IGNORECASE,
)


def spanish(text):
    with override("es"):
        return gettext(text)


every_item = pytest.mark.parametrize("item", STARTER, ids=lambda item: item.key)


@every_item
def test_a_title_fits_a_phone_and_is_a_line_without_a_full_stop(item):
    title = spanish(item.title)
    assert len(title) <= 66
    assert re.fullmatch(r"[A-ZÁÉÍÓÚ][^.!?\n]*[^.!?\s]", title)


@every_item
def test_why_is_one_or_two_short_sentences_and_easy_to_read(item):
    why = spanish(item.why)
    assert len(why) <= 210
    assert len(re.findall(r"[.!?](?:\s|$)", why)) <= 2
    assert ease(f"{spanish(item.title)}. {why}") >= EASY


@every_item
def test_r3_a_title_may_be_shown_outside_the_app(item):
    """A title can be in a mail, in a calendar, on a lock screen: there "la sesión" would say too much."""
    assert not OUTSIDE.search(spanish(item.title))


@every_item
def test_nothing_scolds(item):
    assert not SCOLDS.search(f"{spanish(item.title)}. {spanish(item.why)}")


@every_item
def test_figures_and_sources_are_those_of_the_english(item):
    assert re.findall(r"\d+", spanish(item.why)) == re.findall(r"\d+", item.why)
    assert bool(item.source) == bool(item.source and spanish(item.source))


def test_the_whole_is_easy():
    assert ease(" ".join(f"{spanish(item.title)}. {spanish(item.why)}" for item in STARTER)) >= EASY + 5


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("que", 1), ("hoy", 1), ("guía", 2), ("día", 2), ("tiempo", 2), ("ruido", 2), ("aire", 2), ("sesión", 2),
        ("leer", 2), ("caos", 2), ("muy", 1), ("ya", 1), ("quieto", 2), ("pingüino", 3), ("ahora", 3), ("enlace", 3),
        ("conexión", 3), ("teléfono", 4), ("recordatorio", 5), ("64", 4), ("buey", 1), ("mayo", 2), ("país", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_spoken(word, count):
    assert syllables(word) == count


def test_a_hard_text_is_not_easy():
    hard = (
        "La implementación de intervenciones individualizadas demuestra considerable efectividad terapéutica."
    )
    assert ease(hard) < 10 < EASY < ease("Ve a un lugar tranquilo. Cierra la puerta.")
