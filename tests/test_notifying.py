"""Reminders by notification: what a phone gets and when, and the mail that stands behind (R3, R9, R10, R15)."""

import json
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checklist import arriving, erasing, reminding, scheduling, subscribing
from checklist.channels import NotDelivered
from checklist.channels.notifying import PushChannel
from checklist.channels.push import Pusher
from checklist.dispatching import send_due
from checklist.models import Client, Delivery, Erasure, Handover, Practice, Subscription
from checklist.models.reasons import Reason
from checklist.models.subscriptions import SubscriptionQuerySet
from tests import factories
from tests.looking import DAY, HOUR, MINUTE, look
from tests.pushes import Says
from tests.subscribed import takes_notifications

pytest_plugins = ["tests.phones"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exactly")]
SECOND = timedelta(seconds=1)


def at(kind, channel):
    """Return when the delivery of that kind on that channel is due."""
    return Delivery.objects.get(reminder__kind=kind, channel=channel).due_at


def fate(channel, kind="day_before"):
    return Delivery.objects.values_list("state", "reason").get(reminder__kind=kind, channel=channel)


@pytest.fixture
def ahead(subscribed, sam, now):
    """Sam's session in three days; a phone of Sam's takes notifications."""
    return factories.session(sam, 3 * DAY)


@pytest.fixture
def evening(ahead):
    return at("day_before", "push")


# What a phone gets


def test_a_phone_is_told_when_it_is_time_and_not_before(evening, told):
    assert told(evening - SECOND) == []
    assert len(told(evening)) == 1


def test_r3_it_says_when_and_nothing_else(evening, told, ahead):
    [message] = told(evening)
    notification = message.payload["notification"]
    assert (notification["title"], notification["body"]) == ("Reminder", "Tomorrow at 11:18 am")
    assert notification["navigate"].endswith(f"/sessions/{ahead.id}/")
    assert "Sam" not in json.dumps(message.payload)
    assert "Dana" not in json.dumps(message.payload)


def test_it_is_shown_without_a_script_of_ours_by_a_browser_that_can(evening, told):
    [message] = told(evening)
    assert message.payload["web_push"] == 8030


def test_two_notifications_about_a_session_take_the_same_place(ahead, told):
    messages = told(at("day_before", "push")) + told(at("hours_before", "push"))
    assert len({message.payload["notification"]["tag"] for message in messages}) == 1


def test_r10_no_service_keeps_it_beyond_the_start(ahead, told):
    due = at("hours_before", "push")
    [message] = told(due)
    assert int(message.headers["ttl"]) == 2 * 3600


def test_only_the_last_one_is_urgent(ahead, told):
    urgencies = [told(at(kind, "push"))[0].headers["urgency"] for kind in ("hours_before", "just_before")]
    assert urgencies == ["normal", "high"]


def test_every_phone_of_a_client_is_told(evening, told, sam, service, now):
    takes_notifications(sam, service, now, "another")
    assert len({message.endpoint for message in told(evening)}) == 2


def test_no_more_than_five_phones_are_told(evening, told, sam, service, now):
    for number in range(7):
        takes_notifications(sam, service, now + number * SECOND, f"phone-{number}")
    assert len(told(evening)) == 5


def test_a_phone_that_was_shut_out_is_told_nothing(evening, told, subscribed, now):
    subscribed.device.revoked_at = now
    subscribed.device.save()
    assert told(evening) == []
    assert fate("push") == ("dropped", "no phone")


def test_another_clients_phone_is_told_nothing(evening, told, jo, service, now):
    takes_notifications(jo, service, now, "jos")
    assert len(told(evening)) == 1


@pytest.mark.django_db(transaction=True)
def test_who_is_erased_while_a_batch_is_read_keeps_nobody_elses_notification(
    evening, told, sam, jo, service, now, monkeypatch
):
    takes_notifications(jo, service, now, "jos")
    factories.session(jo, 3 * DAY)
    Delivery.objects.filter(channel="push").update(due_at=evening)
    by_client, going = SubscriptionQuerySet.by_client, [jo]

    def erased_meanwhile(rows, clients):
        phones = by_client(rows, clients)
        while going:
            erasing.erase(going.pop(), Erasure.By.CLIENT, now)
        return phones

    monkeypatch.setattr(SubscriptionQuerySet, "by_client", erased_meanwhile)
    assert {message.endpoint for message in told(evening)} == {
        Subscription.objects.get(device__client=sam).endpoint
    }
    assert not Handover.objects.exclude(delivery__reminder__client=sam).exists()


# What may be answered on it


def test_r3_two_answers_are_offered_in_words_that_say_nothing(evening, told, ahead, settings):
    [message] = told(evening)
    page = f"{settings.BASE_URL}/sessions/{ahead.id}/"
    assert message.payload["notification"]["actions"] == [
        {"action": "confirm", "title": "I'll be there", "navigate": f"{page}?answer=confirm"},
        {"action": "move", "title": "Another time", "navigate": f"{page}?answer=move"},
    ]


def test_a_notification_about_two_sessions_offers_no_answer_for_one_tap_never_answers_for_two(
    subscribed, sam, told, now
):
    factories.session(sam, 3 * DAY)
    factories.session(sam, 3 * DAY + 30 * MINUTE)
    due = Delivery.objects.filter(channel="push").earliest("due_at").due_at
    [message] = told(due)
    assert message.payload["notification"]["actions"] == []


# The mail behind it


def test_r15_the_mail_waits_ten_minutes_for_the_phones_word(evening, told):
    told(evening)
    assert look(evening + 10 * MINUTE - SECOND).kinds == []
    assert look(evening + 10 * MINUTE).kinds == ["day_before"]


def test_r15_near_the_start_it_waits_half_the_time_that_is_left(ahead, told):
    due = at("just_before", "push")
    told(due)
    assert at("just_before", "email") == due + 5 * MINUTE


def test_r15_the_mail_goes_once(evening, told):
    told(evening)
    later = evening + 10 * MINUTE
    assert look(later).kinds == ["day_before"]
    assert look(later + HOUR).kinds == []


def test_r15_what_arrived_needs_no_mail(evening, told):
    [message] = told(evening)
    data = message.payload["notification"]["data"]
    assert arriving.arrived(data["handover"], data["token"], evening + SECOND)
    assert look(evening + 10 * MINUTE).kinds == []
    assert fate("email") == ("dropped", "arrived")


def test_r15_a_phone_that_says_it_between_claim_and_sending_is_heard(evening, told):
    told(evening)
    Handover.objects.update(arrived_at=evening)
    assert look(evening + 10 * MINUTE).kinds == []
    assert fate("email") == ("dropped", "arrived")


def test_r15_a_wrong_token_calls_nothing_off(evening, told):
    [message] = told(evening)
    assert not arriving.arrived(message.payload["notification"]["data"]["handover"], "x", evening)
    assert look(evening + 10 * MINUTE).kinds == ["day_before"]


def test_the_token_of_one_notification_is_not_that_of_another(ahead, told):
    tokens = {
        told(at(kind, "push"))[0].payload["notification"]["data"]["token"]
        for kind in ("day_before", "hours_before")
    }
    assert len(tokens) == 2


def test_the_first_word_counts(evening, told):
    [message] = told(evening)
    data = message.payload["notification"]["data"]
    for minutes, opened in ((1, False), (2, True), (3, True)):
        arriving.arrived(data["handover"], data["token"], evening + minutes * MINUTE, opened)
    handover = Handover.objects.get()
    assert (handover.arrived_at, handover.opened_at) == (evening + MINUTE, evening + 2 * MINUTE)


def test_a_push_that_comes_late_gives_its_mail_the_same_patience(evening, told):
    told(evening + 8 * MINUTE)
    assert at("day_before", "email") == evening + 18 * MINUTE


def test_r9_what_went_by_mail_is_not_pushed_afterwards(evening, told):
    assert look(evening + 10 * MINUTE).kinds == ["day_before"]
    assert told(evening + 11 * MINUTE) == []
    assert fate("push") == ("dropped", "by mail")


def test_a_client_without_an_address_is_told_all_the_same(evening, told):
    Client.objects.update(email="")
    assert len(told(evening)) == 1
    assert look(evening + 10 * MINUTE).kinds == []
    assert fate("email") == ("dropped", "no address")


# What a service may answer


def answer(service, *says):
    service.answers[Subscription.objects.get().endpoint] = list(says)


@pytest.mark.parametrize("status", [404, 410])
def test_r15_a_phone_that_is_gone_is_forgotten_and_the_mail_goes_at_once(evening, told, service, status):
    answer(service, Says(status))
    told(evening)
    assert fate("push") == ("failed", "push gone")
    assert Subscription.objects.get().gone_at == evening
    assert look(evening).kinds == ["day_before"]


def test_a_phone_that_is_gone_is_not_asked_again(ahead, told, service):
    answer(service, Says(410))
    told(at("day_before", "push"))
    asked = service.requests
    told(at("hours_before", "push"))
    assert service.requests == asked
    assert fate("push", "hours_before") == ("dropped", "no phone")


@pytest.mark.parametrize("status", [400, 401, 403, 413, 307])
def test_r15_what_is_refused_for_good_goes_by_mail_at_once(evening, told, service, status):
    answer(service, Says(status, headers={"Location": "https://127.0.0.1/"}))
    told(evening)
    assert fate("push")[0] == "failed"
    assert Subscription.objects.get().gone_at is None
    assert look(evening).kinds == ["day_before"]


@pytest.mark.parametrize(
    ("says", "minutes"),
    [(Says(500), 1), (Says(503, {"Retry-After": "300"}), 5), (Says(429, {"Retry-After": "120"}), 2)],
)
def test_what_is_put_off_is_tried_again_when_the_service_wants_it(evening, told, service, says, minutes):
    answer(service, says)
    assert told(evening) == []
    assert told(evening + minutes * MINUTE - SECOND) == []
    assert len(told(evening + minutes * MINUTE)) == 1


def test_r15_a_service_that_asks_for_longer_than_there_is_leaves_it_to_the_mail(ahead, told, service):
    answer(service, Says(429, {"Retry-After": "3600"}))
    due = at("just_before", "push")
    told(due)
    assert fate("push", "just_before") == ("failed", "push put off")
    assert look(due).kinds == ["just_before"]


def test_r9_the_phone_that_has_it_is_not_told_again_for_the_sake_of_another(evening, told, sam, service, now):
    other = takes_notifications(sam, service, now + SECOND, "another")
    service.answers[other.endpoint] = [Says(500)]
    assert len(told(evening)) == 1
    assert fate("push") == ("sent", "")
    assert told(evening + MINUTE) == []


def test_a_plan_that_was_made_anew_after_a_try_is_carried_out(ahead, told, service, sam):
    answer(service, Says(500))
    evening = at("day_before", "push")
    told(evening)
    sam.evening = time(20, 0)
    sam.save()
    reminding.plan_client(sam, evening + MINUTE)
    assert len(told(evening + 2 * HOUR)) == 1


def test_one_phone_that_is_gone_keeps_no_other_from_being_told(evening, told, sam, service, now):
    other = takes_notifications(sam, service, now + SECOND, "another")
    service.answers[other.endpoint] = [Says(410)]
    assert len(told(evening)) == 1
    assert Subscription.objects.live().count() == 1


def test_no_keys_no_notifications_but_mail(evening, told, settings, tmp_path):
    settings.PUSH_KEY_FILE = tmp_path / "none.pem"
    assert told(evening) == []
    assert fate("push") == ("planned", "push key")
    assert look(evening + 10 * MINUTE).kinds == ["day_before"]


# What speaks against it


def test_r10_nothing_for_a_session_that_was_cancelled(ahead, evening, told, now):
    scheduling.cancel(ahead, now)
    assert told(evening) == []


def test_r10_a_session_that_was_moved_is_told_at_its_new_time_only(ahead, evening, told, now):
    scheduling.change(ahead, now, ahead.starts_at + DAY, 50)
    assert told(evening) == []
    assert len(told(evening + DAY)) == 1


def test_r10_nothing_once_it_has_begun(ahead, told):
    assert told(ahead.starts_at) == []
    left = Delivery.objects.filter(channel="push", state__in=["planned", "sent"])
    assert not left.exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"unwanted": ["day_before push"]}, Reason.UNWANTED),
        ({"paused_until": "2027-01-01"}, Reason.PAUSED),
        ({"archived_at": factories.NOW}, Reason.ARCHIVED),
    ],
)
def test_r9_what_the_client_decided_meanwhile_counts(evening, told, fields, reason):
    Client.objects.update(**fields)
    assert told(evening) == []
    assert fate("push") == ("dropped", reason)


