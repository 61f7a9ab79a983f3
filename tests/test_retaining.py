"""What is over is kept as long as the practice says, and then forgotten (docs/retention.md)."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session as DeskSession
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from checklist import retaining, scheduling
from checklist.management.commands import sendreminders
from checklist.models import (
    Client,
    Device,
    Erasure,
    Handover,
    Invitation,
    Limit,
    Look,
    LostPhone,
    Session,
    Subscription,
    Tick,
    Tombstone,
)
from checklist.pure import months
from tests import factories
from tests.at_desk import errors, look, tick
from tests.conftest import signed_in
from tests.everything import everything
from tests.factories import NOW
from tests.forms import PRACTICE
from tests.reading import read

DAY = timedelta(days=1)
PAGE = Path(settings.BASE_DIR) / "docs/retention.md"


def old(client, days=800, **fields):
    """Return a session of that client which ended so many days ago, with a tick."""
    session = factories.session(client, starts_in=-days * DAY, **fields)
    tick(session, session.version.items.first().key)
    return session


def forget(now=NOW, **options):
    said = StringIO()
    call_command("forgetold", now=now, stdout=said, **options)
    return said.getvalue().strip()


# Months, as people count them


END = (23, 59, 59, 999999)


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        ((2026, 11, 30, 9), 1, (2026, 10, 30, 9)),
        ((2026, 12, 31, 9), 1, (2026, 11, 30, *END)),
        ((2026, 3, 31, 9), 1, (2026, 2, 28, *END)),
        ((2028, 2, 29, 9), 12, (2027, 2, 28, *END)),
        ((2026, 1, 15, 9), 1, (2025, 12, 15, 9)),
        ((2026, 11, 30, 9), 24, (2024, 11, 30, 9)),
    ],
)
def test_a_month_ago_is_the_same_day_or_the_end_of_the_last_one_there_is(day, count, then):
    assert months.before(datetime(*day, tzinfo=UTC), count) == datetime(*then, tzinfo=UTC)


def test_a_month_after_a_day_that_the_next_month_has_not_that_month_is_over():
    archived = datetime(2026, 11, 30, 22, tzinfo=UTC)
    assert months.after(archived, 3) == datetime(2027, 3, 1, tzinfo=UTC)
    assert months.after(archived, 1) == datetime(2026, 12, 30, 22, tzinfo=UTC)


instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(instants, instants, st.integers(0, 120))
def test_months_back_and_forth_agree_at_every_instant(kept, now, count):
    """What is kept so many months goes at the instant that was promised, not before, and from then on for good."""
    until = months.after(kept, count)
    assert (now >= until) == (months.before(now, count) >= kept)
    assert months.before(until, count) >= kept > months.before(until - months.MOMENT, count)


# Sessions


def test_r4_a_session_is_kept_as_long_as_the_practice_says_and_its_ticks_with_it(sam, now):
    gone, kept = old(sam, 740), old(sam, 720)
    assert forget() == f"forgotten: 1 sessions of practice {sam.practice_id}"
    assert list(Session.objects.all()) == [kept]
    assert set(Tick.objects.values_list("session", flat=True)) == {kept.pk}
    assert not Session.objects.filter(pk=gone.pk).exists()


def test_each_practice_has_its_own_time(sam, lee, omar, now):
    omar.practice.keep_sessions = 3
    omar.practice.save()
    old(sam, 100)
    old(lee, 100)
    forget()
    assert [session.client for session in Session.objects.all()] == [sam]


def test_r1_those_that_are_left_keep_their_number_and_none_becomes_the_first(sam, desk, now):
    for days in (900, 800, 10):
        old(sam, days)
    old(sam, 850).__class__.objects.filter(starts_at=NOW - 850 * DAY).update(status="cancelled")
    forget()
    (left,) = Session.objects.numbered()
    assert (left.number, left.first) == (3, False)
    scheduling.renumber(sam)
    added = factories.session(sam)
    assert not Session.objects.filter(first=True).exists()
    assert Session.objects.numbered().get(pk=added.pk).number == 4
    assert "session 4" in look(desk, f"/desk/sessions/{added.id}/").text


# Archived clients


def test_an_archived_client_is_erased_when_their_time_is_over(sam, jo, desk, now):
    Client.objects.filter(pk__in=[sam.pk, jo.pk]).update(archived_at=NOW - 364 * DAY)
    assert forget() == "forgotten: nothing"
    assert forget(NOW + 2 * DAY) == f"forgotten: 2 clients of practice {sam.practice_id}"
    assert not Client.objects.exists()
    assert set(Erasure.objects.values_list("by", flat=True)) == {"time"}
    assert "An archived client was erased, as your settings say." in look(desk, "/desk/clients/").text
    assert "erased their data" not in look(desk, "/desk/").text


def test_the_page_of_an_archived_client_says_when(sam, desk, now):
    Client.objects.filter(pk=sam.pk).update(archived_at=NOW)
    assert "All of it is erased: Friday 26 November 2027." in look(desk, f"/desk/clients/{sam.id}/").text


@pytest.mark.parametrize(
    "day", [(2026, 11, 30, 22), (2026, 11, 29, 3), (2027, 1, 31, 12), (2026, 11, 15, 9)], ids=str
)
def test_an_archived_client_goes_at_the_instant_that_was_promised(dana, sam, day):
    sam.practice.keep_archived = 3
    sam.practice.save()
    sam.archived_at = datetime(*day, tzinfo=UTC)
    sam.save()
    promised = retaining.erased_from(sam)
    retaining.forget_old(promised - months.MOMENT)
    assert Client.objects.exists()
    retaining.forget_old(promised)
    assert not Client.objects.exists()


def test_who_is_not_archived_is_kept(sam, now):
    forget(NOW + 5000 * DAY)
    assert Client.objects.get() == sam


# All else


LONG, RECENT = NOW - 91 * DAY, NOW - 89 * DAY


def others(client, at):
    """Make rows of the kinds that are kept as long for everybody, as they were at that moment."""
    device = factories.enrol(client, f"phone-{at}", now=at)
    device.revoke(at)
    Look.objects.note(client.therapist, [(client, "items", None)], at.date(), at)
    Erasure.objects.create(therapist=client.therapist, by="client", day=at.date())
    Tombstone.objects.create(token_hash=str(at), day=at.date())
    fields = {"client": client, "created_at": at, "expires_at": at}
    Invitation.objects.create(token_hash=str(at), **fields)
    phone = factories.enrol(client, f"another-{at}")
    gone = {"endpoint": "x", "endpoint_hash": str(at), "p256dh": "", "auth": "", "key_id": "", "gone_at": at}
    Subscription.objects.create(device=phone, **gone)


OTHERS = (Look, Erasure, Tombstone, Invitation, Subscription)


def test_looks_erasures_invitations_and_phones_that_were_taken_out_are_kept_for_three_months(sam, now):
    others(sam, LONG)
    others(sam, RECENT)
    said = forget()
    for words in ("1 looks", "1 erasures", "1 tombstones", "1 invitations", "1 devices", "1 subscriptions"):
        assert words in said
    assert [model.objects.count() for model in OTHERS] == [1] * len(OTHERS)
    assert Device.objects.exclude(revoked_at=None).get().revoked_at == RECENT


def test_r20_a_check_that_was_kept_stays_with_its_session_whatever_became_of_the_phone(dana, now):
    client, _browser = everything(dana)
    client.devices.get().revoke(LONG)
    forget()
    assert client.sessions.filter(checks__isnull=False).exists()


def test_a_phone_whose_cookie_has_run_out_is_forgotten(sam, sams_phone, now):
    forget(NOW + 399 * DAY)
    assert sam.devices.exists()
    forget(NOW + 402 * DAY)
    assert not sam.devices.exists()


def test_whether_a_notification_was_shown_is_kept_for_three_months(dana, now):
    everything(dana)
    delivery = Handover.objects.get().delivery
    delivery.finished_at = NOW
    delivery.save()
    forget(NOW + 89 * DAY)
    assert Handover.objects.exists()
    forget(NOW + 91 * DAY)
    assert not Handover.objects.exists()


def test_tries_addresses_that_nobody_looked_at_and_sessions_of_the_desk_go_when_they_are_over(desk, now):
    Limit.take("join", "x", 1, 60, NOW - 2 * DAY)
    Limit.take("join", "x", 1, 60, NOW)
    LostPhone.objects.create(email="x@example.org", asked_at=NOW - 2 * DAY)
    assert DeskSession.objects.exists()
    assert forget(NOW + timedelta(hours=1)) == "forgotten: 1 lost phones"
    assert Limit.objects.count() == 1
    forget(NOW + 30 * DAY)
    assert not DeskSession.objects.exists()


# A dry run, and the sender


def test_a_dry_run_says_the_same_and_changes_nothing(sam, now):
    old(sam)
    others(sam, LONG)
    Limit.take("join", "x", 1, 60, NOW - 2 * DAY)
    before = counts()
    said = forget(dry_run=True)
    assert counts() == before
    assert said.partition(": ")[2] == forget().partition(": ")[2]
    assert said.startswith("would forget: ")


def test_a_dry_run_says_the_same_of_a_practice_in_which_one_thing_takes_others_with_it(
    dana, sam, jo, lee, now, settings
):
    """Archived clients with old sessions and phones, series that become empty, rows that go with their session."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    whole, _browser = everything(dana)
    for client in (whole, sam, jo, lee):
        rows = [old(client, days) for days in (900, 893)]
        factories.series(client, *rows, created_at=NOW - 1000 * DAY)
        Look.objects.note(client.therapist, [(client, "items", rows[0])], LONG.date(), LONG)
        others(client, LONG - client.id.int % 1000 * timedelta(seconds=1))
    old(jo, 10)
    Client.objects.filter(pk__in=[whole.pk, sam.pk]).update(archived_at=NOW - 900 * DAY)
    before, files = counts(), {path: path.read_bytes() for path in settings.EMAIL_FILE_PATH.glob("*")}
    said = forget(dry_run=True)
    assert (counts(), {path: path.read_bytes() for path in settings.EMAIL_FILE_PATH.glob("*")}) == (
        before,
        files,
    )
    assert said.partition(": ")[2] == forget().partition(": ")[2]
    for words in ("2 clients", "2 series", "2 devices", f"2 sessions of practice {jo.practice_id}"):
        assert words in said
    assert forget() == "forgotten: nothing"


