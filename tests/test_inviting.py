"""Invitations and codes: only a person uses one up, each lets one in, none is stored in clear (R17, R18)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checklist import inviting
from checklist.device_cookie import DEVICE_COOKIE
from checklist.forms.joining import LostForm
from checklist.models import Client, Delivery, Device, Invitation, Limit, LostPhone, secret
from checklist.views.client import joining
from checklist.views.desk import clients as desk_clients
from tests import factories
from tests.conftest import phone
from tests.looking import fate, look

NOW = factories.NOW
MINUTE, DAY, MOMENT = timedelta(minutes=1), timedelta(days=1), timedelta(microseconds=1)


def join(token, browser=None, address="192.0.2.1", **fields):
    """Post a link's token as its page does."""
    return (browser or Browser()).post("/join/", {"token": token, **fields}, REMOTE_ADDR=address)


def type_code(code, browser=None, address="192.0.2.1", **fields):
    return (browser or Browser()).post("/join/code/", {"code": code, **fields}, REMOTE_ADDR=address)


def let_in(answer):
    """Return the clients whom the browser that got this answer may act for."""
    assert answer.status_code == 302, answer.content.decode()
    return {device.client for device in Device.objects.holding(answer.cookies[DEVICE_COOKIE].value)}


def refused(answer):
    return answer.status_code == 422 and DEVICE_COOKIE not in answer.cookies


