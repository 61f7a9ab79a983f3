"""Sessions of one client within the same hour are spoken of in one message (R8)."""

from datetime import timedelta

import pytest

from checklist import merging, scheduling, ticking
from checklist.channels import NotDelivered
from checklist.channels.letters import compose
from checklist.models import Delivery, Reminder
from checklist.models.reasons import Reason
from tests import factories
from tests.looking import DAY, HOUR, MINUTE, look
from tests.mailbox import Notepad

pytest_plugins = ["tests.waiting"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exactly")]
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def kinds(dana):
    """The kinds that Dana's practice allows here: the evening before has a test of its own."""
    dana.practice.kinds = ["hours_before", "just_before"]
    dana.practice.save()


@pytest.fixture
def first(sam, now):
    """Sam's session at 11:18 am in three days."""
    return factories.session(sam, 3 * DAY)


@pytest.fixture
def second(sam, now, first):
    """Another one, forty minutes later."""
    return factories.session(sam, 3 * DAY + 40 * MINUTE)


def due(session, kind="hours_before"):
    return Delivery.objects.get(reminder__session=session, reminder__kind=kind).due_at


def fate(session, kind="hours_before"):
    return Delivery.objects.values_list("state", "reason").get(reminder__session=session, reminder__kind=kind)


def make_ready(session, now):
    for line in session.readiness.lines:
        ticking.tick(session, line.item.key, "done", None, now)


class Letters(Notepad):
    """Notes the subjects."""

    def write(self, delivery, now):
        self.subjects = [*getattr(self, "subjects", []), compose(delivery.reminder, now).subject]
        return super().write(delivery, now)


def test_r8_two_sessions_of_an_hour_are_one_message(first, second):
    assert len(look(due(first)).sent) == 1
    assert look(due(second)).sent == []
    assert fate(second) == ("dropped", Reason.MERGED)


def test_it_speaks_of_both(first, second):
    assert look(due(first), Letters()).subjects == ["Reminder: today at 11:18 am and 11:58 am"]


def test_both_of_the_evening_before_are_due_at_once_and_one_message(sam, now):
    sam.practice.kinds = ["day_before"]
    sam.practice.save()
    first, second = (factories.session(sam, 3 * DAY + minutes * MINUTE) for minutes in (0, 40))
    evening = due(first, "day_before")
    assert len(look(evening).sent + look(evening + 6 * SECOND).sent) == 1
    assert fate(first, "day_before") == ("sent", "")
    assert fate(second, "day_before") == ("dropped", Reason.MERGED)


def test_sessions_an_hour_apart_have_a_message_each(first, sam, now):
    other = factories.session(sam, 3 * DAY + HOUR)
    assert len(look(due(first)).sent) == len(look(due(other)).sent) == 1


def test_sessions_of_two_clients_have_a_message_each(first, jo, now):
    other = factories.session(jo, 3 * DAY + 40 * MINUTE)
    assert len(look(due(first)).sent) == len(look(due(other)).sent) == 1


def test_one_that_was_booked_after_the_message_has_one_of_its_own(first, sam, now):
    look(due(first))
    booked = due(first) + MINUTE
    other = factories.session(sam, first.starts_at + 40 * MINUTE - booked, booked)
    assert len(look(due(other)).sent) == 1


def test_one_that_was_cancelled_leaves_the_other_its_message(first, second, now):
    scheduling.cancel(first, now)
    assert look(due(second), Letters()).subjects == ["Reminder: today at 11:58 am"]


def test_one_that_was_cancelled_after_the_message_does_not_silence_the_other(first, second, now):
    look(due(first))
    scheduling.cancel(first, due(first) + MINUTE)
    assert len(look(due(second)).sent) == 1


def test_r10_one_that_is_ready_is_not_named_by_what_asks_to_get_ready(first, second, now):
    make_ready(second, now)
    assert look(due(first), Letters()).subjects == ["Reminder: today at 11:18 am"]


def test_r10_when_the_first_is_ready_the_other_still_gets_its_message(first, second, now):
    make_ready(first, now)
    assert look(due(first)).sent == []
    assert look(due(second), Letters()).subjects == ["Reminder: today at 11:58 am"]


def test_r10_the_start_notice_names_both_even_when_all_is_done(first, second, now):
    for session in (first, second):
        make_ready(session, now)
    assert look(due(first, "just_before"), Letters()).subjects == ["Reminder: today at 11:18 am and 11:58 am"]


def test_r15_when_the_first_can_not_be_delivered_the_other_goes(first, second):
    look(due(first), Notepad(trouble=[NotDelivered(Reason.MESSAGE_REFUSED, permanent=True)]))
    assert len(look(due(second)).sent) == 1


def test_while_the_first_waits_for_another_try_the_second_goes_and_then_speaks_for_both(first, second):
    look(due(second), Notepad(trouble=[NotDelivered(Reason.NOT_REACHED)]))
    assert look(due(second) + 6 * SECOND, Letters()).subjects == ["Reminder: today at 11:18 am and 11:58 am"]
    assert look(due(second) + MINUTE).sent == []
    assert (fate(first), fate(second)) == (("dropped", Reason.SUPERSEDED), ("sent", ""))


def test_two_at_the_same_time_name_it_once(first, sam, now):
    factories.session(sam, first.starts_at - now)
    assert look(due(first), Letters()).subjects == ["Reminder: today at 11:18 am"]


def test_three_within_an_hour_are_named_with_commas(first, second, sam, now):
    factories.session(sam, 3 * DAY + 50 * MINUTE)
    [subject] = look(due(first), Letters()).subjects
    assert subject == "Reminder: today at 11:18 am, 11:58 am and 12:08 pm"


def test_a_chain_of_sessions_is_cut_where_an_hour_ends(first, second, sam, now):
    third = factories.session(sam, 3 * DAY + 80 * MINUTE)
    assert [row.id for row in merging.hour_of(Reminder(session=second))] == [first.id, second.id]
    assert [row.id for row in merging.hour_of(Reminder(session=third))] == [third.id]


def test_only_where_another_session_is_close_a_look_at_it_costs_queries(first, second, jo, now):
    factories.session(jo, 3 * DAY)
    close = Delivery.objects.with_marks(now).values_list("reminder__client__nickname", "close")
    assert set(close) == {("Sam K.", True), ("Jo M.", False)}
