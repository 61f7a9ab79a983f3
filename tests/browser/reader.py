"""Somebody who goes through a flow in their language, finds everything by its words, and sees that each page fits.

There are two: in English on a light phone of 390 px, in Spanish on a dark one of 320 px.
"""

from django.utils.translation import gettext, override
from playwright.sync_api import expect

from tests.browser import probes

WAYS = {"en": ("light", 390), "es": ("dark", 320)}


class Reader:
    """A page in the hands of somebody who reads that language; words are given as the source has them."""

    def __init__(self, page, language):
        self.page, self.language = page, language
        scheme, width = WAYS[language]
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 844})

    def say(self, text):
        with override(self.language):
            return gettext(str(text))

    def look(self):
        """See that the page is in the language and fits."""
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        assert self.page.evaluate(probes.TOO_WIDE) == []

    def go(self, address):
        self.page.goto(address)
        self.look()

    def stands_at(self, heading):
        """Wait for the page with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.say(heading))
        self.look()

    def sees(self, text):
        expect(self.page.get_by_text(self.say(text)).first).to_be_visible()
        self.look()

    def button(self, name):
        return self.page.get_by_role("button", name=self.say(name), exact=True)

    def press(self, name):
        self.button(name).first.tap()

    def follow(self, name):
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=self.say(name)).first.tap()

    def field(self, label):
        return self.page.get_by_label(self.say(label))

    def unfold(self, summary):
        self.page.locator("summary").filter(has_text=self.say(summary)).first.tap()

    def lose_the_network(self):
        self.page.context.set_offline(True)