def everything_stored():
    """Return all that is in the database, as one text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the names are the database's own
            rows += cursor.fetchall()
    return repr(rows)


# A link


def test_r17_a_persons_tap_lets_their_phone_in(sam, now):
    assert let_in(join(inviting.invite(sam, now).token())) == {sam}


def test_r17_looking_never_uses_an_invitation_up(sam, now):
    token = inviting.invite(sam, now).token()
    for browser in (Browser(), phone(sam, "one-more")):
        for address in (
            "/join/",
            f"/join/?token={token}",
            f"/join/{token}",
            f"/join/code/?code={token}",
            "/",
        ):
            browser.get(address)
            browser.head(address)
            browser.options(address)
    assert Invitation.objects.get().used_at is None
    assert let_in(join(token)) == {sam}


def test_r17_a_token_in_the_query_counts_for_nothing(sam, now):
    token = inviting.invite(sam, now).token()
    assert refused(Browser().post(f"/join/?token={token}"))


def test_r17_a_link_works_once(sam, now):
    token = inviting.invite(sam, now).token()
    join(token)
    assert refused(join(token))


def test_r17_a_link_is_good_for_seven_days(sam, now):
    token = inviting.invite(sam, now).token()
    with time_machine.travel(now + 7 * DAY - MOMENT, tick=False):
        assert let_in(join(token)) == {sam}


def test_r17_a_link_that_has_expired_lets_nobody_in(sam, now):
    token = inviting.invite(sam, now).token()
    with time_machine.travel(now + 7 * DAY, tick=False):
        assert refused(join(token))


def test_r17_a_revoked_link_lets_nobody_in(sam, now):
    invitation = inviting.invite(sam, now)
    invitation.revoke(now)
    assert refused(join(invitation.token()))


def test_r17_a_second_invitation_revokes_the_first(sam, now):
    first, second = inviting.invite(sam, now), inviting.invite(sam, now)
    assert refused(join(first.token()))
    assert let_in(join(second.token())) == {sam}


def test_r17_a_second_invitation_leaves_other_clients_alone(sam, ana, now):
    token = inviting.invite(ana, now).token()
    inviting.invite(sam, now)
    assert let_in(join(token)) == {ana}


def test_r17_the_link_of_an_archived_client_lets_nobody_in(sam, now):
    token = inviting.invite(sam, now).token()
    Client.objects.update(archived_at=now)
    assert refused(join(token))


def test_r17_a_mangled_token_lets_nobody_in(sam, now):
    token = inviting.invite(sam, now).token()
    mangled = [token.lower(), token.swapcase(), token[:-1], token + "A", token[::-1]]
    assert all(refused(join(spoilt)) for spoilt in mangled)


def test_r29_a_token_that_is_none_is_refused(sam, now):
    inviting.invite(sam, now)
    tokens = ["", " ", "\x00", "x\x00y", "x" * 101, "\u202e", "' OR 1=1 --", "\u00e9" * 43, "%00"]
    assert all(refused(join(token)) for token in tokens)


def test_r17_a_refused_link_says_what_to_do(db):
    assert "Ask for a new one" in join("nonsense").content.decode()


def test_r16_a_link_opens_its_own_client_and_nobody_else(sam, lee, now):
    assert let_in(join(inviting.invite(lee, now).token())) == {lee}


# Typed codes


def test_r18_a_typed_code_lets_a_phone_in(sam, now):
    assert let_in(type_code(inviting.make_code(sam, now).code())) == {sam}


def test_r18_a_code_may_be_typed_in_small_letters_with_spaces_or_without_dashes(sam, now):
    def typed(change):
        return let_in(type_code(change(inviting.make_code(sam, now).code())))

    assert typed(str.lower) == {sam}
    assert typed(lambda code: code.replace("-", "")) == {sam}
    assert typed(lambda code: f"  {code.replace('-', ' ')} ") == {sam}


def test_a_code_is_eight_letters_that_are_not_mistaken_for_each_other(sam, now):
    codes = "".join(inviting.make_code(sam, now).code() for _ in range(50)).replace("-", "")
    assert len(codes) == 400
    assert not set(codes) & set("01ILOU")


def test_r17_who_came_in_by_a_code_leaves_no_open_link_behind(sam, now):
    link = inviting.invite(sam, now)
    inviting.accept(inviting.make_code(sam, now), now, "Chrome")
    link.refresh_from_db()
    assert link.revoked_at == now


def test_r17_a_code_works_once(sam, now):
    code = inviting.make_code(sam, now).code()
    type_code(code)
    assert refused(type_code(code))


def test_r17_a_code_is_good_for_ten_minutes(sam, now):
    code = inviting.make_code(sam, now).code()
    with time_machine.travel(now + 10 * MINUTE, tick=False):
        assert refused(type_code(code))


def test_r17_a_new_code_revokes_the_one_before(sam, now):
    first = inviting.make_code(sam, now).code()
    inviting.make_code(sam, now)
    assert refused(type_code(first))


def test_r17_a_code_is_no_link_and_a_link_is_no_code(sam, now):
    link, code = inviting.invite(sam, now), inviting.make_code(sam, now)
    assert refused(join(code.code()))
    assert refused(join(code.token()))
    assert refused(type_code(link.code()))
    assert refused(type_code(link.token()[:20]))


def test_r29_a_code_that_is_none_is_refused_with_words(sam, now):
    inviting.make_code(sam, now)
    codes = ["", "\x00", "x" * 21, "\u0663" * 8, "\u202eABCD2345", "--------", "AAAA\nAAAA"]
    answers = [type_code(code) for code in codes]
    assert all(refused(answer) and 'role="alert"' in answer.content.decode() for answer in answers)


# A code from a link, for the app on the home screen


def elsewhere(invitation):
    """Ask for a code on the link's page and return it."""
    answer = join(invitation.token(), code="1")
    assert answer.status_code == 200
    return Invitation.objects.get(made_from=invitation, revoked_at=None).code()


def test_r18_a_link_gives_a_code_and_is_not_used_up_by_that(sam, now):
    invitation = inviting.invite(sam, now)
    assert let_in(type_code(elsewhere(invitation))) == {sam}


def test_r17_the_code_uses_up_the_link_that_it_was_made_from(sam, now):
    invitation = inviting.invite(sam, now)
    type_code(elsewhere(invitation))
    assert refused(join(invitation.token()))