def counts():
    return {model.__name__: model.objects.count() for model in apps.get_app_config("checklist").get_models()}


def test_what_it_says_names_nobody(sam, now):
    old(sam)
    Client.objects.filter(pk=sam.pk).update(archived_at=NOW - 900 * DAY)
    for options in ({"dry_run": True}, {}):
        said = forget(**options)
        assert [word for word in ("Sam", "example.org", "Dana", "Green", str(sam.pk)) if word in said] == []
        assert str(sam.practice_id) in said


def test_r29_a_moment_without_its_offset_is_refused():
    with pytest.raises(CommandError, match="add the offset"):
        call_command("forgetold", "--now=2027-01-01T00:00:00")


def tidy(sender, at):
    sender._tidy(at)
    return sender.stdout.getvalue()


@pytest.fixture
def sender():
    return sendreminders.Command(stdout=StringIO())


def test_the_sender_forgets_once_a_day(sender, sam, now):
    old(sam, 1000)
    assert f"forgotten: 1 sessions of practice {sam.practice_id}" in tidy(sender, NOW)
    old(sam, 1000)
    for hours in (1, 12, 23):
        tidy(sender, NOW + timedelta(hours=hours))
    assert Session.objects.exists()
    tidy(sender, NOW + timedelta(hours=25))
    assert not Session.objects.exists()


