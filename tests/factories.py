"""Makes rows for tests with as few words as possible."""

from datetime import UTC, datetime, time, timedelta

from checklist import inviting, scheduling
from checklist.models import Client, Series, User
from checklist.practising import open_practice

NOW = datetime(2026, 11, 26, 19, 18, tzinfo=UTC)  # a Thursday, 2:18 pm in New York, no clock change near
PASSWORD = "kept-in-tests-only"


def therapist(name, email, practice="Green Room", time_zone="America/New_York"):
    """Return a saved therapist with a practice of their own."""
    user = User.objects.create_user(email, PASSWORD, name=name, time_zone=time_zone)
    open_practice(user, practice)
    return user


def colleague(of, name, email):
    """Return another therapist of the same practice."""
    role = User.Role.MEMBER
    return User.objects.create_user(
        email, PASSWORD, name=name, practice=of.practice, role=role, time_zone=of.time_zone
    )


def client(of, nickname, email="", time_zone="America/New_York"):
    """Return a saved client whom that therapist looks after."""
    return Client.objects.create(
        practice=of.practice, therapist=of, nickname=nickname, email=email, time_zone=time_zone
    )


def crowd(therapist, count):
    """Return that many clients of a therapist, each with an address."""
    return [client(therapist, f"Client {number}", f"client-{number}@example.org") for number in range(count)]


def session(of, starts_in=timedelta(minutes=42), now=NOW, minutes=50, way="video", **fields):
    """Return a booked session of that client, starting `starts_in` after `now`."""
    fields.setdefault("link", "https://meet.example.org/room-7" if way == "video" else "")
    fields.setdefault("time_zone", of.therapist.time_zone)
    version = of.practice.checklists.first().current
    return scheduling.book(of, of.therapist, version, now + starts_in, minutes, now, way=way, **fields)


def series(of, *sessions, **fields):
    """Return a saved weekly series of that client, with these sessions in it as its first ones."""
    checklist = of.practice.checklists.first()
    fields = {"begins_on": NOW.date(), "clock": time(15), "time_zone": of.therapist.time_zone, **fields}
    row = Series.objects.create(client=of, therapist=of.therapist, checklist=checklist, **fields)
    for number, each in enumerate(sessions):
        each.series, each.series_number, each.series_at = row, number, each.starts_at
        each.series_minutes, each.series_way, each.series_link = each.minutes, each.way, each.link
        each.save()
    return row


def enrol(of, token, now=NOW, label="Chrome, Android"):
    """Let a browser that holds `token` in as that client; return its Device."""
    inviting.enrol(of, token, label, now)
    return of.devices.holding(token).get()