def test_r17_the_link_uses_up_the_code_that_was_made_from_it(sam, now):
    invitation = inviting.invite(sam, now)
    code = elsewhere(invitation)
    assert let_in(join(invitation.token())) == {sam}
    assert refused(type_code(code))


def test_r17_revoking_a_link_revokes_the_code_that_was_made_from_it(sam, now):
    invitation = inviting.invite(sam, now)
    code = elsewhere(invitation)
    inviting.invite(sam, now)
    assert refused(type_code(code))


def test_r17_a_code_outlives_its_link_by_nothing(sam, now):
    invitation = inviting.invite(sam, now)
    with time_machine.travel(now + 7 * DAY - MINUTE, tick=False):
        code = elsewhere(invitation)
    assert Invitation.objects.get(made_from=invitation).expires_at == invitation.expires_at
    with time_machine.travel(now + 7 * DAY, tick=False):
        assert refused(type_code(code))


# A code by mail


def mailed():
    """Let the sender take what was asked for; return the codes that are on their way by mail, {client: code}."""
    inviting.mail_codes_asked_for()
    rows = Delivery.objects.waiting().filter(reminder__kind="invitation")
    return {row.reminder.client: row.reminder.invitation.code() for row in rows}


def ask(email, address="192.0.2.1"):
    return Browser().post("/join/lost/", {"email": email}, REMOTE_ADDR=address)


@pytest.fixture
def sam_at_the_harbour(sam, omar):
    """Sam is a client of Omar's too, under another name and with the same mailbox."""
    return factories.client(omar, "S.", sam.email.upper())


def test_a_code_by_mail_lets_in_all_of_one_therapist_who_use_that_mailbox(sam, dana, lee, now):
    twin = factories.client(dana, "S. again", sam.email.upper())
    ask("sam@example.org")
    codes = mailed()
    assert codes.keys() == {sam, twin}
    assert let_in(type_code(codes[sam])) == {sam, twin}


def test_r16_a_code_by_mail_lets_in_nobody_of_another_therapist_who_wrote_that_mailbox_down(
    sam, sam_at_the_harbour, now
):
    ask("sam@example.org")
    codes = mailed()
    assert codes.keys() == {sam, sam_at_the_harbour}
    assert let_in(type_code(codes[sam])) == {sam}


def test_a_code_read_out_lets_in_one_client_alone(sam, sam_at_the_harbour, now):
    assert let_in(type_code(inviting.make_code(sam, now).code())) == {sam}


def test_a_link_by_mail_lets_in_one_client_alone(sam, sam_at_the_harbour, now):
    assert let_in(join(inviting.invite(sam, now, by_mail=True).token())) == {sam}


def test_r18_who_asks_for_a_code_by_mail_makes_no_code_worthless_that_was_read_out(sam, now):
    spoken = inviting.make_code(sam, now)
    inviting.mail_code(sam.email, now)
    assert let_in(type_code(spoken.code())) == {sam}


def test_r18_a_second_code_by_mail_leaves_the_first_good_until_somebody_is_in(sam, now):
    for _ in range(2):
        inviting.mail_code(sam.email, now)
    first, second = Invitation.objects.filter(kind="code").open(now)
    assert let_in(type_code(first.code())) == {sam}
    assert refused(type_code(second.code()))


def test_r18_a_code_that_is_read_out_leaves_the_one_by_mail_alone(sam, now):
    inviting.mail_code(sam.email, now)
    code = mailed()[sam]
    inviting.make_code(sam, now)
    assert let_in(type_code(code)) == {sam}


def test_an_archived_client_gets_no_code_and_is_not_let_in_by_anothers(sam, sam_at_the_harbour, now):
    ask("sam@example.org")
    codes = mailed()
    Client.objects.filter(pk=sam_at_the_harbour.pk).update(archived_at=now)
    assert let_in(type_code(codes[sam])) == {sam}
    inviting.ask_for_code("sam@example.org", now)
    inviting.mail_codes_asked_for()
    assert sam_at_the_harbour not in {row.client for row in Invitation.objects.open(now)}


