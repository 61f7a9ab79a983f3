"""What an item says, in each language: starter words by the catalogue, a practice's own as they were written (R30)."""

from functools import lru_cache

from django.db import models
from django.utils.translation import get_language, gettext, override

TEXTS = ("title", "why")


def _shown(original, own):
    """Return the practice's own words where there are some, else the original's in the active language."""
    return own or (gettext(original) if original else "")


# Each look at the catalogue takes a lock that all threads share, and a page has a dozen items with three texts each.
@lru_cache(maxsize=4096)
def _said(_language, title, why, source, own_title, own_why):
    """Return title, why and source as they show in the active language; `own_…` are the practice's in it, or None."""
    return (
        _shown(title, own_title),
        _shown(why, own_why),
        gettext(source) if source and own_why is None else "",
    )


class Saying(models.Model):
    """The words of an item. `title` and `why` are the original; `texts` are the practice's in other languages."""

    title = models.CharField(max_length=80)
    why = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=120, blank=True)
    texts = models.JSONField(default=dict, blank=True)  # {language: {"title": …, "why": …}}

    class Meta:
        abstract = True

    def _text(self, name):
        """Return the practice's words in the active language, else the original: the catalogue knows the starter's."""
        return _shown(getattr(self, name), self._own.get(name))

    @property
    def _own(self):
        return self.texts.get(get_language(), {})

    @property
    def title_text(self):
        return self._text("title")

    @property
    def why_text(self):
        return self._text("why")

    @property
    def source_text(self):
        """Where the fact in the starter's words comes from; a practice's own words have no source of ours."""
        return gettext(self.source) if self.source and "why" not in self._own else ""

    @property
    def words(self):
        """What a page says of the item, and the key by which it is ticked."""
        language = get_language()
        own = self.texts.get(language, {})
        title, why, source = _said(
            language, self.title, self.why, self.source, own.get("title"), own.get("why")
        )
        return {"key": self.key, "title": title, "why": why, "source": source}

    def said_in(self, language):
        """Return {"title": …, "why": …} as they show in that language."""
        with override(language):
            return {name: self._text(name) for name in TEXTS}

    def reword(self, original, texts):
        """Take {language: {"title": …, "why": …}}; what is new in the language `original` becomes the original.

        What shows in a language anyway is not kept, so an empty text shows the original.
        """
        said, first = self.said_in(original), texts[original]
        if first["why"] != said["why"]:
            self.source = ""
        if first != said:
            self.title, self.why = first["title"], first["why"]
        self.texts = {}
        self.texts = {language: own for language in texts if (own := self._kept(language, texts[language]))}

    def _kept(self, language, given):
        shown = self.said_in(language)
        return {name: given[name] for name in TEXTS if given[name] and given[name] != shown[name]}
