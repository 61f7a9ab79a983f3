"""The plan: which reminders wait for a session, and how they follow each change (R8, R10, R11)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from checklist import inviting, reminding, scheduling
from checklist.models import Delivery, Reminder, Session
from checklist.models.reasons import Reason
from tests import factories
from tests.looking import MINUTE

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def waiting(session):
    """Return {kind: due time} of what still waits for a session."""
    rows = Delivery.objects.waiting().filter(reminder__session=session).select_related("reminder")
    return {row.reminder.kind: row.due_at for row in rows}


def went_out(delivery, now):
    Delivery.objects.filter(pk=delivery.pk).finish("sent", "", now)


def fates(session):
    """Return {(kind, revision): (state, reason)} of everything ever planned for a session."""
    rows = Delivery.objects.filter(reminder__session=session).select_related("reminder")
    return {
        (row.reminder.kind, int(row.reminder.occasion.rsplit(":", 1)[1])): (row.state, row.reason)
        for row in rows
    }


def move(session, starts_at, now):
    return scheduling.change(session, now, starts_at, 50)


@pytest.fixture
def ahead(sam, now):
    """Sam's session three days from now: every reminder still lies ahead."""
    return factories.session(sam, 3 * DAY)


def test_r8_booking_plans_each_kind_once(ahead):
    assert set(waiting(ahead)) == {"day_before", "hours_before", "just_before"}


def test_r8_planning_again_changes_nothing(ahead, now):
    before = list(Delivery.objects.order_by("id").values())
    reminding.plan(ahead, now)
    assert list(Delivery.objects.order_by("id").values()) == before


def test_r8_the_same_reminder_can_not_be_made_twice(ahead):
    row = Reminder.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(
            client=row.client,
            session=ahead,
            kind=row.kind,
            occasion=row.occasion,
            due_at=row.due_at,
            not_after=row.due_at,
        )


def test_r8_a_reminder_has_one_delivery_on_a_channel(ahead):
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(reminder=Reminder.objects.first(), due_at=ahead.starts_at)


def test_r11_the_evening_is_the_clients_not_the_therapists(sam, now):
    starts_at = datetime(2026, 12, 1, 15, 0, tzinfo=ZoneInfo("America/New_York"))
    session = factories.session(sam, starts_at - now)
    assert waiting(session)["day_before"] == datetime(
        2026, 11, 30, 18, 0, tzinfo=ZoneInfo("America/Los_Angeles")
    )


def test_r10_what_is_past_at_booking_is_never_planned(sam, now):
    assert set(waiting(factories.session(sam, 42 * timedelta(minutes=1)))) == {"just_before"}


def test_r10_a_kind_due_at_this_very_moment_is_past(sam, now):
    assert set(waiting(factories.session(sam, 2 * HOUR))) == {"just_before"}


def test_r10_a_session_in_five_minutes_has_no_reminder(sam, now):
    assert waiting(factories.session(sam, timedelta(minutes=5))) == {}


def test_r10_a_session_booked_into_the_past_has_no_reminder(sam, now):
    assert waiting(factories.session(sam, -DAY)) == {}


def test_r10_cancelling_drops_what_waits_and_says_why(ahead, now):
    scheduling.cancel(ahead, now)
    assert set(fates(ahead).values()) == {("dropped", "cancelled")}


def test_r10_moving_drops_the_old_times_and_plans_the_new(ahead, now):
    move(ahead, ahead.starts_at + DAY, now)
    states = fates(ahead)
    assert {states[kind, 1] for kind in ("day_before", "hours_before", "just_before")} == {
        ("dropped", "moved")
    }
    assert {states[kind, 2] for kind in ("day_before", "hours_before", "just_before")} == {("planned", "")}


def test_r10_moving_there_and_back_reminds_of_the_last_time_only(ahead, now):
    there = ahead.starts_at
    move(ahead, there + DAY, now)
    move(ahead, there, now)
    assert waiting(ahead)["just_before"] == there - timedelta(minutes=10)
    assert len(waiting(ahead)) == 3


def test_r10_moving_closer_never_plans_what_is_past_by_then(ahead, now):
    move(ahead, now + HOUR, now)
    assert set(waiting(ahead)) == {"just_before"}


