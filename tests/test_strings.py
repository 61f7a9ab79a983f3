"""Every string that a person reads goes through gettext, in templates and in Python, and can be collected (R30)."""

import ast
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.utils import translation
from django.utils.translation.template import templatize

from checklist import erasing, inviting
from checklist.channels import letters, notices
from checklist.channels.letters import compose
from checklist.models import Invitation, Reminder, saying
from checklist.models.fields import ZONES
from tests import factories
from tests.addresses import TABLE, path_of, who_may
from tests.forms import FORMS, browsers, filled, good, post, rows
from tests.reading import read
from tests.test_architecture import source_files, tree

__all__ = ["browsers", "rows"]  # fixtures
TEMPLATES = Path(settings.BASE_DIR) / "templates"
READ_BY_PEOPLE = {
    "title",
    "alt",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "placeholder",
    "label",
}
# The app's own name, and what is written alike in every language.
ALIKE = {"Settle", "UTC", "html", "QR", "English", "Español"}
FOR_MACHINES = {"true", "false", "open", "done", "na"}
HOLE = "\ue000"  # stands for a variable or a tag
LETTERS = re.compile(r"[^\W\d_]{2,}")


# Templates


def templates(*suffixes):
    return [path for path in sorted(TEMPLATES.rglob("*")) if path.suffix in suffixes]


def name(path):
    return str(path.relative_to(TEMPLATES))


def untranslated(path):
    """Return a template's text with a hole for each tag; what stands in blocktranslate is left out."""
    text, inside = [], False
    for token in Lexer(path.read_text()).tokenize():
        words = token.contents.split() if token.token_type == TokenType.BLOCK else [""]
        if words[0] in ("blocktranslate", "comment") or words == [
            "block",
            "layout",
        ]:  # layout is a class name
            inside = True
        elif words[0] in ("endblocktranslate", "endcomment", "endblock"):
            inside = False
        if token.token_type == TokenType.TEXT and not inside:
            text.append(token.contents)
        elif token.token_type in (TokenType.VAR, TokenType.BLOCK):
            text.append(HOLE)
    return "".join(text)


class Words(HTMLParser):
    """Collects what a person would read in a template: text, and the attributes that are read or read out."""

    def __init__(self):
        super().__init__()
        self.found, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        self.found += [value for key, value in attrs if key in READ_BY_PEOPLE and value]
        facts = dict(attrs)
        if tag == "meta" and facts.get("name") in ("description", "author", "application-name"):
            self.found.append(facts.get("content") or "")
        if tag == "input" and facts.get("type") in ("submit", "button", "reset"):
            self.found.append(facts.get("value") or "")

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


def bare(texts):
    """Return the words in these texts that are not the same in every language."""
    shown = [re.sub(r"{\w+}", "", text) for text in texts]  # a slot that the phone fills in
    return [word for text in shown for word in LETTERS.findall(text) if word not in ALIKE]


def words_of(path):
    text = untranslated(path)
    if path.suffix == ".txt":
        return bare([text])
    reader = Words()
    reader.feed(text)
    return bare(reader.found)


def test_r30_every_word_in_a_template_is_translated():
    found = {name(path): words_of(path) for path in templates(".html", ".svg", ".txt")}
    assert len(found) > 60
    assert {path: words for path, words in found.items() if words} == {}


def test_r30_a_word_that_is_not_translated_would_be_noticed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<p title="Bare">{% translate "Fine" %} Bare {{ x }}<script>bare()</script></p>')
    assert words_of(page) == ["Bare", "Bare"]


def test_r30_every_word_in_the_manifest_is_translated_or_a_setting():
    text = untranslated(TEMPLATES / "manifest.json")
    shown = re.findall(r'"(?:name|short_name|description|label)":\s*("?)(.*?)\1[,}\n]', text)
    assert shown
    assert bare(value for _quote, value in shown) == []


def literals(path):
    """Return the words that a tag or a filter of this template hands on and that a person would read."""
    source = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    tags = re.findall(r"{%\s*(?!translate|load|extends|url)(.*?)\s*%}", source)
    handed = [value for tag in tags for value in re.findall(r"""\w=['"]([^'"]*\s[^'"]*)['"]""", tag)]
    source = re.sub(r"{%\s*url.*?%}", "", source)
    filters = re.findall(r"""\|(?:default|default_if_none|yesno|add|join):\s*['"]([^'"]*)['"]""", source)
    return [word for word in bare([*handed, *filters]) if word not in FOR_MACHINES]


def test_r30_no_tag_and_no_filter_hands_on_a_bare_sentence():
    found = {name(path): literals(path) for path in templates(".html", ".txt")}
    assert {path: words for path, words in found.items() if words} == {}


def test_r30_no_plural_is_made_by_adding_a_letter():
    assert [name(path) for path in templates(".html", ".txt") if "|pluralize" in path.read_text()] == []