def test_the_sender_takes_some_at_a_time_so_that_what_is_due_need_not_wait(sender, sam, now, monkeypatch):
    monkeypatch.setattr(sendreminders, "MOST", 2)
    for days in (1000, 1001, 1002):
        old(sam, days)
    tidy(sender, NOW)
    assert Session.objects.count() == 1
    tidy(sender, NOW + timedelta(minutes=30))
    assert Session.objects.count() == 1
    tidy(sender, NOW + timedelta(hours=1))
    assert not Session.objects.exists()


def test_the_oldest_go_first(sam, now):
    kept = old(sam, 900)
    old(sam, 1000)
    retaining.forget_old(NOW, most=1)
    assert list(Session.objects.all()) == [kept]


# Settings and the page of the docs


def test_a_practice_sets_its_times(desk, dana, now):
    page = look(desk, "/desk/settings/")
    chosen = {name: page.one("select", name=name).all("option", selected=True)[0].text for name in KEPT}
    assert chosen == {"keep_sessions": "2 years", "keep_archived": "1 year"}


KEPT = ("keep_sessions", "keep_archived")
GO = "{} of the practice are erased at the next daily look, for good. If you mean that, save once more."


def keep(browser, **months):
    """Set these times at the desk; return the answer."""
    return browser.post("/desk/settings/", PRACTICE | months)