def test_r10_cancelling_after_a_move_keeps_the_first_reason(ahead, now):
    move(ahead, ahead.starts_at + DAY, now)
    scheduling.cancel(ahead, now)
    assert {fate for (kind, revision), fate in fates(ahead).items() if revision == 1} == {
        ("dropped", "moved")
    }


def test_a_change_of_way_leaves_the_reminders_alone(ahead, now):
    before = waiting(ahead)
    scheduling.change(ahead, now, ahead.starts_at, 50, way="voice")
    assert waiting(ahead) == before


def test_r9_a_change_of_way_does_not_lose_what_is_due_but_has_not_left(ahead):
    late = waiting(ahead)["day_before"] + timedelta(minutes=3)
    scheduling.change(ahead, late, ahead.starts_at, 50, way="voice")
    assert "day_before" in waiting(ahead)


def test_what_was_sent_stays_sent_when_the_session_is_cancelled(ahead, now):
    first = Delivery.objects.order_by("due_at").first()
    went_out(first, now)
    scheduling.cancel(ahead, now)
    first.refresh_from_db()
    assert first.state == "sent"


def test_r11_a_new_zone_moves_the_evening(ahead, sam, now):
    sam.time_zone = "America/New_York"
    sam.save()
    reminding.plan_client(sam, now)
    assert waiting(ahead)["day_before"] == datetime(2026, 11, 28, 18, 0, tzinfo=ZoneInfo("America/New_York"))


def test_r11_a_new_zone_is_kept_with_the_reminder_too(ahead, sam, now):
    sam.time_zone = "America/New_York"
    sam.save()
    reminding.plan_client(sam, now)
    assert Reminder.objects.get(kind="day_before").due_at == waiting(ahead)["day_before"]


def test_r10_an_evening_that_is_past_by_the_new_zone_does_not_come_at_once(sam, now):
    session = factories.session(
        sam, timedelta(hours=22)
    )  # 9:18 in Los Angeles: this evening is still ahead there
    assert "day_before" in waiting(session)
    sam.time_zone = "Europe/London"
    sam.save()
    reminding.plan_client(sam, now)
    assert fates(session)["day_before", 1] == ("dropped", "past")


def live_in(client, zone, now):
    client.time_zone = zone
    client.save()
    reminding.plan_client(client, now)


def test_r9_an_evening_that_was_past_only_by_a_zone_set_by_mistake_is_told_after_all(sam, now):
    session = factories.session(sam, timedelta(hours=22))
    before = waiting(session)
    live_in(sam, "Europe/London", now)
    live_in(sam, "America/Los_Angeles", now)
    assert waiting(session) == before


def test_r11_an_evening_that_was_past_by_one_zone_follows_the_next(sam, now):
    session = factories.session(sam, timedelta(hours=22))
    live_in(sam, "Europe/London", now)
    live_in(sam, "Pacific/Honolulu", now)
    evening = datetime(2026, 11, 26, 18, 0, tzinfo=ZoneInfo("Pacific/Honolulu"))
    assert waiting(session)["day_before"] == evening
    assert Reminder.objects.get(kind="day_before").due_at == evening


def test_r10_an_evening_that_is_past_by_the_right_zone_too_stays_dropped(sam, now):
    session = factories.session(sam, timedelta(hours=22))
    live_in(sam, "Europe/London", now)
    live_in(sam, "America/Los_Angeles", now + 8 * HOUR)
    assert fates(session)["day_before", 1] == ("dropped", "past")


def test_r12_what_was_dropped_for_another_reason_stays_dropped_whatever_the_zone(ahead, sam, now):
    Delivery.objects.get(reminder__kind="day_before").end(Reason.SUPERSEDED, now)
    live_in(sam, "America/New_York", now)
    assert fates(ahead)["day_before", 1] == ("dropped", "superseded")


def test_r8_a_new_zone_sends_nothing_a_second_time(ahead, sam, now):
    sent = Delivery.objects.get(reminder__kind="day_before")
    went_out(sent, now)
    sam.time_zone = "America/New_York"
    sam.save()
    reminding.plan_client(sam, now)
    assert fates(ahead)["day_before", 1] == ("sent", "")
    assert Reminder.objects.get(kind="day_before").due_at == sent.due_at


