"""What a browser says it is: a short name, so that a person can tell their devices apart, and how it installs apps."""

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("FxiOS", "Firefox"),
            ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip

IPHONES = ("iPhone", "iPad", "iPod")


def label(user_agent):
    """Return something like 'Chrome, Android'; 'Browser' when the header says nothing we know."""
    names = [_first(BROWSERS, user_agent) or "Browser", _first(SYSTEMS, user_agent)]
    return ", ".join(name for name in names if name)


def is_iphone(user_agent):
    """Return whether apps get on the home screen by hand there, with a storage of their own: an iPhone or an iPad."""
    return any(name in user_agent for name in IPHONES)


def is_safari(user_agent):
    """Return whether it is Safari on a Mac, or on an iPad that says it is a Mac, as most do."""
    return label(user_agent) == "Safari, Mac"


def permits(user_agent):
    """Return whose way it is to allow notifications again: 'iphone', 'firefox', 'safari', 'android' or 'desktop'."""
    named = label(user_agent)
    if is_iphone(user_agent):
        return "iphone"
    if named.startswith("Firefox"):
        return "firefox"
    if is_safari(user_agent):
        return "safari"
    return "android" if named.endswith("Android") else "desktop"


def _first(table, text):
    return next((name for mark, name in table if mark in text), "")
