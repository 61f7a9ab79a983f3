"""Every page in every state, by name: who opens it, where it is, and what brings it into that state."""

import hashlib
import re
from datetime import timedelta

from django.templatetags.static import static
from django.utils import timezone
from playwright.sync_api import expect

from checklist import answering, erasing, inviting, scheduling, ticking
from checklist.models import (
    Check,
    Client,
    Delivery,
    Device,
    Erasure,
    Handover,
    Limit,
    Look,
    Reminder,
    Session,
    Subscription,
)
from checklist.models.answers import token_of
from tests import factories, over
from tests.browser import checked, devices
from tests.browser.kept import carries_a_tick, until
from tests.browser.probes import SEND
from tests.test_installing import IPHONE

SAMS_TOKEN = "sams-phone" * 4


def sent(**fields):
    """Return the step that sends a form with these fields."""

    def step(page):
        with page.expect_navigation():
            page.evaluate(SEND, fields)

    return step


def pressed(name):
    """Return the step that presses a button and comes to another page."""

    def step(page):
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=True).click()

    return step


def pressed_here(name):
    """Return the step that presses a button of the page."""
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def opened(page):
    """Open everything that can be unfolded."""
    page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true; })")


def goes_to(address):
    """Return the step that opens another page."""
    return lambda page: page.goto(address)


PLAN = {"cue": "Thursday, 2:45 pm", "deed": "sit down with my headphones on", "place": "the blue room"}


def picks_questions(page):
    """Pick a question, add one's own, note an answer, and look at what would go out."""
    opened(page)
    page.get_by_label("How do you like to work?").check()
    page.get_by_label("Your own question").fill("Is there a lift?")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("[data-kept] li")).to_have_count(2)
    opened(page)


def repeats(page):
    """Let a session repeat, with visits; the dates show."""
    opened(page)
    page.get_by_label("Does it repeat?").select_option("1")
    page.get_by_label("How many sessions?").fill("5")
    page.get_by_label("In person first").select_option("1")
    page.get_by_label("Then in person").select_option("4")
    pressed("Book it")(page)


def unsaved(page):
    """Tick with no network: the tick is kept and the page says where."""
    page.route("**/sync/", lambda route: route.abort())
    page.get_by_role("checkbox").first.click()
    expect(page.get_by_text("Saved on this phone")).to_be_visible()
    expect(page.get_by_text("1 tick not sent yet")).to_be_visible()


def parked(page):
    """A tick that the server can't read: the page lists it."""
    page.route("**/sync/", lambda route: route.fulfill(status=422))
    page.get_by_role("checkbox").first.click()
    expect(page.get_by_role("region", name="Not taken")).to_be_visible()