def test_the_answer_does_not_tell_whether_an_address_is_known(sam, now):
    known, unknown = ask("sam@example.org"), ask("nobody@example.org")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url) == (302, "/join/code/")
    assert known.cookies["messages"].value.split(":")[0] == unknown.cookies["messages"].value.split(":")[0]


def work(email, address):
    """Return what the database is asked to do when somebody asks for a code, without the numbers in it."""
    with CaptureQueriesContext(connection) as captured:
        ask(email, address)
    return [re.sub(r"\d+", "", query["sql"][:40]) for query in captured.captured_queries]


def test_r16_asking_is_the_same_work_for_a_known_address_and_an_unknown_one(sam, sam_at_the_harbour, now):
    known, unknown = work("sam@example.org", "192.0.2.1"), work("nobody@example.org", "192.0.2.2")
    assert known == unknown


def test_r9_a_code_that_is_asked_for_leaves_with_the_next_look_of_the_sender(sam, now):
    ask("sam@example.org")
    assert look(now).kinds == ["invitation"]


def test_r8_what_was_asked_for_once_leaves_once(sam, now):
    ask("sam@example.org")
    look(now)
    assert look(now).sent == []


def test_r15_a_code_that_a_stopped_sender_finds_too_late_has_failed(sam, now):
    ask("sam@example.org")
    assert look(now + 11 * MINUTE).sent == []
    assert fate("invitation") == ("failed", "too late")


def test_r16_an_address_that_was_asked_for_is_kept_no_longer_than_until_the_sender_has_seen_it(sam, now):
    for email in ("sam@example.org", "nobody@example.org"):
        ask(email)
    look(now)
    assert not LostPhone.objects.exists()


def test_r13_a_flood_of_askers_does_not_keep_the_sender_from_the_reminders(sam, now, monkeypatch):
    monkeypatch.setattr(inviting, "AT_ONCE", 2)
    for n in range(5):
        inviting.ask_for_code(f"nobody{n}@example.org", now)
    look(now)
    assert LostPhone.objects.count() == 3


def test_nobody_without_a_client_gets_a_code(db):
    ask("nobody@example.org")
    assert mailed() == {}
    assert not Invitation.objects.exists()


def test_one_code_in_five_minutes_goes_to_a_mailbox_however_it_is_written_and_whoever_asks(sam, now):
    asked = ["sam@example.org", "Sam@Example.org", "SAM@EXAMPLE.ORG", "sam@example.org"]
    for minute in range(30):
        with time_machine.travel(now + minute * MINUTE, tick=False):
            answers = [
                ask(email, address=f"192.0.2.{minute * 4 + n}").status_code for n, email in enumerate(asked)
            ]
            assert answers == [302] * 4
    assert LostPhone.objects.count() == 7


def test_r18_who_asks_for_somebody_elses_code_does_not_keep_them_from_having_one(sam, now):
    """The owner asks at any moment, right after a stranger did, and types what the mailbox has then."""
    for minute in range(12):
        with time_machine.travel(now + minute * MINUTE, tick=False):
            for n in range(3):
                ask("sam@example.org", address=f"198.51.100.{minute * 3 + n}")
            assert ask("Sam@example.org", address=f"203.0.113.{minute}").status_code == 302
            inviting.mail_codes_asked_for()
            good = Invitation.objects.filter(kind="code").open(now + (minute + 4) * MINUTE)
            assert good.exists()
    assert let_in(type_code(good.last().code())) == {sam}


def test_r16_over_the_limit_of_an_address_the_answer_is_the_same(sam, now):
    answers = [ask("sam@example.org", address=f"192.0.2.{n}") for n in range(2)]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    assert LostPhone.objects.count() == 1


