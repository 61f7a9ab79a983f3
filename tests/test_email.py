"""Mail over a real SMTP connection: what it says, its headers, and what each answer of the server means."""

import re
import smtplib
from datetime import datetime
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox

from checklist import inviting
from checklist.channels.letters import unsubscribe_url
from checklist.models import Client, Delivery
from tests import factories
from tests.looking import DAY, HOUR, MINUTE, due, fate, look

pytest_plugins = ["tests.waiting"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(post, channel):
    """Return the one mail that a look at an instant sends."""

    def send(at):
        look(at, channel)
        [mail] = post.mails
        return mail

    return send


def text(mail):
    return mail.get_body(("plain",)).get_content()


def html(mail):
    return mail.get_body(("html",)).get_content()


def code_in(mail):
    return re.search(r"^(\w{4}-\w{4})\s*$", text(mail), re.M)[1]


def there(day, hour, minute=0):
    """Return an instant in late November 2026 by Sam's clock in Los Angeles."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("America/Los_Angeles"))


# What it says, by the client's clock at the moment of sending


@pytest.mark.parametrize(
    ("at", "subject"),
    [
        (there(28, 18), "Reminder: tomorrow at 11:18 am"),
        (there(28, 23, 59), "Reminder: tomorrow at 11:18 am"),
        (there(29, 0), "Reminder: today at 11:18 am"),
        (there(29, 9, 18), "Reminder: today at 11:18 am"),
        (there(29, 11, 8), "Reminder: today at 11:18 am"),
    ],
)
def test_r3_the_subject_says_when_by_the_clients_clock_at_that_moment(ahead, sent, at, subject):
    assert sent(at)["Subject"] == subject


def test_a_reminder_more_than_a_day_ahead_names_the_day(sam, sent, now):
    session = factories.session(sam, 3 * DAY)
    Delivery.objects.filter(reminder__session=session, reminder__kind="day_before").update(due_at=now)
    assert sent(now)["Subject"] == "Reminder: Sunday 29 November at 11:18 am"


def test_the_body_names_the_full_day_and_whose_clock_it_is(evening, sent):
    assert "Sunday 29 November, Los Angeles time" in text(sent(evening))


def test_the_day_is_still_right_when_read_the_next_day(evening, sent):
    """Nothing in the body counts hours or minutes: those would be wrong as soon as it is read later."""
    assert not re.search(r"\bin \d+|\bminutes\b.*\bstart", text(sent(evening)))


@pytest.mark.parametrize("part", [text, html])
def test_both_parts_lead_to_the_session(ahead, evening, sent, settings, part):
    assert f"{settings.BASE_URL}/sessions/{ahead.id}/" in part(sent(evening))


def test_the_html_has_one_button_a_way_to_answer_and_a_way_out(evening, sent):
    page = html(sent(evening))
    assert re.findall(r"<a [^>]*>([^<]+)</a>", page) == ["Open my list", "Answer", "Switch them off"]
    assert page.count('class="button"') == 1


def test_r25_the_html_fetches_nothing(evening, sent):
    page = html(sent(evening))
    assert not re.search(r"<(img|link|script|iframe|svg|object|video|form)\b|@import|url\(|\bsrc=", page)


def test_the_html_says_its_language_and_takes_dark_mode(evening, sent):
    page = html(sent(evening))
    assert '<html lang="en" dir="ltr">' in page
    assert "prefers-color-scheme: dark" in page


def test_the_sender_is_the_configured_one(evening, sent, settings):
    assert sent(evening)["From"] == settings.DEFAULT_FROM_EMAIL


def test_r9_it_goes_to_the_address_of_this_moment(sam, evening, sent):
    Client.objects.filter(pk=sam.pk).update(email="new@example.org")
    assert sent(evening)["To"] == "new@example.org"


def test_an_invitation_carries_the_link(sam, sent, now, settings):
    invitation = inviting.invite(sam, now, by_mail=True)
    mail = sent(now)
    assert f"{settings.BASE_URL}/join/#{invitation.token()}" in text(mail)
    assert f'href="{settings.BASE_URL}/join/#{invitation.token()}"' in html(mail)


def test_the_link_in_the_mail_lets_in(sam, sent, now):
    inviting.invite(sam, now, by_mail=True)
    token = re.search(r"/join/#(\S+)", text(sent(now)))[1]
    assert inviting.by_token(token, now).client == sam


def test_an_invitation_says_until_when_it_works(sam, sent, now):
    inviting.invite(sam, now, by_mail=True)
    assert "Thursday 3 December at 11:18 am" in text(sent(now))


def test_the_code_in_the_mail_lets_in(sam, sent, now):
    inviting.mail_code(sam.email, now)
    code = code_in(sent(now))
    assert inviting.by_code(code, now).client == sam


@pytest.mark.parametrize(
    ("late", "words"), [(0, "for 10 minutes"), (4, "for 6 minutes"), (9, "for 1 minute.")]
)
def test_a_code_says_how_long_it_still_works(sam, sent, now, late, words):
    inviting.mail_code(sam.email, now)
    assert words in text(sent(now + late * MINUTE))


def test_a_code_does_not_show_on_a_lock_screen(sam, sent, now):
    """Neither the subject nor the first words of the mail give it away."""
    inviting.mail_code(sam.email, now)
    mail = sent(now)
    code = code_in(mail)
    preheader = re.search(r'<div style="display:none.*?>(.*?)</div>', html(mail))[1]
    assert code not in mail["Subject"] + preheader


# Headers


def test_r9_the_message_id_is_the_deliverys(evening, sent, settings):
    settings.BASE_URL = "https://settle.example"
    delivery = Delivery.objects.get(reminder__kind="day_before")
    assert sent(evening)["Message-ID"] == f"<{delivery.id}@settle.example>"


def test_r14_a_reminder_carries_one_click_unsubscribe(sam, evening, sent):
    mail = sent(evening)
    assert mail["List-Unsubscribe"].strip() == f"<{unsubscribe_url(sam)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_r14_what_was_asked_for_has_nothing_to_unsubscribe_from(sam, sent, now):
    inviting.mail_code(sam.email, now)
    mail = sent(now)
    assert mail["List-Unsubscribe"] is None
    assert "unsubscribe" not in text(mail) + html(mail)


def test_it_says_that_a_machine_wrote_it(evening, sent):
    assert sent(evening)["Auto-Submitted"] == "auto-generated"


# What the server answers (R9, R15)


@pytest.fixture
def two(sam, jo, now):
    """A session for Sam and one for Jo at the same time; both get their reminder ten minutes before."""
    for client in (sam, jo):
        factories.session(client, HOUR)
    return now + HOUR - 10 * MINUTE


def fates():
    rows = Delivery.objects.select_related("reminder__client")
    return {row.reminder.client.email: (row.state, row.reason) for row in rows}


@pytest.mark.parametrize(
    ("answer", "fate_of_sam"),
    [
        ("550 no such user", ("failed", "address refused")),
        ("451 try later", ("planned", "address refused")),
        ("554 5.7.1 relay access denied", ("planned", "address refused")),
        ("530 sign in first", ("planned", "address refused")),
        ("data 554 spam", ("failed", "message refused")),
        ("data 452 full", ("planned", "message refused")),
        ("drop", ("planned", "not reached")),
        ("421 closing", ("planned", "address refused")),
    ],
)
def test_r15_one_that_is_refused_does_not_hold_up_the_rest(two, post, channel, answer, fate_of_sam):
    post.answers["sam@example.org"] = [answer]
    look(two, channel)
    assert fates() == {"sam@example.org": fate_of_sam, "jo@example.org": ("sent", "")}


def test_r14_two_who_get_the_same_words_get_addresses_of_their_own(two, sam, jo, post, channel):
    """The words are kept for a minute; whose list, whose answer and whose way out they are must not be."""
    look(two, channel)
    for client, mail in zip(
        (sam, jo), sorted(post.mails, key=lambda mail: mail["To"], reverse=True), strict=True
    ):
        own, out = f"/sessions/{client.sessions.get().id}/", unsubscribe_url(client)
        for part in (text(mail), html(mail)):
            assert own in part and out in part and "%" not in part
            assert len(set(re.findall(r"/sessions/[0-9a-f-]{36}/", part))) == 1
    answers = [re.search(r"/answer/#\S+", text(mail))[0] for mail in post.mails]
    assert len(set(answers)) == 2


def test_r9_a_server_that_hangs_on_one_does_not_hold_up_the_rest(two, post, channel, settings):
    settings.EMAIL_TIMEOUT = 0.5
    post.answers["sam@example.org"] = ["hang"]
    look(two, channel)
    assert fates() == {"sam@example.org": ("planned", "not reached"), "jo@example.org": ("sent", "")}


@pytest.mark.parametrize("answer", ["451 later", "data 451 later", "drop"])
def test_r9_what_the_server_put_off_arrives_once(exactly, evening, post, channel, answer):
    post.answers["sam@example.org"] = [answer]
    look(evening, channel)
    look(evening + MINUTE, channel)
    assert len(post.mails) == 1
    assert fate() == ("sent", "")


def test_r9_a_repeat_has_the_same_message_id(evening, post, channel):
    look(evening, channel)
    Delivery.objects.update(state="planned", finished_at=None)
    look(evening, channel)
    assert list(post.ids().values()) == [2]


def test_r9_nobody_listening_leaves_everything_planned(evening, post, channel):
    post.stop()
    look(evening, channel)
    assert fate() == ("planned", "")


def test_r9_a_server_that_lets_nobody_in_leaves_everything_planned(evening, post, channel, settings):
    """A wrong password is the operator's to mend: no reminder may be lost by it."""
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "settle", "wrong"
    look(evening, channel)
    assert fate() == ("planned", "")


def test_r9_a_sender_address_that_is_refused_fails_nobody_for_good(evening, post, channel, monkeypatch):
    async def refuse(server, session, envelope, address, options):
        return "553 not yours"

    monkeypatch.setattr(post, "handle_MAIL", refuse, raising=False)
    look(evening, channel)
    assert fate() == ("planned", "not reached")


@pytest.mark.parametrize(
    "address", ["no-at-sign", "sam@example.org\nBcc: eve@example.org", "sam@", "ü" * 80 + "@x.y"]
)
def test_r29_an_address_that_can_not_be_one_holds_nobody_up(two, sam, post, channel, address):
    Client.objects.filter(pk=sam.pk).update(email=address)
    look(two, channel)
    assert [mail["To"] for mail in post.mails if "jo@" in mail["To"]] == ["jo@example.org"]


def test_an_address_with_a_line_break_reaches_nobody_else(two, sam, post, channel):
    Client.objects.filter(pk=sam.pk).update(email="sam@example.org\nBcc: eve@example.org")
    look(two, channel)
    assert not any("eve" in str(mail) for mail in post.mails)


def test_many_mails_share_a_connection(dana, post, channel, now):
    for client in factories.crowd(dana, 5):
        factories.session(client, HOUR)
    before = post.connections
    look(now + 55 * MINUTE, channel)
    assert (len(post.mails), post.connections - before) == (5, 1)


def test_a_connection_that_the_server_closed_in_between_is_opened_anew(two, post, channel):
    channel.open()
    channel.connection.connection.sock.close()
    look(two, channel)
    look(two + MINUTE, channel)
    assert len(post.mails) == 2


def test_closing_never_raises(post, channel, monkeypatch):
    channel.open()
    monkeypatch.setattr(channel.connection, "close", Mock(side_effect=smtplib.SMTPServerDisconnected))
    channel.connection.connection.close()
    channel.close()
    assert channel.connection is None


def test_every_kind_leaves_through_djangos_own_backends(ahead, channel, settings):
    """Locally mail lands in files; in other tests in memory."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for kind in ("day_before", "hours_before", "just_before"):
        look(due(kind), channel)
    assert len(outbox.outbox) == 3


def test_r11_each_arrives_once_and_on_time_over_smtp(ahead, post, channel):
    """Sam is in Los Angeles, Dana in New York: look around each time until it is over."""
    arrived = []
    times = [(28, 17), (28, 18), (29, 9), (29, 9, 18), (29, 11), (29, 11, 8), (30, 9)]
    for at in [there(*time) for time in times]:
        look(at, channel)
        arrived.append(len(post.mails))
    assert arrived == [0, 1, 1, 2, 2, 3, 3]