def test_r30_dates_follow_the_language_and_not_the_template():
    """For machines, in attributes and comparisons, a form may be spelled out; so may the name of a weekday."""
    spelled = re.compile(r"""\|(?:date|time):\s*['"]([^'"]*)['"]""")
    machine = {"c", "Y-m-d", "Ymd", "H:i", "U", "e", "l"}
    by_name = re.compile(r"^(SHORT_)?(DATE|TIME|DATETIME|MONTH_DAY|YEAR_MONTH)_FORMAT$")
    found = {name(path): spelled.findall(path.read_text()) for path in templates(".html", ".txt")}
    wrong = {
        path: [f for f in formats if f not in machine and not by_name.match(f)]
        for path, formats in found.items()
    }
    assert {path: formats for path, formats in wrong.items() if formats} == {}


@pytest.mark.parametrize("suffix", [".html", ".txt", ".js", ".json"])
def test_r30_makemessages_can_read_every_template(suffix):
    for path in templates(suffix):
        assert isinstance(templatize(path.read_text(), origin=name(path)), str)


# Python


GETTEXT = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}
SHOWN_KEYWORDS = {"label", "help_text", "empty_label", "verbose_name", "verbose_name_plural", "label_suffix"}
SHOWN_NAMES = {"default_error_messages", "error_messages", "labels", "helps", "help_texts"}
# What is stored in English and translated when it is shown.
STORED = {"checklist.models.checklists", "checklist.models.saying", "checklist.views.desk.headlines"}
FOR_OPERATORS = ("checklist.management", "checklist.checks", "project")


def python_files():
    files = {
        ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts): path for path in source_files()
    }
    return {module: path for module, path in files.items() if not module.startswith(FOR_OPERATORS)}


def bare_strings(node):
    """Return the string literals that a value shows as they are, without gettext around them."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and LETTERS.search(node.value) else []
    if isinstance(node, ast.JoinedStr):
        return [ast.unparse(node)] if any(bare_strings(part) for part in node.values) else []
    if isinstance(node, ast.Dict):
        return [text for value in node.values for text in bare_strings(value)]
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.IfExp | ast.Tuple | ast.List | ast.Set):
        return [text for child in ast.iter_child_nodes(node) for text in bare_strings(child)]
    return []


def called(node):
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def owner(node):
    return getattr(getattr(node.func, "value", None), "id", "")


def shown(module):
    """Return the bare strings that a module shows to people."""
    return [text for node in ast.walk(module) for text in shown_by(node)]


def shown_by(node):
    if isinstance(node, ast.keyword) and node.arg == "choices":
        return labels(node.value)
    if isinstance(node, ast.keyword):
        return bare_strings(node.value) if node.arg in SHOWN_KEYWORDS | SHOWN_NAMES else []
    if isinstance(node, ast.Assign):
        names = {getattr(target, "id", "") for target in node.targets}
        return bare_strings(node.value) if names & SHOWN_NAMES else []
    if isinstance(node, ast.Call):
        return shown_by_call(node)
    return shown_by_class(node) if isinstance(node, ast.ClassDef) else []


def shown_by_class(node):
    """Return the bare labels of a class of choices."""
    choices = any("Choices" in ast.unparse(base) for base in node.bases)
    return [
        text
        for line in node.body
        if choices and isinstance(line, ast.Assign)
        for text in label_of(line.value)
    ]


def labels(choices):
    """Return the bare labels of choices; one that is its own value is not meant to be seen."""
    rows = choices.elts if isinstance(choices, ast.List | ast.Tuple) else []
    pairs = [row.elts for row in rows if isinstance(row, ast.Tuple) and len(row.elts) == 2]
    return [
        text for value, label in pairs if ast.dump(value) != ast.dump(label) for text in bare_strings(label)
    ]


def label_of(value):
    return bare_strings(value.elts[1]) if isinstance(value, ast.Tuple) and len(value.elts) == 2 else []


def shown_by_call(node):
    if owner(node) == "messages":
        return [text for argument in node.args[1:] for text in bare_strings(argument)]
    if called(node) == "ValidationError":
        return [text for argument in node.args[:1] for text in bare_strings(argument)]
    if called(node) == "add_error":
        return [text for argument in node.args[1:] for text in bare_strings(argument)]
    return []


def test_r30_every_word_that_python_shows_is_translated():
    found = {module: shown(tree(path)) for module, path in python_files().items()}
    assert {module: texts for module, texts in found.items() if texts} == {}


def test_r30_a_word_of_python_that_is_not_translated_would_be_noticed():
    source = """
messages.success(request, "Saved")
raise ValidationError("Too long", code="long")
form.add_error("name", f"Bad {name}")
field = CharField(label="Name", error_messages={"required": "Missing", "x": _("Fine")}, code="no")
kind = ChoiceField(choices=[("a", "First"), ("b", _("Second"))])
class Kind(models.TextChoices):
    ONE = "one", "One"
    TWO = "two", _("Two")
