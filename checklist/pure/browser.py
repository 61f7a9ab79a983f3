"""A short name for a browser, so that a person can tell their devices apart. No more is kept of it."""

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("FxiOS", "Firefox"),
            ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


def label(user_agent):
    """Return something like 'Chrome, Android'; 'Browser' when the header says nothing we know."""
    names = [_first(BROWSERS, user_agent) or "Browser", _first(SYSTEMS, user_agent)]
    return ", ".join(name for name in names if name)


def _first(table, text):
    return next((name for mark, name in table if mark in text), "")
