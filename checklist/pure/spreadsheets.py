"""Cells of a CSV file that a spreadsheet opens: none of them is run as a formula."""

RUNS = ("=", "+", "-", "@", "\t", "\r")


def cell(value):
    """Return a value as text; one that a spreadsheet would take for a formula gets a quote before it."""
    text = str(value)
    return f"'{text}" if text.startswith(RUNS) else text