def leaving_too_soon(page):
    """Sign out while a tick is not sent."""
    unsaved(page)
    page.goto("/leave/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("1 tick is not sent yet.")).to_be_visible()


def all_done(page):
    for box in page.locator("[role=checkbox][aria-checked=false]").all()[::-1]:
        with page.expect_response(carries_a_tick):
            box.click()
    expect(page.get_by_text(re.compile("You are all set"))).to_be_visible()


def shut_out(page):
    Device.objects.all().revoke()
    page.reload()


def too_often(page):
    for _ in range(20):
        Limit.take("join", "127.0.0.1", 10, 600)
    sent(code="AAAA-AAAA")(page)
    expect(page.locator("form")).to_have_count(0)


def locks(page):
    """Lock the app as a person does."""
    page.goto("/lock/")
    page.get_by_label("PIN, 4 to 8 digits").fill("2580")
    page.get_by_label("The same once more").fill("2580")
    page.get_by_role("button", name="Lock the app").click()
    expect(page.get_by_text("The app is locked with your PIN.")).to_be_visible()


SALT, ROUNDS = bytes(16), 310_000  # as in static/js/pin.js
HASH = hashlib.pbkdf2_hmac("sha256", b"2580", SALT, ROUNDS)
LOCKED = """async ([address, salt, hash]) => {
  const { open, write } = await import(address);
  await open();
  const buffer = (bytes) => new Uint8Array(bytes).buffer;
  const kept = { salt: new Uint8Array(salt), hash: buffer(hash), wrong: 0, until: 0 };
  await write(({ facts }) => facts.put(kept, "pin"));
  document.cookie = "settle_lock=1; path=/; samesite=lax";
  sessionStorage.clear();
}"""


def covered(page):
    """Come back to an app that was locked earlier."""
    page.evaluate(LOCKED, [static("js/store.js"), list(SALT), list(HASH)])
    page.goto("/")
    expect(page.get_by_role("dialog", name="Type your PIN")).to_be_visible()


def as_iphone(page):
    """Load the page as an iPhone does."""
    page.route(
        page.url, lambda route: route.continue_(headers={**route.request.headers, "user-agent": IPHONE})
    )
    page.reload()
    expect(page.locator(".steps")).to_be_visible()


def offered(page):
    """Let the browser offer to put the app on the home screen."""
    page.evaluate("dispatchEvent(new Event('beforeinstallprompt'))")
    expect(page.get_by_role("button", name="Put it on your home screen")).to_be_visible()


def put_there(page):
    page.evaluate("dispatchEvent(new Event('appinstalled'))")
    expect(page.get_by_text("It is on your home screen.")).to_be_visible()


def pass_refused(page):
    """What the app on the home screen says when its pass is spent."""
    page.locator("[data-no-pass=spent]").evaluate("words => words.hidden = false")
    expect(page.get_by_role("alert")).to_be_visible()


def answered(page):
    """Give an answer that asks for something."""
    pressed("I'd like another time")(page)
    expect(page.get_by_role("button", name="I'd like another time")).to_have_attribute("aria-pressed", "true")


def asks(page):
    """Let the client ask for this and that, and look again."""
    for row in Session.objects.live().filter(starts_at__gt=timezone.now()):
        for kind in ("confirm", "voice", "no_place"):
            answering.give(row, kind, row.revision, timezone.now())
    page.reload()


def seen_on_the_phone(page):
    """Let a notification have been opened."""
    device = Device.objects.holding(SAMS_TOKEN).get()
    phone = Subscription.objects.create(
        device=device, endpoint="https://push.example.org/1", endpoint_hash="1"
    )
    session = page.url.rstrip("/").rpartition("/")[2]
    row = Reminder.objects.filter(session=session, kind="just_before").get()
    now = timezone.now()
    fields = {"channel": "push", "due_at": now, "state": "sent", "finished_at": now}
    told = Delivery.objects.create(reminder=row, **fields)
    Handover.objects.create(delivery=told, subscription=phone, arrived_at=now, opened_at=now)
    page.reload()
    expect(page.get_by_text("Opened")).to_be_visible()


def notified(word):
    """Return the step that shows what the page says of notifications in that case; see test_notifications.py."""

    def step(page):
        part = page.locator("[data-notify]")
        expect(part.locator("[data-for]:not([hidden])").first).to_be_visible()
        part.evaluate(
            """(part, word) => part.querySelectorAll("[data-for]").forEach((each) => {
              each.hidden = each.dataset.for !== word;
            })""",
            word,
        )

    return step


def started(page):
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


def paused(page):
    started(page)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def sat_through(page):
    started(page)
    page.clock.fast_forward(181_000)
    expect(page.get_by_role("link", name="Done. Back to my list")).to_be_visible()


def device(name="Start", stage="refused", picture="fine", **does):
    """Return the step that asks for the microphone or the camera of a stand-in; see devices.py."""

    def step(page):
        devices.stand_in(page, picture_of=picture, **does)
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(".stage")).to_have_attribute("data-stage", stage)

    return step


def heard(name, count=None):
    """Return the step in which the microphone hears that room, or only the beginning of it."""

    def step(page):
        device(stage="quiet")(page)
        page.evaluate("hear", devices.HEARD[name][:count])
        page.evaluate("setInterval(() => hear([0.001]), 2000)")  # it goes on, slowly
        if not count:
            expect(page.locator(".stage")).to_have_attribute("data-stage", re.compile("result|done"))

    return step


def seen(name):
    """Return the step in which the camera sees that picture."""

    def step(page):
        device("Turn the camera on", "running", name)(page)
        expect(page.locator("[data-light]")).to_have_attribute("data-light", name)

    return step


def looked_good(page):
    seen("fine")(page)
    page.get_by_role("button", name="Looks good").click()
    expect(page.get_by_role("link", name="Done. Back to my list")).to_be_visible()


def looked_too_long(page):
    seen("fine")(page)
    page.clock.fast_forward(121_000)
    expect(page.locator(".stage")).to_have_attribute("data-stage", "over")


PASS = "async ([address, tool]) => { await (await import(address)).keep(tool); }"