"""
    assert len(shown(ast.parse(source))) == 7


def test_r30_what_is_translated_stands_in_the_source_as_it_is_or_makemessages_could_not_find_it():
    hidden = {}
    for module, path in python_files().items():
        calls = [
            node for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and called(node) in GETTEXT
        ]
        for call in calls:
            if not all(
                isinstance(argument, ast.Constant)
                for argument in call.args[: 2 if "n" in called(call)[:2] else 1]
            ):
                hidden.setdefault(module, []).append(ast.unparse(call))
    assert hidden.keys() <= STORED, hidden


def test_r30_no_sentence_is_put_together_with_an_f_string_and_translated():
    """_(f"...") is translated before it is known, _("...") % {...} after."""
    for path in python_files().values():
        calls = [
            node for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and called(node) in GETTEXT
        ]
        assert [
            ast.unparse(call) for call in calls if any(isinstance(a, ast.JoinedStr) for a in call.args)
        ] == []


# Pages, in a language in which every translated text stands in brackets


OPEN, CLOSE = "\u27e6", "\u27e7"


@pytest.fixture
def bracketed(monkeypatch):
    """Put every text that goes through gettext in brackets, and keep no words from before or for later."""
    _forget_words()
    for function in ("gettext", "pgettext", "ngettext", "npgettext"):
        real = getattr(translation.trans_real, function)
        monkeypatch.setattr(translation._trans, function, wrapped(real), raising=False)
    yield
    _forget_words()


def _forget_words():
    for kept in (letters._written, notices._words, saying._said):
        kept.cache_clear()


def wrapped(real):
    return lambda *args: f"{OPEN}{real(*args)}{CLOSE}"


def outside(text):
    """Return what stands outside of the brackets, which may be nested."""
    depth, left = 0, []
    for letter in text:
        depth += letter == OPEN
        left.append(letter if depth == 0 else " ")
        depth -= letter == CLOSE
    return "".join(left)


# What people wrote themselves, names of browsers and zones, and addresses: they are shown as they are.
AS_IT_IS = {
    "Sam",
    "Dana",
    "Green",
    "Room",
    "Chrome",
    "Android",
    "http",
    "https",
    "meet",
    "org",
    "sam",
    "dana",
    "example",
}
AS_IT_IS |= {"room", "Los", "Angeles", "am", "pm"}


def read_by_people(element):
    """Return the text of an element in the order of the page, and the attributes that are read out."""
    texts, attributes = [], [value for key, value in element.attrs.items() if key in READ_BY_PEOPLE]
    for part in element.parts:
        if isinstance(part, str):
            texts.append(part)
        elif part.tag not in ("script", "style", "textarea") and part.get("value") not in ZONES:
            inside = read_by_people(part)
            texts.append(inside[0])
            attributes += inside[1]
    return "".join(texts), attributes


def left_over(page):
    """Return the words of a page that did not go through gettext."""
    text, attributes = read_by_people(page)
    bare_words = bare([outside(text), *map(outside, attributes)])
    return [word for word in bare_words if word not in AS_IT_IS]


def test_r30_no_page_has_a_word_that_did_not_go_through_gettext(bracketed, browsers, rows):
    answers = {
        route: browsers[who_may(route)].get(path_of(route, rows)) for route in TABLE if TABLE[route].get
    }
    for kind, form in FORMS.items():
        bad = dict.fromkeys(form.typed, "")
        answers[kind] = post(browsers[form.who], filled(form.path, rows), good(form, rows) | bad)
    pages = {
        at: read(answer)
        for at, answer in answers.items()
        if answer.headers["Content-Type"].startswith("text/html")
    }
    found = {at: left_over(page) for at, page in pages.items() if page.all("h1")}
    assert len(found) > 35
    assert {at: words for at, words in found.items() if words} == {}


def test_r30_no_mail_has_a_word_that_did_not_go_through_gettext(bracketed, sam, sams_session, now):
    factories.session(sam, starts_in=timedelta(days=9))
    inviting.invite(sam, now, by_mail=True)
    inviting.mail_code(sam.email, now)
    erasing.mail_code(sam, now)
    composed = [
        compose(reminder, now)
        for reminder in Reminder.objects.select_related("invitation", "session", "client")
    ]
    assert len(composed) > 4
    codes = [row.code() for row in Invitation.objects.filter(kind__in=["code", "sure"])]
    for letter in composed:
        text, html = re.sub(r"https?://\S+", "", f"{letter.subject}\n{letter.text}"), letter.html
        for code in codes:
            text, html = text.replace(code, ""), html.replace(code, "")
        page = read(SimpleNamespace(content=html.encode()))
        assert [word for word in bare([outside(text)]) if word not in AS_IT_IS] == []
        assert left_over(page) == []


def test_r30_the_brackets_are_read_as_they_are_meant():
    assert outside(f"a {OPEN}b {OPEN}c{CLOSE} d{CLOSE} e").split() == ["a", "e"]
