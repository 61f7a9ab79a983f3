"""The part of a device by which a calendar keeps up with its client: an address that nobody can guess."""

import secrets
import uuid

from django.db import models

from checklist.models import secret

WHO = 32  # letters of a secret that say whose it is; the others prove it


class Feeding(models.Model):
    """A device with such an address, or without. It ends with the device, and can be taken back and made anew."""

    feed = models.CharField(max_length=22, blank=True)  # what the address is made with; empty: there is none

    class Meta:
        abstract = True

    def open_feed(self):
        """Make an address, unless there is one."""
        if not self.feed:
            self._keep(secrets.token_urlsafe(16))

    def close_feed(self):
        """Take the address back: no calendar gets anything by it from now on."""
        self._keep("")

    def _keep(self, feed):
        self.feed = feed
        self.save(update_fields=["feed"])

    @property
    def feed_secret(self):
        """What the address carries: letters for whose, then those by which it is known to be ours."""
        return self.id.hex + secret.derived_token("feed", f"{self.id}:{self.feed}")

    def is_feed_secret(self, given):
        """Return whether the address of now, if there is one, carries what was `given`."""
        return bool(self.feed) and secret.is_derived_token(given[WHO:], "feed", f"{self.id}:{self.feed}")


def whose(given):
    """Return the id of the device that what was `given` names; None when it names none."""
    try:
        return uuid.UUID(hex=given[:WHO])
    except ValueError:
        return None