def periods(practice):
    practice.refresh_from_db()
    return practice.keep_sessions, practice.keep_archived


@pytest.mark.parametrize("ends", [("3", "12"), ("24", "1"), ("120", "24")])
def test_a_member_sees_the_times_and_cannot_change_them(ends, kim, now):
    browser = signed_in(kim)
    page = look(browser, "/desk/settings/")
    assert "Only an owner of the practice can change this." in page.text
    assert all("disabled" in page.one("select", name=name).attrs for name in KEPT)
    assert keep(browser, **dict(zip(KEPT, ends, strict=True))).status_code == 302
    assert periods(kim.practice) == (24, 12)


def test_r19_a_shorter_time_says_what_goes_and_asks_who_it_is_before_it_is_saved(desk, dana, sam, jo, now):
    for days in (10, 100, 200):
        old(sam, days)
    old(jo, 20)
    Client.objects.filter(pk=jo.pk).update(archived_at=now - timedelta(days=40))
    told = errors(refused := keep(desk, keep_sessions="3", keep_archived="1"))
    assert GO.format("With this, 3 sessions and 1 archived client") in told["#id_keep_sessions"]
    assert periods(dana.practice) == (24, 12)
    again = {field["name"]: field.get("value") for field in read(refused).all("input", name="told")}
    assert list(errors(keep(desk, keep_sessions="3", keep_archived="1", **again))) == ["#id_password"]
    again["password"] = factories.PASSWORD
    assert keep(desk, keep_sessions="3", keep_archived="1", **again).status_code == 302
    assert periods(dana.practice) == (3, 1)
    retaining.forget_old(now)
    assert (Session.objects.count(), Client.objects.count()) == (1, 1)


def test_what_a_page_told_of_one_time_is_told_anew_of_another(knows, dana, now):
    told = errors(keep(knows, keep_sessions="3", told="6-12"))
    assert GO.format("With this, 0 sessions and 0 archived clients") in told["#id_keep_sessions"]
    assert periods(dana.practice) == (24, 12)


def test_a_longer_time_is_saved_at_once(desk, dana, now):
    assert keep(desk, keep_sessions="84", keep_archived="24").status_code == 302
    assert periods(dana.practice) == (84, 24)


def test_the_docs_say_how_long_each_kind_of_row_is_kept():
    cells = re.findall(r"^\| (`[^|]+)\|", PAGE.read_text(), re.MULTILINE)
    told = set(re.findall(r"`(\w+)`", " ".join(cells)))
    assert told >= {model.__name__ for model in apps.get_app_config("checklist").get_models()}
