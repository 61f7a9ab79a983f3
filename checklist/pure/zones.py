"""One name for each place: the zones that a list offers, and what an old name of a zone is called today."""

from importlib.resources import files

DATA = files("tzdata") / "zoneinfo"
# The data points these at another place with the same clocks, but they are old spellings of a place in the list.
RENAMED = {
    "Africa/Asmera": "Africa/Asmara",
    "Africa/Timbuktu": "Africa/Bamako",
    "America/Coral_Harbour": "America/Atikokan",
    "Etc/UTC": "UTC",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
}


def _offered():
    """Return the third column of zone.tab: the places of each country, by their names of today."""
    lines = (DATA / "zone.tab").read_text().splitlines()
    return frozenset(line.split("\t")[2] for line in lines if not line.startswith("#")) | {"UTC"}


def _links():
    """Return {name: the zone whose clocks it has}; such a line of tzdata.zi reads "L Asia/Kolkata Asia/Calcutta"."""
    lines = (line.split() for line in (DATA / "tzdata.zi").read_text().splitlines())
    return {words[2]: words[1] for words in lines if words[0] == "L"} | RENAMED


OFFERED = _offered()
LINKS = _links()


def today(name):
    """Return the offered name for `name`, or `name` itself where there is none."""
    found = name
    while found in LINKS and found not in OFFERED:
        found = LINKS[found]
    return found if found in OFFERED else name
