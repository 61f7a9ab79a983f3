"""No word that a client reads blames or counts against them: in templates, in mails, and in what Python says.

A language is added by a line in FORBIDDEN; its translations are looked through as soon as they are there.
"""

import ast
import re

import pytest
from django.conf import settings
from django.utils import translation

from tests.test_architecture import source_files, tree

FORBIDDEN = {
    "en": r"\b(fail(s|ed|ure|ures|ing)?|miss(ed|es|ing)?|broke|broken|streaks?|lazy)\b",
    "es": r"\b(fall(as|ó|aste|ado|ada|o|os)|fracas\w*|perdiste|faltaste|rachas?|rot[oa]s?|vag[oa])\b",
}
TEMPLATES = settings.BASE_DIR / "templates"
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext"}
# What only therapists and operators read.
NOT_FOR_CLIENTS = (
    "views/desk",
    "models/reasons",
    "models/outbox",
    "checks.py",
    "management",
    "nudging",
    "views/metrics",
    "views/health",
)


def templates():
    """Return the templates that clients see."""
    apart = ("desk", "registration", "account", "mfa", "usersessions")
    return [
        path
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file() and path.relative_to(TEMPLATES).parts[0] not in apart
    ]


SAID = re.compile(
    r"""{%\s*trans(?:late)?\s+(['"])(?P<one>.*?)\1.*?%}|{%\s*blocktrans.*?%}(?P<block>.*?){%\s*endblocktrans.*?%}""",
    re.DOTALL,
)
TAG = re.compile(r"{{\s*(\w+)\s*}}")


def of_template(path):
    """Return every text of a template that goes through gettext, as gettext gets it."""
    found = [part["one"] or part["block"] for part in SAID.finditer(path.read_text())]
    parts = [part for text in found for part in re.split(r"{%\s*plural\s*%}", text)]
    return [TAG.sub(r"%(\1)s", re.sub(r"\s*\n\s*", " ", part).strip()) for part in parts]


def of_python():
    """Yield every text of the product's Python that clients may read."""
    files = [path for path in source_files() if not any(part in str(path) for part in NOT_FOR_CLIENTS)]
    for path in files:
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", "")) in CALLS
            ):
                yield from (
                    each.value
                    for each in node.args
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                )


def texts():
    return {text for path in templates() for text in of_template(path)} | set(of_python())


@pytest.mark.parametrize("language", FORBIDDEN)
def test_no_word_of_a_clients_pages_scolds(language):
    with translation.override(language):
        said = {translation.gettext(text) for text in texts() if text}
    assert len(said) > 400
    assert sorted(text for text in said if re.search(FORBIDDEN[language], text, re.IGNORECASE)) == []


def test_a_word_that_scolds_would_be_noticed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '{% translate "You missed one" %}{% blocktranslate with n=1 %}Your streak\n is {{ n }}{% endblocktranslate %}'
    )
    assert [bool(re.search(FORBIDDEN["en"], text, re.IGNORECASE)) for text in of_template(page)] == [
        True,
        True,
    ]