def pass_check(page, tool="calm_timer"):
    """Have the check of a tool passed on this phone, just now."""
    page.evaluate(PASS, [static("js/passes.js"), tool])


def passed_before(page):
    """Open the list of a later session after a check was passed."""
    pass_check(page)
    page.reload()
    expect(page.get_by_text("Passed today on this phone")).to_be_visible()


def asked_for(page):
    """Copy the message: this browser has no share sheet."""
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: { writeText: async () => {} } })")
    page.get_by_role("button", name="Copy it").click()
    expect(page.get_by_role("link", name="Done. Back to my list")).to_be_visible()


def by_hand(page):
    """Copy the message where no clipboard is to be had."""
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Copy it").click()
    expect(page.get_by_role("button", name="I have copied it")).to_be_visible()


def writes(page, text="Ask about the move, and how the last two weeks went with the new hours."):
    """Write a note."""
    page.get_by_label("Your note").fill(text)
    expect(page.locator("[data-jotted]")).to_have_text("Saved on this phone")
    expect(page.get_by_text("Ticked on your list. The tick is sent.")).to_be_visible()


def long_note(page):
    writes(page, "Every word counts. " * 100)
    expect(page.get_by_text("Letters left: 100")).to_be_visible()


def to_delete(page):
    writes(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Tap again to delete")).to_be_visible()


NOTE = """async (address) => {
  const note = { session: "x", client: Object.keys(await (await import(address)).fact("cursor"))[0], kept: true };
  const day = { starts_at: "2026-11-20T15:00:00Z", ends_at: "2026-11-20T15:50:00Z", zone: "America/Los_Angeles" };
  const notes = { x: { ...note, ...day, text: "What helped:\\nthe walk in the morning" } };
  await (await import(address)).write(({ facts }) => facts.put(notes, "notes"));
}"""


def kept_before(page):
    """Have kept a note of an earlier session."""
    until(page, lambda: page.evaluate(CURSOR, static("js/store.js")))
    page.evaluate(NOTE, static("js/store.js"))
    expect(page.get_by_text("What helped:")).to_be_visible()


CURSOR = "async (address) => Boolean(await (await import(address)).fact('cursor'))"


def back_on_the_list(page):
    writes(page)
    page.goto("/")
    expect(page.get_by_role("link", name="Ask about the move")).to_be_visible()


def plays(page):
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()


def agreed(page):
    page.get_by_label("Our phrase").fill("I have to feed the cat")
    expect(page.locator("[data-jotted]")).to_have_text("Saved on this phone")


def no_place(page):
    pressed("No private place this time")(page)
    expect(page.get_by_role("link", name="See what you can do")).to_be_visible()


def turned_on(page):
    page.get_by_role("button", name="It is on now").click()
    expect(page.get_by_text("Ticked on your list. The tick is sent.")).to_be_visible()


def many(page):
    """Have a dozen sessions behind, each spoken of, and connection checks kept with two."""
    for client in Client.objects.exclude(sessions=None):
        over.share(client, "items", "outcome", "fit")
        rows = over.past(client, 12, until=timedelta(days=-8))
        for place, session in enumerate(rows):
            over.get_ready(session, place or None)
            over.say(session, "technical" if place % 4 else "well", session.ends_at)
        over.fits(rows[-1], goals=3, tasks=2, connection=3)
        for session, device in zip(rows, client.devices.all()[:1], strict=False):
            Check.objects.create(
                session=session, device=device, way="video", verdict="good", late=0, probes=12
            )
    page.reload()


def fourth(page):
    """Be asked how well it fits."""
    sam = Session.objects.get(pk=page.locator("[data-ticks]").get_attribute("data-session")).client
    over.past(sam, 3, until=timedelta(days=-8))
    pressed("It went well")(page)
    expect(page.get_by_role("heading", name="Is it going in a direction that you want?")).to_be_visible()


def said_to_fit(page):
    session = Session.objects.get(pk=page.url.rstrip("/").rpartition("/")[2])
    over.fits(session, goals=3, tasks=2, connection=1)
    page.reload()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()


def went(page):
    session = Session.objects.get(pk=page.url.rstrip("/").rpartition("/")[2])
    over.share(session.client, "outcome", "fit")
    over.say(session, "interrupted", timezone.now())
    over.fits(session, goals=3, tasks=2, connection=1)
    page.reload()
    expect(page.get_by_role("heading", name="How it went")).to_be_visible()


def shared(**fields):
    """Return the step that lets Sam share otherwise than before, and looks again."""

    def step(page):
        Client.objects.filter(nickname="Sam K.").update(**fields)
        page.reload()

    return step


def looked_at(page):
    """Have Dana looked at what Sam shares."""
    sam = Client.objects.get(nickname="Sam K.")
    session, now = sam.sessions.earliest("starts_at"), timezone.now()
    seen = [(sam, kind, session) for kind in ("items", "connection")]
    Look.objects.note(sam.therapist, [*seen, (sam, "items", None)], now.date(), now)
    page.reload()


def erased(page):
    """Erase the person of this phone from elsewhere."""
    erasing.erase(Client.objects.get(nickname="Sam K."), Erasure.By.CLIENT, timezone.now())
    page.reload()
    expect(page.get_by_role("heading", name="Everything is erased")).to_be_visible()


def somebody_erased(page):
    for client in Client.objects.filter(nickname__in=["Ana P.", "Ben"]):
        erasing.erase(client, Erasure.By.CLIENT, timezone.now())
    page.reload()


def password_once_more(page):
    page.get_by_label("Password").fill(factories.PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Go on").click()


LINE = "/tools/connection/#{session}"
CLIENT = {
    "the next session": ("/",),
    "an answer": ("/", answered),
    "an answer from a notification": ("/sessions/{session}/?answer=confirm",),
    "an answer refused": ("/", sent(give="confirm", revision="0")),
    "a tick that is not sent": ("/", unsaved),
    "a tick that was not taken": ("/", parked),
    "signing out too soon": ("/", leaving_too_soon),
    "all set": ("/", all_done),
    "everything unfolded": ("/", opened),
    "all sessions": ("/sessions/",),
    "one session": ("/sessions/{session}/",),
    "a session that has ended": ("/sessions/{ended}/",),
    "a session that was cancelled": ("/sessions/{cancelled}/",),
    "a session that was moved": ("/sessions/{moved}/",),
    "how a session went": ("/sessions/{ended}/", pressed("Technical trouble")),
    "how well it fits": ("/", fourth),
    "how well it fits, said": ("/sessions/{ended}/", said_to_fit),
    "progress": ("/progress/",),
    "progress of many sessions": ("/progress/", many, opened),
    "reminders": ("/reminders/",),
    "reminders refused": ("/reminders/", sent(time_zone="Moon/Sea")),
    "reminders saved": ("/reminders/", pressed("Save")),
    "reminders unfolded": ("/reminders/", opened),
    "notifications not taken yet": ("/reminders/", notified("ask")),
    "notifications taken": ("/reminders/", notified("on")),
    "notifications blocked": ("/reminders/", notified("denied")),
    "notifications not taken by the server": ("/reminders/", notified("failed")),
    "a test that could not be sent": ("/reminders/", notified("on"), pressed("Send a test to this phone")),
    "help": ("/help/",),
    "sharing": ("/sharing/", shared(hidden_items=["picture"], sharing=["items"]), looked_at, opened),
    "sharing refused": ("/sharing/", sent(kinds="everything")),
    "my data": ("/data/",),
    "a copy of my data": ("/data/{sam}/export/",),
    "erasing by a code": ("/data/{sam}/erase/", pressed("Mail me a code")),
    "erasing refused": ("/data/{sam}/erase/", sent(code="AAAA-AAAA")),
    "erasing by a word": ("/data/{sam}/erase/", shared(email="")),
    "a phone whose person was erased": ("/", erased),
    "the language": ("/language/",),
    "the home screen": ("/install/",),
    "the home screen of an iPhone": ("/install/", as_iphone),
    "the home screen offered": ("/install/", offered),
    "on the home screen": ("/install/", put_there),
    "calendar": ("/calendar/",),
    "calendar with an address": ("/calendar/", pressed("Make a private address"), opened),
    "calendar refused": ("/calendar/", sent(feed="maybe")),
    "phones": ("/devices/", opened),
    "a code for another phone": ("/devices/", pressed("Add another phone")),
    "signing the phone out": ("/leave/",),
    "the app lock": ("/lock/",),
    "a locked app": ("/", covered),
    "an invitation on a phone in use": ("/join/#{token}",),
    "an invitation with no answer": ("/join/#{token}", pressed("Get started")),
    "a phone that was shut out": ("/", shut_out),
    "a check that was passed": ("/sessions/{moved}/", passed_before),
    "the connection check": (LINE,),
    "the connection measured": (LINE, checked.measuring),
    "a good connection": (LINE, checked.checked(checked.GOOD)),
    "a good connection unfolded": (LINE, checked.checked(checked.GOOD), opened),
    "a fair connection": (LINE, checked.checked(checked.FAIR, turn=checked.RELAY)),
    "a connection not measured in full": (LINE, checked.checked({**checked.GOOD, "up": None})),
    "a poor connection": (LINE, checked.checked(checked.POOR)),
    "a poor connection switched": (LINE, checked.checked(checked.POOR), checked.switched),
    "a connection without an answer": (LINE, checked.checked(checked.SILENT)),
    **{
        f"no connection check, {why}": (LINE, checked.checked(refused=why, wait=200))
        for why in checked.REFUSALS
    },
    "calm": ("/tools/calm/#{session}",),
    "calm begun": ("/tools/calm/#{session}", started),
    "calm paused": ("/tools/calm/#{session}", paused),
    "calm over": ("/tools/calm/#{session}", sat_through),
    "room": ("/tools/room/#{session}",),
    "room asked for": ("/tools/room/#{session}", device(stage="asking", answer="hang")),
    "room listened to": ("/tools/room/#{session}", heard("quiet", 40)),
    "room spoken in": ("/tools/room/#{session}", heard("quiet", 120)),
    "room quiet": ("/tools/room/#{session}", heard("quiet")),
    "room fine with headphones": ("/tools/room/#{session}", heard("headphones")),
    "room loud": ("/tools/room/#{session}", heard("loud")),
    "room with somebody near": ("/tools/room/#{session}", heard("near")),
    "room without a voice": ("/tools/room/#{session}", heard("unheard")),
    "room muted": ("/tools/room/#{session}", heard("muted")),
    "room not measured": (
        "/tools/room/#{session}",
        device(stage="result", settings={"noiseSuppression": True}),
    ),
    "room refused": ("/tools/room/#{session}", device(answer="NotAllowedError", state="denied")),
    "room without a microphone": ("/tools/room/#{session}", device(answer="NotFoundError")),
    "picture": ("/tools/picture/#{session}",),
    **{f"picture {name}": ("/tools/picture/#{session}", seen(name)) for name in devices.PICTURES},
    "picture good": ("/tools/picture/#{session}", looked_good),
    "picture over": ("/tools/picture/#{session}", looked_too_long),
    "picture busy": ("/tools/picture/#{session}", device("Turn the camera on", answer="NotReadableError")),
    "picture off by the system": (
        "/tools/picture/#{session}",
        device("Turn the camera on", answer="NotAllowedError", message="Permission denied by system"),
    ),
    "asking for privacy": ("/tools/privacy/#{session}",),
    "privacy asked for": ("/tools/privacy/#{session}", asked_for),
    "privacy copied by hand": ("/tools/privacy/#{session}", by_hand),
    "a note": ("/tools/note/#{session}",),
    "a note written": ("/tools/note/#{session}", writes),
    "a long note": ("/tools/note/#{session}", long_note),
    "a note to be deleted": ("/tools/note/#{session}", to_delete),
    "a note kept before": ("/tools/note/#{session}", kept_before),
    "a list with a note": ("/tools/note/#{session}", back_on_the_list),
    "no private place": ("/tools/private-place/#{session}",),
    "a steady sound": ("/tools/private-place/#{session}", plays),
    "a phrase": ("/tools/private-place/#{session}", agreed),
    "no private place said": ("/", no_place),
    "questions": ("/tools/questions/#{session}",),
    "questions picked": ("/tools/questions/#{session}", picks_questions),
    "a plan": ("/plan/",),
    "a plan with a suggestion": ("/plan/?like=video-1",),
    "a plan refused": ("/plan/", sent(cue="", deed="x" * 200)),
    "a plan made": ("/plan/", sent(**PLAN)),
    "a list with a plan": ("/plan/", sent(**PLAN), goes_to("/")),
    "no plan": ("/plan/", sent(without="1")),
    "first steps: what this is": ("/first-steps/what/",),
    "first steps: reminders": ("/first-steps/reminders/",),
    "first steps: home screen": ("/first-steps/install/",),
    "first steps: a plan": ("/first-steps/plan/",),
    "do not disturb": ("/tools/do-not-disturb/#{session}",),
    "do not disturb on all phones": (
        "/tools/do-not-disturb/#{session}",
        pressed_here("Another phone?"),
        opened,
    ),
    "do not disturb on": ("/tools/do-not-disturb/#{session}", turned_on),
}
STRANGER = {
    "welcome": ("/",),
    "a pass that is spent": ("/#pass=spent", pass_refused),
    "invitation": ("/join/#{token}",),
    "invitation without its token": ("/join/",),
    "invitation that is spent": ("/join/#spent", pressed("Get started")),
    "code": ("/join/code/",),
    "wrong code": ("/join/code/", sent(code="AAAA-AAAA")),
    "too many codes": ("/join/code/", too_often),
    "code by mail": ("/join/lost/",),
    "code by mail refused": ("/join/lost/", sent(email="x")),
    "code by mail sent": ("/join/lost/", sent(email="nobody@example.org")),
    "no way in": ("/help/",),
    "a language that is none": ("/language/", sent(language="xx")),
    "reminders by mail": ("/unsubscribe/{sam}/{unsubscribe}/",),
    "reminders by mail off": ("/unsubscribe/{sam}/{unsubscribe}/", pressed("Switch them off")),
    "reminders by mail elsewhere": ("/unsubscribe/{sam}/{elsewhere}/",),
    "an answer from a mail": ("/answer/#{answer}",),
    "an answer without its token": ("/answer/",),
    "an answer from a mail kept": ("/answer/#{answer}", pressed("Rather by voice")),
    "an answer from a mail refused": ("/answer/#spent", pressed("Rather by voice")),
    "offline": ("/offline/",),
    "a plain page": ("/list/",),
    "nothing here": ("/nothing-here/",),
    "sign in": ("/desk/sign-in/",),
    "sign in refused": ("/desk/sign-in/", sent(login="dana@example.org", password="wrong")),
    "sign up": ("/desk/sign-up/",),
    "sign up refused": ("/desk/sign-up/", sent(name="", email="x", password1="1")),
    "sign up by code": (
        "/desk/sign-up/",
        sent(name="Kim", practice="Harbour", email="new@example.org", password1="a-long-enough-password"),
    ),
    "password reset": ("/desk/password/reset/",),
    "password reset by code": ("/desk/password/reset/", sent(email="dana@example.org")),
}
DESK = {
    "the desk": ("/desk/",),
    "the desk with answers": ("/desk/", asks),
    "a session with answers": ("/desk/sessions/{session}/", asks),
    "a session after a nudge": ("/desk/sessions/{session}/", pressed("Send a nudge")),
    "a session with a reminder that was opened": ("/desk/sessions/{session}/", seen_on_the_phone),
    "a session and how it went": ("/desk/sessions/{ended}/", went),
    "a client and how it fits": ("/desk/clients/{sam}/", many),
    "outcomes": ("/desk/outcomes/",),
    "outcomes of the whole practice": ("/desk/outcomes/?whose=all", many),
    "outcomes of many sessions": ("/desk/outcomes/", many),
    "the desk with a list kept back": ("/desk/", shared(sharing=[])),
    "the desk after somebody erased their data": ("/desk/", somebody_erased),
    "a session with a list kept back": ("/desk/sessions/{session}/", shared(sharing=[])),
    "a session with an item kept back": ("/desk/sessions/{session}/", shared(hidden_items=["picture"])),
    "erasing a client": ("/desk/clients/{sam}/erase/", password_once_more),
    "clients after somebody erased their data": ("/desk/clients/", somebody_erased),
    "clients": ("/desk/clients/",),
    "a client": ("/desk/clients/{sam}/",),
    "a client unfolded": ("/desk/clients/{sam}/", opened),
    "a client without a phone": ("/desk/clients/{ana}/",),
    "an archived client": ("/desk/clients/{archived}/",),
    "adding a client": ("/desk/clients/add/",),
    "a refused client": ("/desk/clients/add/", sent(nickname="", email="x")),
    "changing a client": ("/desk/clients/{sam}/edit/",),
    "changing a client's address": ("/desk/clients/{sam}/edit/", sent(email="new@example.org")),
    "an invitation": ("/desk/clients/{ana}/invitation/",),
    "no invitation": ("/desk/clients/{sam}/invitation/",),
    "a mailed invitation": ("/desk/clients/{sam}/invitation/", pressed("Make one and e-mail it")),
    "a code to read out": ("/desk/clients/{ana}/code/",),
    "no code": ("/desk/clients/{sam}/code/",),
    "adding a session": ("/desk/sessions/add/",),
    "a session like the last": ("/desk/sessions/add/?client={sam}",),
    "a refused session": ("/desk/sessions/add/", sent(minutes="0", link="http://a@b")),
    "a session": ("/desk/sessions/{session}/",),
    "a moved session": ("/desk/sessions/{moved}/",),
    "a cancelled session": ("/desk/sessions/{cancelled}/",),
    "a session that repeats": ("/desk/sessions/add/?client={sam}", opened),
    "the dates of a series": ("/desk/sessions/add/?client={sam}", repeats),
    "a series": ("/desk/sessions/add/?client={sam}", repeats, pressed("Book 5 sessions")),
    "more of a series": ("/desk/series/{series}/extend/",),
    "changing those that follow": ("/desk/sessions/{in_series}/following/",),
    "changing one of a series": ("/desk/sessions/{in_series}/edit/",),
    "cancelling those that follow": ("/desk/sessions/{in_series}/cancel/",),
    "changing a session": ("/desk/sessions/{session}/edit/",),
    "cancelling a session": ("/desk/sessions/{session}/cancel/",),
    "a closed session": ("/desk/sessions/{ended}/edit/",),
    "settings": ("/desk/settings/",),
    "checklists": ("/desk/checklists/",),
    "an item's words": ("/desk/checklists/{checklist}/calendar/",),
    "an item's words refused": ("/desk/checklists/{checklist}/calendar/", sent(title_en="")),
    "settings refused": ("/desk/settings/", sent(name="", phone="x")),
    "settings that keep less": ("/desk/settings/", sent(keep_sessions="3")),
    "changing the password": ("/desk/password/",),
    "a refused password": ("/desk/password/", sent(oldpassword="x", password1="1")),
    "signing out": ("/desk/sign-out/",),
}
NEW_DESK = {
    "a desk without clients": ("/desk/",),
    "no clients": ("/desk/clients/",),
    "a session without clients": ("/desk/sessions/add/",),
}
SCENES = {"client": CLIENT, "stranger": STRANGER, "desk": DESK, "new desk": NEW_DESK}
EVERY = [(who, name) for who, scenes in SCENES.items() for name in scenes]


def become(dana, sam, ana, sams_session, now):
    """Let a session of each kind come about, an invitation, a code, mail that did not arrive; return ids."""
    phone = factories.enrol(sam, SAMS_TOKEN)
    for key, state in (("connection", "done"), ("picture", "na"), ("slow-minutes", "done")):
        ticking.tick(sams_session, key, state, phone, timezone.now())
    moved = factories.session(sam, starts_in=timedelta(days=2))
    scheduling.change(moved, now, moved.starts_at + timedelta(hours=1), 50)
    cancelled = scheduling.cancel(factories.session(sam, starts_in=timedelta(days=1)), now)
    ended = factories.session(sam, starts_in=timedelta(hours=-3))
    first = factories.session(ana, starts_in=timedelta(hours=1))
    later = [factories.session(ana, starts_in=timedelta(weeks=week)) for week in (1, 2)]
    series = factories.series(ana, first, *later)
    inviting.invite(ana, now)
    inviting.make_code(ana, now)
    archived = factories.client(dana, "Ben")
    archived.archived_at = now
    archived.save()
    Delivery.objects.filter(pk=Delivery.objects.first().pk).update(state="failed", finished_at=now)
    rows = {"session": sams_session, "ended": ended, "cancelled": cancelled, "moved": moved}
    rows |= {"sam": sam, "ana": ana, "archived": archived, "series": series, "in_series": later[0]}
    rows["checklist"] = dana.practice.checklists.get()
    return {name: row.id for name, row in rows.items()}


def play(page, scene, ids, newcomer):
    """Open the page and bring it into its state; `newcomer` is the one who was invited."""
    address, *steps = scene
    token = inviting.invite(newcomer, timezone.now()).token() if "{token}" in address else ""
    stop = Client.objects.get(pk=ids["sam"]).stop_token()
    answer = token_of(Session.objects.get(pk=ids["session"]), Client.objects.get(pk=ids["sam"]))
    tokens = {"answer": answer, "token": token, "unsubscribe": stop, "elsewhere": stop[:22] + "A" * 21}
    page.goto(address.format(**tokens, **ids))
    for step in steps:
        step(page)
