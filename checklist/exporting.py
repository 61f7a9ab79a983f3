"""A client's own copy of all that is kept of them: one ZIP, made in memory and kept nowhere (R21)."""

import csv
import io
import json
import zipfile

from django.template.loader import render_to_string
from django.utils import timezone, translation

from checklist.explaining import legend
from checklist.models import Item, belonging
from checklist.portraying import DESCRIBED, LEFT_OUT, NAMED
from checklist.pure import spoken
from checklist.recounting import in_short

ODD = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a cell for a formula


def export(client, now):
    """Return the bytes of a ZIP: index.html in plain words, data.json with everything, and a CSV of each kind there is.

    The words are in the client's language and by their clock, whoever else this phone stands for.
    """
    tables = {model: _table(model, rows) for model, rows in belonging.rows_of(client).items()}
    tables[Item] = _table(Item, Item.objects.filter(version__sessions__client=client).distinct())
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("index.html", _index(client, tables, now))
        whole = {_name(model): rows for model, rows in tables.items()}
        file.writestr(
            "data.json", json.dumps({"made_at": now.isoformat(), **whole}, indent=1, ensure_ascii=False)
        )
        for model, rows in tables.items():
            if rows:
                file.writestr(f"{_name(model)}.csv", _csv(model, rows))
    return made.getvalue()


def fields_of(model):
    """Return the fields of a model that a copy has."""
    return [field for field in model._meta.concrete_fields if str(field) not in LEFT_OUT]


def _table(model, rows):
    """Return the rows as plain data, in the order in which they were made as far as that is known."""
    fields = fields_of(model)
    named = [field.name for field in fields if field.related_model in NAMED] or [None]  # none would mean all
    order = [name for name in ("created_at", "at", "received_at", "pk") if name == "pk" or _has(model, name)]
    return [
        {field.name: _value(row, field) for field in fields}
        for row in rows.select_related(*named).order_by(*order)
    ]


def _has(model, name):
    return any(field.name == name for field in model._meta.concrete_fields)


def _value(row, field):
    """Return what JSON can hold: a therapist or practice by name, other rows by id, instants in ISO 8601."""
    if field.related_model in NAMED:
        other = getattr(row, field.name)
        return other and NAMED[field.related_model](other)
    value = getattr(row, field.attname)
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _csv(model, rows):
    """Return a table as a spreadsheet reads it; a cell that would be a formula begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    names = [field.name for field in fields_of(model)]
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value):
    text = "" if value is None else json.dumps(value) if isinstance(value, list | dict) else str(value)
    return f"'{text}" if text.startswith(ODD) else text


def _index(client, tables, now):
    language = client.language or translation.get_language()
    with translation.override(language), timezone.override(client.time_zone):
        context = {
            "client": client,
            "place": spoken.place(client.time_zone),
            "now": now,
            "short": in_short(client),
        }
        return render_to_string(
            "client/export/index.html", context | _files(tables) | {"reasons": _left_out()}
        )


def _files(tables):
    """Return what the page says of each file, and of what there is nothing."""
    kept = [model for model, rows in tables.items() if rows]
    return {
        "files": [
            (f"{_name(each)}.csv", DESCRIBED[each], len(tables[each]), legend(each, fields_of(each)))
            for each in kept
        ],
        "empty": [DESCRIBED[each] for each in tables if each not in kept],
    }


def _left_out():
    """Return [(why, technical names)] of what is not in a copy."""
    reasons = {}
    for name, why in LEFT_OUT.items():
        reasons.setdefault(why, []).append(name.removeprefix("checklist."))
    return list(reasons.items())


def _name(model):
    return model._meta.model_name
