"""R3 for notifications, and for the mails that they brought along: a nudge, two sessions of one hour."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings

from checklist import merging, reminding
from checklist.channels.email import message
from checklist.channels.notices import notice
from checklist.models import Delivery, Handover, Reminder
from tests import factories
from tests.looking import DAY, MINUTE
from tests.subscribed import takes_notifications
from tests.test_neutral import BANNED, LANGUAGES, hostile, reads, seen  # noqa: F401 - a fixture

pytest_plugins = ["tests.phones"]
pytestmark = pytest.mark.django_db
LATE = [timedelta(0), timedelta(minutes=9), timedelta(hours=5)]
# What a phone does not show: where a tap leads, and what our worker proves its arrival with.
HIDDEN = ("navigate", "data")


@pytest.fixture
def reminders(hostile, service, now):  # noqa: F811
    """Reminders of every kind about two sessions of an hour, to a phone and a mailbox."""
    phone = takes_notifications(hostile, service, now)
    sessions = [factories.session(hostile, 3 * DAY + minutes * MINUTE) for minutes in (0, 40)]
    nudge = reminding.reminder(
        Reminder.Kind.NUDGE,
        f"{sessions[0].occasion}:nudge:1",
        now,
        sessions[0].starts_at,
        now,
        session=sessions[0],
    )
    nudge.save()
    for channel in ("email", "push"):
        Delivery.objects.get_or_create(reminder=nudge, channel=channel, defaults={"due_at": now})
    rows = list(Delivery.objects.with_marks(now))
    for row in rows:
        row.reminder.sessions, row.phone = merging.spoken_of(row.reminder, now), phone
    return rows


def in_language(rows, language):
    """Return these deliveries to somebody who reads that language."""
    for row in rows:
        row.reminder.client.language = language
    return rows


def shown(payload):
    """Return all that a notification shows."""
    notification = {name: words for name, words in payload["notification"].items() if name not in HIDDEN}
    actions = [action["title"] for action in notification.pop("actions")]
    return json.dumps([{**notification, "tag": ""}, actions], ensure_ascii=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_r3_no_notification_says_what_it_is_about_or_who_is_in_it(reminders, language):
    pushes = [row for row in in_language(reminders, language) if row.channel == "push"]
    assert {row.reminder.kind for row in pushes} == {"day_before", "hours_before", "just_before", "nudge"}
    for row in pushes:
        handover = Handover(delivery=row, subscription=row.phone)
        for late in LATE:
            words = shown(notice(row.reminder, handover, row.due_at + late))
            assert not BANNED.search(words), words
            assert re.search(r"\d:\d\d [ap]m and \d+:\d\d [ap]m|\d", words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_r3_no_mail_about_two_sessions_or_by_a_nudge_says_more(reminders, language):
    for row in in_language(reminders, language):
        for late in LATE:
            text = seen(message(row, row.due_at + late).message())
            assert not BANNED.search(text), text


def test_r3_what_is_open_is_in_a_mail_only_for_who_chose_so(reminders):
    row = next(row for row in reminders if row.reminder.kind == "day_before")
    titles = [line.item.title for line in row.reminder.session.readiness.open_lines]
    assert titles
    plain = message(row, row.due_at).body
    row.reminder.client.open_items_in_mail = True
    chosen = message(row, row.due_at).body
    assert [title for title in titles if title in plain] == []
    assert [title for title in titles if title not in chosen] == []


def test_r3_a_notification_leads_to_us_and_nowhere_else(reminders):
    for row in (row for row in reminders if row.channel == "push"):
        payload = notice(row.reminder, Handover(delivery=row, subscription=row.phone), row.due_at)
        places = [payload["notification"]["navigate"]]
        places += [action["navigate"] for action in payload["notification"]["actions"]]
        assert all(place.startswith(settings.BASE_URL + "/") for place in places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_r3_the_answers_on_a_notification_say_no_more(hostile, service, now, language):  # noqa: F811
    reads(hostile, language)
    phone = takes_notifications(hostile, service, now)
    factories.session(hostile, 3 * DAY)
    for row in Delivery.objects.with_marks(now).filter(channel="push"):
        payload = notice(row.reminder, Handover(delivery=row, subscription=phone), row.due_at)
        assert len(payload["notification"]["actions"]) == 2
        assert not BANNED.search(shown(payload)), shown(payload)
        assert len(json.dumps(payload)) < 1500
