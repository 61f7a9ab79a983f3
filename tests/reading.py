"""Reads the HTML of an answer the way a test asks about it: what is there, and what can be read."""

from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "hr", "img", "circle", "path", "rect", "source"}


class Element:
    """One element: its tag, its attributes, what it holds. An attribute without a value is empty text."""

    def __init__(self, tag, attrs, parent=None):
        self.tag, self.attrs, self.parts = tag, {name: value or "" for name, value in attrs}, []
        self.hidden = "hidden" in self.attrs or bool(parent and parent.hidden)

    def __getitem__(self, name):
        return self.attrs[name]

    def get(self, name):
        return self.attrs.get(name)

    @property
    def classes(self):
        return self.attrs.get("class", "").split()

    def walk(self):
        """Yield the elements inside, in the order of the page."""
        for part in self.parts:
            if isinstance(part, Element):
                yield part
                if part.tag != "template":  # is no part of the page until a script puts it there
                    yield from part.walk()

    def all(self, tag=None, kind=None, **attrs):
        """Return the elements inside with that tag, that class and those attributes; True means any value."""
        wanted = {name.replace("_", "-").strip("-"): value for name, value in attrs.items()}
        return [
            inside
            for inside in self.walk()
            if tag in (None, inside.tag)
            and (kind is None or kind in inside.classes)
            and all(
                name in inside.attrs if value is True else inside.get(name) == value
                for name, value in wanted.items()
            )
        ]

    def one(self, *args, **attrs):
        """Return the only element inside that is like this."""
        (found,) = self.all(*args, **attrs)
        return found

    @property
    def text(self):
        """What can be read in it, hidden parts left out, in one line."""
        return " ".join(" ".join(self._words()).split())

    def _words(self):
        for part in self.parts:
            if isinstance(part, str):
                yield part
            elif not part.hidden and part.tag not in ("script", "style", "template"):
                yield from part._words()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = Element("", [])
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, attrs, self.open[-1])
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].parts.append(Element(tag, attrs, self.open[-1]))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
            self.open.pop()

    def handle_data(self, data):
        self.open[-1].parts.append(data)


def read(answer):
    """Return the page of an answer as an Element; elements that are not closed in order fail the test."""
    reader = _Reader()
    reader.feed(answer.content.decode())
    assert reader.open == [reader.root], f"never closed: {[element.tag for element in reader.open[1:]]}"
    return reader.root