def test_one_network_asks_for_six_codes_an_hour_and_then_waits(sam, now):
    assert [ask(f"sam{n}@example.org").status_code for n in range(7)] == [302] * 6 + [429]
    assert ask("sam@example.org", address="192.0.2.77").status_code == 302


def test_r16_a_new_address_makes_worthless_what_was_mailed_to_the_old_one(sam, lee, omar, now):
    """Else somebody could mail a code to themselves, then enter a stranger's and see all of theirs."""
    trap = factories.client(omar, "Trap", "omar@example.org")
    ask("omar@example.org")
    code = mailed()[trap]
    desk_clients.save(trap, {"nickname": "Trap", "email": "sam@example.org", "time_zone": "UTC"}, now)
    assert refused(type_code(code))


def test_a_link_that_went_to_a_wrong_address_is_worthless_once_it_is_put_right(sam, now):
    token = inviting.invite(sam, now, by_mail=True).token()
    desk_clients.save(sam, {"nickname": "Sam", "email": "right@example.org", "time_zone": "UTC"}, now)
    assert refused(join(token))


@pytest.mark.parametrize(
    "email", ["s\u0430m@example.org", "sam@\u0435xample.org", "sam@example.or\u0131", "\u017fam@example.org"]
)
def test_r16_an_address_that_only_looks_like_another_is_refused(email):
    assert LostForm({"email": email}).errors


# What is stored


def test_r17_no_token_and_no_code_is_stored_in_clear(sam, now):
    link, code = inviting.invite(sam, now), inviting.make_code(sam, now)
    spoken, answer = code.code(), join(link.token())
    cookie = answer.cookies[DEVICE_COOKIE].value
    stored = everything_stored()
    assert str(sam.id).replace("-", "") in stored.replace("-", "")
    for word in (link.token(), cookie, spoken, spoken.replace("-", ""), spoken.lower()):
        assert word not in stored


def test_r17_a_code_is_kept_under_a_hash_that_needs_the_servers_key(sam, now, settings):
    code = inviting.make_code(sam, now)
    settings.SECRET_KEY = "another"
    assert secret.code_digest(code.code()) != code.token_hash


