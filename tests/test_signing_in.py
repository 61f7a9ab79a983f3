"""Signing up, in and out; a lost password; and what a stranger can't find out by it."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client as Browser
from django.test import RequestFactory
from django.utils import translation

from checklist import signing_in
from checklist.models import Checklist, User
from checklist.pure.starter import STARTER
from checklist.views.answers import address
from tests import factories
from tests.at_desk import errors, look
from tests.conftest import signed_in
from tests.proofs._server import free_port
from tests.reading import read

IN, UP, CODE, OUT = "/desk/sign-in/", "/desk/sign-up/", "/desk/sign-up/code/", "/desk/sign-out/"
LOST, LOST_CODE, LOST_NEW = "/desk/password/reset/", "/desk/password/reset/code/", "/desk/password/reset/new/"
NIA = {
    "name": "Nia W.",
    "practice": "North",
    "time_zone": "Europe/Madrid",
    "email": "nia@example.org",
    "password1": "three-quiet-rivers",
}
A_CODE = r"\b[A-Z]{4}-[A-Z]{4}\b"
pytest_plugins = ["tests.waiting"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def dana(dana):
    """Dana, whose address is confirmed."""
    EmailAddress.objects.create(user=dana, email=dana.email, verified=True, primary=True)
    return dana


def sign_in(browser, email, password=factories.PASSWORD, **more):
    return browser.post(IN, {"login": email, "password": password, **more})


def mailed_code():
    """Return the code in the last mail."""
    return re.search(A_CODE, mail.outbox[-1].body).group()


def words(answer):
    """Return what a page says, and where it leads to."""
    page = read(answer)
    return page.text, [link["href"] for link in page.all("a")], [button.text for button in page.all("button")]


# Signing up


def test_signing_up_makes_a_practice_with_the_starter_list(browser):
    assert browser.post(UP, NIA).url == CODE
    nia = User.objects.get()
    assert (nia.name, nia.time_zone, nia.role, nia.practice.name) == (
        "Nia W.",
        "Europe/Madrid",
        "owner",
        "North",
    )
    assert Checklist.objects.get(practice=nia.practice).current.items.count() == len(STARTER)


def test_the_code_that_comes_by_mail_opens_the_desk(browser):
    browser.post(UP, NIA)
    assert browser.get("/desk/").status_code == 302
    assert browser.post(CODE, {"code": mailed_code()}).url == "/desk/"
    assert "Welcome, Nia W." in look(browser).text


def test_the_code_is_taken_in_small_letters_and_without_its_dash(browser):
    browser.post(UP, NIA)
    assert browser.post(CODE, {"code": mailed_code().lower().replace("-", " ")}).status_code == 302


def test_the_password_is_kept_as_a_hash_only(browser):
    browser.post(UP, NIA)
    assert NIA["password1"] not in User.objects.get().password


def test_a_wrong_code_is_told_and_three_lead_back_to_the_start(browser):
    browser.post(UP, NIA)
    for _ in range(2):
        told = errors(browser.post(CODE, {"code": "WRON-GONE"}))
        assert told == {
            "#id_code": "Code from the mail: This is not the code that we sent. Check each letter."
        }
    assert browser.post(CODE, {"code": "WRON-GONE"}).url == IN
    assert browser.post(CODE, {"code": mailed_code()}).url == IN


def test_who_lost_the_code_gets_another_by_signing_in(browser, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    browser.post(UP, NIA)
    fresh = Browser()
    assert sign_in(fresh, NIA["email"], NIA["password1"]).url == CODE
    assert len(mail.outbox) == 2
    assert fresh.post(CODE, {"code": mailed_code()}).url == "/desk/"


@pytest.mark.parametrize(
    ("typed", "link", "said"),
    [
        ({"name": ""}, "#id_name", "Write your name."),
        ({"practice": ""}, "#id_practice", "Give the practice a name."),
        ({"time_zone": "Mars"}, "#id_time_zone", "Choose a time zone from the list."),
        ({"email": "nia"}, "#id_email", "This is not an e-mail address. It looks like name@example.org."),
        ({"email": ""}, "#id_email", "Type your e-mail address."),
        ({"password1": ""}, "#id_password1", "Choose a password."),
        ({"password1": "short"}, "#id_password1", "This password is too short."),
        ({"password1": "nia@example.org"}, "#id_password1", "too similar"),
    ],
)
def test_r29_what_can_not_be_taken_is_said_and_nobody_is_made(typed, link, said, browser):
    told = errors(browser.post(UP, NIA | typed))
    assert list(told) == [link]
    assert said in told[link]
    assert not User.objects.exists()


def test_a_refused_form_keeps_what_was_typed_but_the_password(browser):
    page = read(browser.post(UP, NIA | {"password1": "short"}))
    kept = {
        name: page.one("input", name=name).get("value") for name in ("name", "practice", "email", "password1")
    }
    assert kept == {"name": "Nia W.", "practice": "North", "email": "nia@example.org", "password1": None}
    assert page.one("option", selected=True)["value"] == "Europe/Madrid"


def test_the_page_says_what_makes_a_good_password(browser):
    assert "At least 10 characters. Three or four words" in look(browser, UP).text


def test_sign_up_can_be_closed(browser, settings):
    settings.SIGN_UP_OPEN = False
    assert "Sign-up is closed" in look(browser, UP).text
    browser.post(UP, NIA)
    assert not User.objects.exists()
    assert UP not in [link["href"] for link in look(browser, IN).all("a")]


# What a stranger can't find out


def test_signing_up_with_a_known_address_looks_the_same_and_tells_its_owner(dana):
    def answers(address):
        browser = Browser()
        first = browser.post(UP, NIA | {"email": address})
        pages = [browser.get(first.url), *(browser.post(CODE, {"code": "WRON-GONE"}) for _ in range(2))]
        ends = [browser.post(CODE, {"code": "WRON-GONE"}), browser.get(IN)]
        seen = [re.sub(address, "…", str(words(page)), flags=re.IGNORECASE) for page in pages]
        return first.status_code, first.url, seen, [(end.status_code, end.get("Location")) for end in ends]

    assert answers("DANA@example.org") == answers("other@example.org")
    assert [message.to for message in mail.outbox] == [["dana@example.org"], ["other@example.org"]]
    assert not re.search(A_CODE, mail.outbox[0].body)
    assert User.objects.filter(email="dana@example.org").count() == 1


def test_a_known_address_costs_as_much_hashing_as_a_new_one(browser, dana, monkeypatch):
    hashed = []
    monkeypatch.setattr("checklist.forms.signing_up.make_password", hashed.append)
    browser.post(UP, NIA | {"email": dana.email})
    assert hashed == [NIA["password1"]]


def test_of_two_sign_ups_in_one_moment_the_second_gets_the_same_answer(browser, dana, monkeypatch):
    monkeypatch.setattr(
        "allauth.account.internal.flows.manage_email.email_already_exists", lambda email, **_: (email, False)
    )
    answer = browser.post(UP, NIA | {"email": dana.email})
    assert (answer.status_code, answer.url) == (302, CODE)
    assert User.objects.count() == 1


@pytest.mark.parametrize("email", ["dana@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_words(email, browser, dana):
    answer = sign_in(browser, email, "not the one")
    assert answer.status_code == 422
    assert "This e-mail and this password do not belong together." in read(answer).text


def test_asking_for_a_new_password_says_the_same_to_everybody(dana):
    def answers(address):
        browser = Browser()
        first = browser.post(LOST, {"email": address})
        seen = re.sub(address, "…", str(words(browser.get(first.url))))
        return first.status_code, first.url, seen, browser.post(LOST_CODE, {"code": "WRON-GONE"}).status_code

    assert answers(dana.email) == answers("nobody@example.org")
    assert [message.to for message in mail.outbox] == [[dana.email]]


# A mail server in trouble


def refuses(post, settings):
    post.answers[NIA["email"]] = post.answers["dana@example.org"] = ["550 no such mailbox"] * 9


def is_down(post, settings):
    settings.EMAIL_PORT = free_port()


TROUBLE = pytest.mark.parametrize("trouble", [refuses, is_down])


@TROUBLE
def test_r29_who_signs_up_while_mail_does_not_leave_is_asked_for_the_code(trouble, browser, post, settings):
    trouble(post, settings)
    assert browser.post(UP, NIA).url == CODE
    assert "No mail?" in look(browser, CODE).text


@TROUBLE
def test_r16_a_mail_that_does_not_leave_tells_nobody_who_is_known(trouble, dana, post, settings):
    trouble(post, settings)
    answers = [Browser().post(LOST, {"email": email}) for email in (dana.email, NIA["email"])]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, LOST_CODE)] * 2


def test_who_signed_up_while_mail_did_not_leave_gets_the_code_by_signing_in(browser, post, settings):
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    post.answers[NIA["email"]] = ["550 not now"]
    browser.post(UP, NIA)
    fresh = Browser()
    assert sign_in(fresh, NIA["email"], NIA["password1"]).url == CODE
    code = re.search(A_CODE, post.mails[0].get_content()).group()
    assert fresh.post(CODE, {"code": code}).url == "/desk/"


def test_r16_nobody_can_measure_how_long_a_mail_takes_to_leave(browser, dana, post, monkeypatch):
    post.hold_after = 1
    with ThreadPoolExecutor() as letters:
        monkeypatch.setattr(signing_in, "LETTERS", letters)
        assert browser.post(LOST, {"email": dana.email}).url == LOST_CODE
        assert post.came.wait(20)
        post.let_go()
    assert [letter["To"] for letter in post.mails] == [dana.email]


def test_r30_a_letter_that_leaves_beside_the_request_is_in_the_language_of_its_reader(dana, monkeypatch):
    with translation.override("es"), ThreadPoolExecutor() as letters:
        monkeypatch.setattr(signing_in, "LETTERS", letters)
        said = []
        monkeypatch.setattr(
            DefaultAccountAdapter, "send_mail", lambda *_: said.append(translation.get_language())
        )
        signing_in.AccountAdapter().send_mail("account/email/password_set", dana.email, {})
    assert said == ["es"]


# Where somebody asks from


@pytest.fixture
def two_proxies(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2


def asks_from(addresses):
    return address(RequestFactory().get("/", headers={"X-Forwarded-For": addresses}))


def test_behind_two_proxies_the_address_is_the_one_that_the_outer_one_saw(two_proxies):
    assert asks_from("203.0.113.9, 198.51.100.7, 192.0.2.1") == "198.51.100.7"


def test_r29_who_came_past_a_proxy_is_known_by_what_the_nearest_one_saw(two_proxies):
    assert asks_from("198.51.100.7") == "198.51.100.7"


def test_r29_who_came_past_a_proxy_with_an_address_that_is_none_is_unknown(two_proxies):
    assert asks_from("198.51.100.700") == "unknown"


def test_r29_who_came_past_a_proxy_can_sign_in(two_proxies, browser, dana):
    browser.defaults["HTTP_X_FORWARDED_FOR"] = "198.51.100.7"
    assert sign_in(browser, dana.email).url == "/desk/"


# Signing in and out


def test_the_right_password_opens_the_desk(browser, dana):
    assert sign_in(browser, "Dana@Example.org").url == "/desk/"
    assert browser.get("/desk/").status_code == 200


def test_signing_in_leads_to_the_page_that_was_asked_for(browser, dana):
    page = look(browser, f"{IN}?next=/desk/settings/")
    asked = page.one("input", name="next")["value"]
    assert sign_in(browser, dana.email, next=asked).url == "/desk/settings/"


@pytest.mark.parametrize(
    "where", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_place(where, browser, dana):
    assert sign_in(browser, dana.email, next=where).url == "/desk/"


@pytest.mark.parametrize("page", [IN, UP, LOST])
def test_r29_a_place_to_go_on_to_that_is_no_address_breaks_no_page(page, browser):
    assert browser.get(page, {"next": "https://[::1/"}).status_code == 200


def test_r29_signing_out_with_a_place_to_go_on_to_that_is_no_address_leads_to_the_way_in(dana):
    assert signed_in(dana).post(OUT, {"next": "https://[::1/"}).url == IN


def test_r29_signing_in_with_a_place_to_go_on_to_that_is_no_address_leads_to_the_desk(browser, dana):
    assert sign_in(browser, dana.email, next="https://[::1/").url == "/desk/"


def test_who_does_not_ask_to_stay_is_forgotten_with_the_window(browser, dana):
    assert sign_in(browser, dana.email).cookies["sessionid"]["max-age"] == ""


def test_who_asks_to_stay_is_kept(browser, dana):
    assert sign_in(browser, dana.email, remember="on").cookies["sessionid"]["max-age"] > 86400


@pytest.mark.parametrize(
    ("typed", "link", "said"),
    [
        ({"login": ""}, "#id_login", "E-mail: Type your e-mail address."),
        ({"password": ""}, "#id_password", "Password: Type your password."),
        (
            {"login": "dana"},
            "#id_login",
            "E-mail: This is not an e-mail address. It looks like name@example.org.",
        ),
    ],
)
def test_r29_a_sign_in_that_lacks_something_says_what(typed, link, said, browser, dana):
    full = {"login": dana.email, "password": factories.PASSWORD}
    assert errors(browser.post(IN, full | typed)) == {link: said}


def test_the_sixth_wrong_password_has_to_wait(browser, dana):
    for _ in range(5):
        assert sign_in(browser, dana.email, "wrong").status_code == 422
    answer = sign_in(browser, dana.email, "wrong")
    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    assert "Too many tries. Wait five minutes, then try again." in read(answer).text


def test_too_many_requests_from_one_place_get_the_page_that_asks_to_wait(browser, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    for _ in range(2):
        assert browser.post(UP, {}).status_code == 422
    answer = browser.post(UP, {})
    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    assert "Please wait a while" in read(answer).text


def test_a_closed_account_is_told_so_and_stays_out(browser, dana):
    User.objects.update(is_active=False)
    assert sign_in(browser, dana.email).url == "/desk/inactive/"
    assert "This account is closed" in look(browser, "/desk/inactive/").text
    assert browser.get("/desk/").status_code == 302


def test_signing_out_asks_by_a_page_and_is_done_by_a_post(dana):
    browser = signed_in(dana)
    assert "Sign out?" in look(browser, OUT).text
    assert browser.get("/desk/").status_code == 200
    assert browser.post(OUT).url == IN
    assert look(browser, IN).one("div", kind="notices").text == "You are signed out."
    assert browser.get("/desk/").status_code == 302


def test_who_is_signed_in_is_not_asked_again(dana):
    browser = signed_in(dana)
    assert [browser.get(page).url for page in (IN, UP)] == ["/desk/", "/desk/"]


# A lost password


def test_a_code_by_mail_leads_to_a_new_password(browser, dana):
    assert browser.post(LOST, {"email": dana.email}).url == LOST_CODE
    assert browser.post(LOST_CODE, {"code": mailed_code()}).url == LOST_NEW
    assert browser.post(LOST_NEW, {"password1": "three-quiet-rivers"}).url == "/desk/password/reset/done/"
    assert "Your new password is set" in look(browser, "/desk/password/reset/done/").text
    assert sign_in(browser, dana.email, "three-quiet-rivers").url == "/desk/"


def test_a_new_password_signs_out_whoever_was_in(browser, dana):
    thief = signed_in(dana)
    browser.post(LOST, {"email": dana.email})
    browser.post(LOST_CODE, {"code": mailed_code()})
    browser.post(LOST_NEW, {"password1": "three-quiet-rivers"})
    assert thief.get("/desk/").status_code == 302


def test_no_new_password_without_the_code(browser, dana):
    browser.post(LOST, {"email": dana.email})
    assert browser.post(LOST_NEW, {"password1": "three-quiet-rivers"}).url == LOST_CODE
    dana.refresh_from_db()
    assert dana.check_password(factories.PASSWORD)


def test_a_weak_new_password_is_refused(browser, dana):
    browser.post(LOST, {"email": dana.email})
    browser.post(LOST_CODE, {"code": mailed_code()})
    assert list(errors(browser.post(LOST_NEW, {"password1": "1234567890"}))) == ["#id_password1"]


def test_three_wrong_codes_end_the_reset(browser, dana):
    browser.post(LOST, {"email": dana.email})
    right = mailed_code()
    statuses = [browser.post(LOST_CODE, {"code": "WRON-GONE"}).status_code for _ in range(3)]
    assert statuses == [422, 422, 302]
    assert browser.post(LOST_CODE, {"code": right}).url == IN


# Again, please


def test_the_password_is_asked_again_and_leads_on(dana):
    browser = signed_in(dana)
    again = "/desk/reauthenticate/"
    assert "Is it you?" in look(browser, f"{again}?next=/desk/settings/").text
    assert errors(browser.post(again, {"password": "no"})) == {
        "#id_password": "Password: This is not your password."
    }
    answer = browser.post(again, {"password": factories.PASSWORD, "next": "/desk/settings/"})
    assert answer.url == "/desk/settings/"


# Every page that allauth may lead to


@pytest.mark.parametrize("page", [CODE, "/desk/sign-in/address/"])
def test_who_is_signed_in_and_comes_to_a_page_of_addresses_gets_the_settings(page, dana):
    browser = signed_in(dana)
    assert browser.get(page, follow=True).redirect_chain[-1][0] == "/desk/settings/"


def test_a_user_without_a_password_can_set_one(dana):
    dana.set_unusable_password()
    dana.save()
    browser = signed_in(dana)
    assert browser.get("/desk/password/").url == "/desk/password/set/"
    assert browser.post("/desk/password/set/", {"password1": "three-quiet-rivers"}).url == "/desk/settings/"


def test_r26_no_page_on_the_way_in_has_a_script_or_style_inside_it(browser, dana):
    signed = signed_in(dana)
    pages = [(browser, page) for page in (IN, UP, LOST, "/desk/inactive/", "/desk/password/reset/done/")]
    pages += [(signed, page) for page in (OUT, "/desk/password/", "/desk/reauthenticate/")]
    for who, page in pages:
        found = look(who, page)
        assert not found.all("style")
        assert not [element for element in found.walk() if "style" in element.attrs]
        assert all(script.get("src") for script in found.all("script"))


def test_pages_on_the_way_in_are_kept_by_no_cache(browser):
    for page in (IN, UP, LOST):
        assert "no-store" in browser.get(page).headers["Cache-Control"]
