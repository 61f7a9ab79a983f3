"""Fields for text, links and zones that say plainly what they will not take."""

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address
from itertools import groupby
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Marks that turn the direction of the text around them, or can't be seen at all, and so can make a name lie.
HIDDEN = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2800\u3164\ufeff\uffa0\U00016fe4\U0001d159"
).union(
    map(chr, [*range(0x2060, 0x2070), *range(0xFFF0, 0xFFFD), *range(0x1BCA0, 0x1BCA4)]),
    map(chr, [*range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0080)]),
)
# They draw nothing alone, but join letters or choose their shape: in Persian, Hindi, Mongolian, Japanese, emoji.
SHAPING = frozenset("\u180b\u180c\u180d\u180f\u200c\u200d").union(
    map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
)

CONTROLS = ("Cc", "Cs", "Zl", "Zp")
STACKING = ("Mn", "Me")  # marks that take no room of their own: on one letter they pile up over other lines
MOST_MARKS = 4  # pointed Hebrew, Arabic with vowels, Tibetan and Hindi have three or four


def readable(value):
    """Raise ValidationError when text has characters that break lines, pile up, turn its direction or can't be seen."""
    nothing_shows = value and all(_draws_nothing(letter) for letter in value)
    if nothing_shows or _piles_up(value) or any(_is_hidden(letter) for letter in value):
        raise ValidationError(
            _("This has characters that can't be shown. Please type it again."), code="hidden"
        )


def _draws_nothing(letter):
    """Return whether a letter shows only on or beside another one."""
    return letter in SHAPING or letter.isspace() or unicodedata.category(letter).startswith("M")


def _piles_up(value):
    runs = groupby(value, lambda letter: letter in SHAPING or unicodedata.category(letter) in STACKING)
    return any(marks and len(list(run)) > MOST_MARKS for marks, run in runs)


def _is_hidden(letter):
    return letter in HIDDEN or (unicodedata.category(letter) in CONTROLS and letter not in "\r\n\t")


class PlainField(forms.CharField):
    """One line of text that a person can read: normalised, trimmed, nothing hidden in it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.validators.append(readable)

    def to_python(self, value):
        return unicodedata.normalize("NFC", super().to_python(value) or "").strip()

    def run_validators(self, value):
        super().run_validators(value)
        if "\n" in value and not isinstance(self.widget, forms.Textarea):
            raise ValidationError(_("Please write this on one line."), code="lines")


class AddressField(forms.EmailField):
    """An e-mail address in plain letters: one that only looks like somebody else's is refused."""

    default_error_messages = {"invalid": _("This is not an e-mail address. It looks like name@example.org.")}

    def __init__(self, **kwargs):
        super().__init__(max_length=254, **kwargs)
        self.validators += [readable, plain_letters]


def plain_letters(value):
    """Raise ValidationError when an address has other letters: a database may take them for plain ones."""
    if not value.isascii():
        raise ValidationError(AddressField.default_error_messages["invalid"], code="invalid")


class LinkField(forms.CharField):
    """A meeting link: https, with a host, without a user part (whose text could pass for another host)."""

    widget = forms.URLInput

    def __init__(self, **kwargs):
        super().__init__(max_length=500, **kwargs)
        self.validators += [readable, safe_link]


def safe_link(value):
    """Raise ValidationError unless `value` is an https link whose host can be read off it."""
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not is_host(host) or any(letter.isspace() or letter in "\\<>\"'" for letter in value):
        raise ValidationError(
            _("This is not a link. It looks like https://meet.example.org/room."), code="link"
        )
    if parts.scheme != "https":
        raise ValidationError(_("The link has to begin with https://."), code="scheme")
    if "@" in parts.netloc:
        raise ValidationError(
            _("The link has a name or password before the host. Take that part out."), code="user"
        )


# Labels of letters, digits and hyphens, in whatever script; the last one begins with a letter.
HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])?")


def is_host(host):
    """Return whether a browser could look this name up on the internet, or it is an IPv4 address."""
    try:
        return bool(HOST.fullmatch(host or "") or IPv4Address(host or ""))
    except AddressValueError:
        return False
