"""The people and sessions that the scenes stand on: made once per worker, then put back as they were, row by row.

Making them takes longer than drawing a page.
"""

import sqlite3

from django.db import connection

from checklist.models import Client, User
from tests.browser import scenes

CAST = {"dana": User, "sam": Client, "ana": Client, "lee": Client}


class World:
    """Gives a test the cast and the ids of scenes.become(); the database is as that left it."""

    def __init__(self):
        self._kept = None

    def enter(self, request):
        """Return ({name: its row}, ids) for a test whose database is empty, by its `request`."""
        if self._kept is None:
            self._make(request.getfixturevalue)
        else:
            connection.ensure_connection()
            self._kept.backup(connection.connection)
        return {name: model.objects.get(pk=self._who[name]) for name, model in CAST.items()}, self._ids

    def _make(self, fixture):
        cast = {name: fixture(name) for name in CAST}
        session, now = fixture("sams_session"), fixture("now")
        self._ids = scenes.become(cast["dana"], cast["sam"], cast["ana"], session, now)
        self._who = {name: row.pk for name, row in cast.items()}
        self._kept = sqlite3.connect(":memory:")
        connection.connection.backup(self._kept)
