"""Compiled catalogues as plain data, and made-up languages that find what a translation would break.

A key is a text of the source as the file has it: "context\\x04text", "one\\0many". In the language `en-xa` each text
is 140 % long and accented; in `ar-xb` it runs from right to left. Neither is shipped.
"""

import re
import struct
from pathlib import Path

MAGIC = 0x950412DE
LONGER = 1.4
ACCENTS = str.maketrans("aceinosuyACEINOSUY", "áçéîñöšúýÁÇÉÎÑÖŠÚÝ")
# What a program puts in or reads: it stays as it is.
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;)")


def read(path):
    """Return {key: translation} of a .mo file."""
    data = Path(path).read_bytes()
    magic, _version, count, keys, values = struct.unpack("<5I", data[:20])
    assert magic == MAGIC

    def text(table, number):
        length, start = struct.unpack("<2I", data[table + 8 * number : table + 8 * number + 8])
        return data[start : start + length].decode()

    return {text(keys, number): text(values, number) for number in range(count)}


def write(path, entries):
    """Write {key: translation} as a .mo file."""
    rows = sorted((key.encode(), value.encode()) for key, value in entries.items())
    table, start = b"", 28 + 16 * len(rows)
    texts = [key for key, _value in rows] + [value for _key, value in rows]
    for text in texts:
        table += struct.pack("<2I", len(text), start)
        start += len(text) + 1
    head = struct.pack("<7I", MAGIC, 0, len(rows), 28, 28 + 8 * len(rows), 0, 0)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(head + table + b"".join(text + b"\0" for text in texts))


def longer(text):
    """Return a text with accents, 140 % as long, in brackets."""
    parts = KEPT.split(text)
    plain = "".join(parts[::2])
    more = "~ " * round(len(plain) * (LONGER - 1) / 2)
    parts[::2] = [part.translate(ACCENTS) for part in parts[::2]]
    return f"[{''.join(parts)} {more.strip()}]"


def mirrored(text):
    """Return a text in Hebrew letters: they run from right to left, and each is as wide as the one it stands for."""
    parts = KEPT.split(text)
    parts[::2] = [
        re.sub("[a-z]", lambda letter: chr(0x5D0 + ord(letter[0]) % 27), p.lower()) for p in parts[::2]
    ]
    return "".join(parts)


PSEUDO = {"en-xa": longer, "ar-xb": mirrored}


def pseudo(folder, source):
    """Write the catalogues of the made-up languages for the texts of `source` below a folder of locales."""
    for code, change in PSEUDO.items():
        entries = {
            key: "\0".join(map(change, key.rpartition("\x04")[2].split("\0"))) for key in source if key
        }
        heading = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
        base, region = code.split("-")
        write(
            Path(folder) / f"{base}_{region.upper()}" / "LC_MESSAGES" / "django.mo", {"": heading, **entries}
        )
