"""What can't be delivered is tried again while of use, then shown, and never in others' way (R9, R15)."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from checklist import fates, settling
from checklist.channels import NotDelivered
from checklist.models import Client, Delivery, Reminder
from checklist.models.reasons import FAILURES, Reason, sentence
from tests import factories
from tests.looking import DAY, MINUTE, due, fate, look
from tests.mailbox import Notepad

pytest_plugins = ["tests.waiting"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exactly")]


def refused(reason=Reason.MESSAGE_REFUSED, permanent=False):
    return NotDelivered(reason, permanent=permanent)


def test_r15_what_is_refused_for_good_has_failed(evening):
    look(evening, Notepad(trouble=[refused(Reason.ADDRESS_REFUSED, permanent=True)]))
    assert fate() == ("failed", "address refused")


def test_r9_what_is_refused_for_now_is_tried_again(evening):
    look(evening, Notepad(trouble=[refused()]))
    assert look(evening + MINUTE).kinds == ["day_before"]


def test_what_is_refused_for_now_is_not_tried_at_once(evening):
    look(evening, Notepad(trouble=[refused()]))
    assert look(evening + 59 * timedelta(seconds=1)).sent == []


def test_the_pauses_between_tries_differ_so_that_not_all_come_back_at_once(exactly):
    exactly.undo()
    minutes = {fates.pause(2) / MINUTE for _try in range(200)}
    assert len(minutes) > 100
    assert 4 <= min(minutes) < max(minutes) <= 6


@pytest.mark.parametrize(("asked", "minutes"), [(None, 1), (0, 1), (30, 1), (600, 10)])
def test_a_pause_is_as_long_as_the_other_side_asks_for(exactly, asked, minutes):
    assert fates.pause(0, asked) == minutes * MINUTE


def test_the_pauses_between_tries_grow(evening):
    at, pauses = evening, []
    for _try in range(6):
        look(at, Notepad(trouble=[refused()]))
        pauses.append((due("day_before") - at) // MINUTE)
        at = due("day_before")
    assert pauses == [1, 2, 5, 10, 20, 20]


def test_r15_what_could_not_leave_before_the_start_has_failed(ahead):
    at = due("just_before")
    for _try in range(4):
        look(at, Notepad(trouble=[refused()]))
        at = due("just_before")
    assert fate("just_before") == ("failed", "message refused")


def test_r15_what_waited_for_a_try_until_it_was_too_late_keeps_its_reason(ahead, evening):
    Delivery.objects.exclude(reminder__kind="day_before").delete()
    look(evening, Notepad(trouble=[refused()]))
    look(ahead.starts_at)
    assert fate() == ("failed", "message refused")


@pytest.mark.parametrize("bug", [ValueError("sam@example.org"), KeyError("x"), refused(permanent=True)])
def test_r9_one_that_can_not_be_sent_does_not_stop_the_others(evening, jo, bug):
    factories.session(jo, 3 * DAY, time_zone="America/Los_Angeles")
    channel = look(evening, Notepad(trouble=[bug]))
    assert channel.kinds == ["day_before"]


def test_our_own_error_is_logged_without_what_it_quotes(evening, caplog, monkeypatch):
    monkeypatch.setattr(settling.log, "propagate", True)
    monkeypatch.setattr(settling.log.parent, "propagate", True)
    look(evening, Notepad(trouble=[ValueError("sam@example.org")]))
    assert "ValueError" in caplog.text
    assert "sam@" not in caplog.text


def test_r9_a_channel_that_is_down_leaves_everything_as_it_was(ahead, evening):
    before = list(Delivery.objects.order_by("id").values())
    look(evening, Notepad(down=True))
    assert list(Delivery.objects.order_by("id").values()) == before


def test_a_channel_that_is_down_is_tried_once_a_look(dana, evening):
    for client in factories.crowd(dana, 30):
        factories.session(client, 3 * DAY)
    assert look(evening, Notepad(down=True)).opened == 1


def test_r9_what_a_channel_left_goes_out_when_it_is_back(evening):
    look(evening, Notepad(down=True))
    assert look(evening + timedelta(seconds=2)).kinds == ["day_before"]


def test_a_channel_is_not_opened_when_nothing_is_due(ahead, now):
    assert look(now).opened == 0


@pytest.mark.parametrize("word", Reason.values)
def test_r15_every_reason_has_a_sentence(word):
    assert sentence(word).endswith(".")


@pytest.mark.parametrize("word", sorted(FAILURES))
def test_r15_every_failure_says_what_to_do(word):
    assert any(verb in sentence(word) for verb in ("Tell", "Put"))


def test_an_unknown_reason_has_no_sentence():
    assert sentence("") == sentence("from an older version") == ""


@pytest.mark.parametrize("word", Reason.values)
def test_a_reason_fits_its_column(word):
    assert len(word) <= Delivery._meta.get_field("reason").max_length


def explained(kind="day_before"):
    return Delivery.objects.get(reminder__kind=kind).explanation


def test_r15_a_planned_delivery_needs_no_words(ahead):
    assert explained() == ""


def test_r15_a_planned_delivery_says_when_nobody_would_get_it(ahead, sam):
    Client.objects.update(mail_reminders=False)
    assert explained() == sentence(Reason.UNSUBSCRIBED)


def test_r15_a_delivery_that_has_not_left_says_so_although_no_sender_runs(ahead, evening):
    Delivery.objects.filter(reminder__kind="day_before").update(due_at=timezone.now() - 6 * MINUTE)
    assert explained() == sentence(Reason.LATE)


def test_r15_a_delivery_on_its_second_try_says_what_is_in_the_way(evening):
    look(evening, Notepad(trouble=[refused(Reason.NOT_REACHED)]))
    Reminder.objects.filter(kind="day_before").update(due_at=timezone.now() - 6 * MINUTE)
    assert explained() == sentence(Reason.NOT_REACHED)


def test_r15_failed_and_late_ones_are_found_for_the_therapist(ahead, sam, evening):
    look(evening, Notepad(trouble=[refused(permanent=True)]))
    troubled = Delivery.objects.in_trouble(due("hours_before") + 6 * MINUTE)
    assert {row.reminder.kind for row in troubled} == {"day_before", "hours_before"}


def test_a_database_that_is_away_is_told_to_the_caller(evening):
    with pytest.raises(OperationalError):
        look(evening, Notepad(trouble=[OperationalError("away")]))