def test_r11_a_new_zone_holds_back_what_is_being_tried(ahead, sam):
    """A delivery that waits for another try must not leave hours before its new time."""
    evening = waiting(ahead)["day_before"]
    Delivery.objects.filter(reminder__kind="day_before").update(
        attempts=1, due_at=evening + timedelta(minutes=1)
    )
    sam.time_zone = "Pacific/Honolulu"
    sam.save()
    reminding.plan_client(sam, evening)
    assert waiting(ahead)["day_before"] == evening + 2 * HOUR


def test_r15_a_corrected_address_gets_what_the_old_one_refused(ahead, sam, evening):
    Delivery.objects.get(reminder__kind="day_before").end(Reason.ADDRESS_REFUSED, evening)
    reminding.plan_client(sam, evening + MINUTE)
    assert waiting(ahead)["day_before"] == evening + MINUTE


def test_r10_a_corrected_address_gets_nothing_about_what_is_over(ahead, sam, now):
    Delivery.objects.get(reminder__kind="day_before").end(Reason.ADDRESS_REFUSED, now)
    reminding.plan_client(sam, ahead.starts_at)
    assert fates(ahead)["day_before", 1] == ("failed", "address refused")


def test_another_clients_reminders_stay_as_they_are(ahead, jo, now):
    jos = factories.session(jo, 2 * DAY)
    before = waiting(jos)
    scheduling.cancel(ahead, now)
    assert waiting(jos) == before


def test_an_invitation_by_mail_is_due_at_once_and_ends_with_it(sam, now):
    invitation = inviting.invite(sam, now, by_mail=True)
    reminder = invitation.reminders.get()
    assert (reminder.due_at, reminder.not_after) == (now, invitation.expires_at)


def test_r8_planning_an_invitation_twice_makes_one_mail(sam, now):
    invitation = inviting.invite(sam, now, by_mail=True)
    reminding.plan_invitation(invitation, now)
    assert Delivery.objects.filter(reminder__invitation=invitation).count() == 1


def test_a_new_code_is_a_new_occasion(sam, now):
    inviting.mail_code(sam.email, now)
    inviting.mail_code(sam.email, now)
    assert Delivery.objects.filter(reminder__invitation__kind="code").count() == 2


def test_r28_planning_many_sessions_takes_no_more_queries(sam, now, django_assert_max_num_queries):
    one = [factories.session(sam, 2 * DAY)]
    many = [factories.session(sam, n * DAY) for n in range(3, 13)]
    Reminder.objects.all().delete()
    with django_assert_max_num_queries(12):
        reminding.plan_all(many, now)
    Reminder.objects.filter(session__in=one).delete()
    with django_assert_max_num_queries(12):
        reminding.plan_all(one, now)
    assert len(waiting(many[-1])) == 3


def zone_queries(client, zone, now):
    """Return how many queries it takes to plan a client anew in another zone."""
    client.time_zone = zone
    client.save()
    with CaptureQueriesContext(connection) as captured:
        reminding.plan_client(client, now)
    return len(captured)


def test_r28_a_new_zone_takes_no_more_queries_for_many_sessions(sam, now):
    factories.session(sam, 3 * DAY)
    few = zone_queries(sam, "America/New_York", now)
    for number in range(4, 16):
        factories.session(sam, number * DAY)
    assert zone_queries(sam, "America/Los_Angeles", now) == few


def test_r28_a_zone_that_drops_and_one_that_brings_back_take_no_more_queries_for_many_sessions(sam, now):
    def grow(many):
        for number in range(many):
            factories.session(sam, timedelta(hours=22, minutes=number))

    def there_and_back():
        return [zone_queries(sam, zone, now) for zone in ("Europe/London", "America/Los_Angeles")]

    grow(1)
    few = there_and_back()
    grow(10)
    assert there_and_back() == few


def test_r11_many_evenings_each_move_to_their_own(sam, now):
    sessions = [factories.session(sam, number * DAY) for number in range(3, 6)]
    live_in(sam, "America/New_York", now)
    assert [waiting(session)["day_before"] for session in sessions] == [
        datetime(2026, 11, day, 18, 0, tzinfo=ZoneInfo("America/New_York")) for day in (28, 29, 30)
    ]


def test_times_given_in_another_zone_are_the_same_times(sam, now):
    tokyo = factories.session(sam, 3 * DAY, now=now.astimezone(ZoneInfo("Asia/Tokyo")))
    assert waiting(tokyo)["just_before"] == datetime(2026, 11, 29, 19, 8, tzinfo=UTC)
    assert Session.objects.get().starts_at.utcoffset() == timedelta(0)