def test_r17_the_cookie_is_out_of_reach_of_scripts_and_other_sites(sam, now, settings):
    settings.SECURE = True
    cookie = join(inviting.invite(sam, now).token()).cookies[DEVICE_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert cookie["max-age"] == 400 * 24 * 3600


def test_each_phone_gets_a_token_of_its_own(sam, now):
    cookies = {join(inviting.invite(sam, now).token()).cookies[DEVICE_COOKIE].value for _ in range(3)}
    assert len(cookies) == 3
    assert all(len(cookie) == 43 for cookie in cookies)


# Limits


def test_ten_tries_in_ten_minutes_and_then_a_pause(sam, now):
    statuses = [type_code("WRONG222").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert type_code("WRONG222").headers["Retry-After"] == "600"


def test_r18_links_leave_the_tries_for_a_typed_code_and_have_a_limit_of_their_own(sam, now, monkeypatch):
    monkeypatch.setattr(joining, "LINKS", 12)
    assert [join("wrong").status_code for _ in range(13)] == [422] * 12 + [429]
    assert type_code("WRONG222").status_code == 422


def test_a_try_over_the_limit_uses_nothing_up(sam, now):
    code = inviting.make_code(sam, now).code()
    for _ in range(10):
        type_code("WRONG222")
    assert type_code(code).status_code == 429
    assert let_in(type_code(code, address="192.0.2.77")) == {sam}


def test_r18_all_addresses_of_one_ipv6_network_share_one_limit(db):
    statuses = [type_code("WRONG222", address=f"2001:db8::{n:x}").status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]


def test_r18_another_ipv6_network_has_a_limit_of_its_own(db):
    for n in range(11):
        type_code("WRONG222", address=f"2001:db8::{n:x}")
    assert type_code("WRONG222", address="2001:db8:0:1::1").status_code == 422


@pytest.fixture
def everybody(monkeypatch):
    """Let wrong codes from everywhere together be at most three."""
    monkeypatch.setattr(joining, "EVERYBODY", 3)


def guess(times):
    return [type_code("WRONG222", address=f"198.51.100.{n}").status_code for n in range(times)]


def test_r18_wrong_codes_from_everywhere_have_a_limit_together(db, everybody):
    assert guess(4) == [422, 422, 422, 429]


def test_r18_a_code_is_not_even_looked_at_over_the_limit_of_everybody(sam, now, everybody):
    guess(4)
    assert type_code(inviting.make_code(sam, now).code()).status_code == 429


def test_r18_a_link_lets_in_however_many_wrong_codes_there_were(sam, now, everybody):
    guess(4)
    assert let_in(join(inviting.invite(sam, now).token())) == {sam}


def test_r18_only_wrong_codes_count_against_everybody(sam, now, everybody):
    for n in range(3):
        join("wrong", address=f"198.51.100.{n}")
        ask(f"nobody{n}@example.org", address=f"198.51.100.{n}")
        type_code("", address=f"198.51.100.{n}")
        let_in(type_code(inviting.make_code(sam, now).code(), address=f"198.51.100.{n}"))
    assert guess(3) == [422] * 3


def test_after_the_pause_one_may_try_again(sam, now):
    for _ in range(11):
        type_code("WRONG222")
    with time_machine.travel(now + 10 * MINUTE, tick=False):
        assert type_code("WRONG222").status_code == 422


def test_looking_is_no_try(sam, now):
    for _ in range(20):
        Browser().get("/join/code/", REMOTE_ADDR="192.0.2.1")
    assert type_code("WRONG222").status_code == 422


def test_who_tried_is_not_stored_in_clear(db):
    type_code("WRONG222", address="192.0.2.123")
    assert "192.0.2.123" not in everything_stored()


def test_old_counters_are_forgotten(db):
    for minute in (0, 30, 60):
        Limit.take("join", "somebody", 10, 600, now=NOW + minute * MINUTE)
    assert Limit.forget(NOW + 45 * MINUTE) == 2


# All at once, in threads with committed transactions


def at_once(work, times=50):
    """Return what `work(n)` returns in each of so many threads at once."""

    def one(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_r17_fifty_at_once_with_one_link_let_one_in(sam):
    token = inviting.invite(sam, timezone.now()).token()
    answers = at_once(lambda n: join(token, address=f"10.0.0.{n}"))
    assert sorted(answer.status_code for answer in answers) == [302] + [422] * 49
    assert sam.devices.count() == 1


@pytest.mark.django_db(transaction=True)
def test_r17_fifty_at_once_with_a_link_and_its_code_let_one_in(sam):
    link = inviting.invite(sam, NOW)
    code = inviting.make_code(sam, NOW, made_from=link)
    ways = (link.pk, code.pk)
    answers = at_once(lambda n: inviting.accept(Invitation.objects.get(pk=ways[n % 2]), NOW, "Chrome"))
    assert len([token for token in answers if token]) == 1
    assert sam.devices.count() == 1


@pytest.mark.django_db(transaction=True)
def test_r17_many_invitations_made_at_once_leave_one_open(sam):
    at_once(lambda _: inviting.invite(Client.objects.get(pk=sam.pk), NOW), times=10)
    assert Invitation.objects.links().open(NOW).count() == 1


@pytest.mark.django_db(transaction=True)
def test_limits_are_exact_under_parallel_tries():
    taken = at_once(lambda _: Limit.take("join", "somebody", 10, 600, now=NOW))
    assert sorted(taken) == [False] * 40 + [True] * 10
    assert Limit.objects.get().count == 10
