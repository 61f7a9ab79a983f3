"""In which language a person is written to."""

from django.conf import settings
from django.db import models


class Speaking(models.Model):
    """The part of a person that says which language they read."""

    language = models.CharField(max_length=10, blank=True)  # empty: not chosen yet

    class Meta:
        abstract = True

    @property
    def speaks(self):
        """The language for what goes out to this person; that of the source until one is known."""
        return self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def keep_language(self, language):
        """Keep the language that this person reads."""
        self.language = language
        self.save(update_fields=["language"])