def test_a_suspended_practice_sends_nothing(evening, told, now):
    Practice.objects.update(suspended_at=now)
    assert told(evening) == []
    assert look(evening + 10 * MINUTE).kinds == []


def test_a_practice_may_leave_a_kind_out(evening, told):
    Practice.objects.update(kinds=["hours_before", "just_before"])
    assert told(evening) == []


def test_a_kind_that_is_wanted_by_mail_only_comes_at_its_time(sam, ahead, evening, told, now):
    sam.unwanted = ["day_before push"]
    sam.save()
    reminding.plan_client(sam, now)
    assert told(evening) == []
    assert look(evening).kinds == ["day_before"]


def test_who_takes_no_notifications_any_more_gets_mail_at_its_time(subscribed, ahead, evening, told, now):
    subscribing.unsubscribe([subscribed.device], now)
    assert at("day_before", "email") == evening
    assert told(evening) == []


# Many at once


def test_r28_the_phones_of_many_are_found_in_as_many_queries_as_those_of_one(sam, jo, service, now, keys):
    for number, client in enumerate((sam, jo, sam)):
        takes_notifications(client, service, now, f"phone {number}")
        factories.session(client, 3 * DAY + number * 2 * HOUR)
    rows = list(Delivery.objects.filter(channel="push").select_related("reminder"))
    counts = []
    for some in (rows[:1], rows[1:]):
        with CaptureQueriesContext(connection) as captured:
            found = Handover.objects.to_phones(some)
        counts.append(len(captured))
    assert counts == [3, 3] and set(found) == {row.pk for row in rows[1:]}


def test_phones_that_were_found_before_keep_their_handover(sam, subscribed, ahead):
    [row] = Delivery.objects.filter(channel="push", reminder__kind="day_before").select_related("reminder")
    [[first], [second]] = [Handover.objects.to_phones([row])[row.pk] for _look in range(2)]
    assert first.pk == second.pk and second.subscription == subscribed


def test_asked_to_end_it_asks_no_more_phones(evening, service, keys, subscribed):
    channel = PushChannel(lambda: Pusher(service.poster()))
    channel.abandon()
    send_due(lambda: evening, {"push": channel})
    assert service.messages == [] and fate("push") == ("planned", Reason.PUSH_NOT_REACHED)


@pytest.mark.parametrize(("others", "asked"), [(0, 3), (1, 4)])
def test_a_service_that_does_not_answer_is_asked_three_times_a_look(
    sam, jo, service, now, keys, others, asked
):
    """Ten seconds for each of its phones would keep those of other services waiting."""
    tried = []

    class Deaf(Pusher):
        def hand_over(self, phone, *_args, **_how):
            tried.append(phone.endpoint)
            if "mozilla" not in phone.endpoint:
                raise NotDelivered(Reason.PUSH_NOT_REACHED)

    for number in range(6):
        takes_notifications(sam, service, now, f"phone {number}")
    for _other in range(others):
        takes_notifications(jo, service, now, "another", host="updates.push.services.mozilla.com")
    for client in (sam, jo):
        factories.session(client, 3 * DAY)
    evening = max(
        Delivery.objects.filter(channel="push", reminder__kind="day_before").values_list("due_at", flat=True)
    )
    channel = PushChannel(Deaf)
    send_due(lambda: evening, {"push": channel})
    assert len(tried) == asked
    channel.close()
    assert not channel.unheard


# Quiet hours that are set later


def hush(client, now, begin, end=time(7, 0)):
    """Let quiet hours last from `begin` to `end` from now on."""
    Client.objects.filter(pk=client.pk).update(quiet_from=begin, quiet_to=end)
    client.refresh_from_db()
    reminding.plan_client(client, now)


def test_r12_quiet_hours_set_later_move_the_push_when_only_its_mail_would_be_quiet(evening, sam, now):
    hush(sam, now, time(18, 5))
    assert (at("day_before", "push"), at("day_before", "email")) == (
        evening - 6 * MINUTE,
        evening + 4 * MINUTE,
    )


def test_r12_quiet_hours_set_while_a_mail_waits_behind_its_push_hold_it_and_drop_nothing(evening, told, sam):
    told(evening)
    hush(sam, evening + MINUTE, time(18, 5))
    assert fate("email") == ("planned", "")
    assert look(evening + 10 * MINUTE).kinds == []
    assert look(at("day_before", "email")).kinds == ["day_before"]
