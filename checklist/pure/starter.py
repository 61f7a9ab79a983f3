"""The checklist that every practice starts from: six tips, as things to do before a session.

Written for a reader in US grade 6; tests/test_starter.py holds the rules for the words. Titles can be shown
outside the app, so they never say what the session is. A key, once shipped, keeps its meaning, because ticks
find their item by it: what is done differently for another way of meeting has a key of its own. "Someone you
can connect with" is on the list of a first session; after that, each session is followed by a question.
"""

from dataclasses import dataclass


def gettext_noop(text):
    """Mark `text` for makemessages; it is translated when it is shown."""
    return text


@dataclass(frozen=True)
class StarterItem:
    """One thing to do and why it helps. `source` is named when `why` states a research fact."""

    key: str
    title: str
    why: str
    phase: str  # "ahead" | "hour" | "just_before"
    tip: str  # "connect" | "connection" | "place" | "time" | "opening" | "consistency"
    ways: tuple[str, ...]
    tool: str = ""
    first_session_only: bool = False
    source: str = ""


VIDEO, VOICE, TEXT, IN_PERSON = ("video",), ("voice",), ("text",), ("in_person",)
CALLS = VIDEO + VOICE
ONLINE = CALLS + TEXT
EVERY = ONLINE + IN_PERSON

STARTER_NAME = gettext_noop("Getting ready")

# An item is read as a block: what to do, why it helps, where it belongs.
# fmt: off
STARTER = (
    StarterItem(
        "calendar", gettext_noop("Put the session in your calendar"),
        gettext_noop("A set time is easier to keep free of work and chores. "
                     "An alarm can remember it for you."),
        phase="ahead", tip="time", ways=EVERY, tool="calendar", first_session_only=True),
    StarterItem(
        "what-to-ask", gettext_noop("Write down what you would like to ask"),
        gettext_noop("You are welcome to ask how your therapist works and what they know well. "
                     "The answers help you see if the two of you fit."),
        phase="ahead", tip="connect", ways=EVERY, tool="questions", first_session_only=True),
    StarterItem(
        "join-video", gettext_noop("Try the link and save a number to call"),
        gettext_noop("Then you know the way in, and who to call if you get cut off. "
                     "A review of 64 trials found that one kind of online therapy can help."),
        phase="ahead", tip="connection", ways=VIDEO, first_session_only=True,
        source=gettext_noop("Andrews and others, 2018")),
    StarterItem(
        "join-voice", gettext_noop("Ask who will call, and on which number"),
        gettext_noop("Then no one sits and waits for the other to ring. "
                     "If the call drops, you know who to call back."),
        phase="ahead", tip="connection", ways=VOICE, first_session_only=True),
    StarterItem(
        "join-text", gettext_noop("Open the chat once to see that it works"),
        gettext_noop("Then you know the way in. "
                     "In one study of depression, therapy online did as well as face to face."),
        phase="ahead", tip="connection", ways=TEXT, first_session_only=True,
        source=gettext_noop("Wagner and others, 2014")),
    StarterItem(
        "find-the-door", gettext_noop("Find out which door to use"),
        gettext_noop("A new place is easier when you know the way in. You can ask about steps or parking."),
        phase="ahead", tip="place", ways=IN_PERSON, first_session_only=True),
    StarterItem(
        "where-to-sit", gettext_noop("Pick where to sit, and ask for privacy there"),
        gettext_noop("It is easier to be open when no one walks in. "
                     "If you share your home, a short message can ask for time alone."),
        phase="ahead", tip="place", ways=ONLINE, tool="privacy_message", first_session_only=True),
    StarterItem(
        "next-date", gettext_noop("See when you will meet again"),
        gettext_noop("Change can take weeks or months. "
                     "A next date makes it easier to keep going, step by step."),
        phase="ahead", tip="consistency", ways=EVERY, tool="progress"),
    StarterItem(
        "one-thing-to-say", gettext_noop("Note one thing you want to say"),
        gettext_noop("It is normal for this to feel odd at first. "
                     "A first line gets you going, and it is yours to keep or to share."),
        phase="ahead", tip="opening", ways=EVERY, tool="note"),
    StarterItem(
        "time-to-type", gettext_noop("Leave time to type without a rush"),
        gettext_noop("Words can come slowly, and that is fine. "
                     "Some free time on both sides lets you think while you write."),
        phase="ahead", tip="time", ways=TEXT),
    StarterItem(
        "way-there", gettext_noop("Check the way there and when to leave"),
        gettext_noop("With the door and the time in mind there is less to think about on the way. "
                     "A few spare minutes leave you time to sit down and breathe."),
        phase="ahead", tip="time", ways=IN_PERSON),
    StarterItem(
        "connection", gettext_noop("Check the connection where you will sit"),
        gettext_noop("A steady line lets you keep your mind on what you want to say. "
                     "It is often best close to the router."),
        phase="hour", tip="connection", ways=ONLINE, tool="connection_check"),
    StarterItem(
        "picture", gettext_noop("Check your light and your camera"),
        gettext_noop("Your face is most of what shows on video. "
                     "Light from the front and a camera at eye level help it come across."),
        phase="hour", tip="connection", ways=VIDEO, tool="picture_check"),
    StarterItem(
        "quiet-room", gettext_noop("Check how quiet your room is"),
        gettext_noop("You can speak more freely when it is quiet and no one else can hear. "
                     "A shut door or headphones can help."),
        phase="hour", tip="place", ways=CALLS, tool="room_check"),
    StarterItem(
        "headphones", gettext_noop("Have your headphones ready"),
        gettext_noop("They keep the other voice just for you, and they make it easier to hear."),
        phase="hour", tip="place", ways=VOICE),
    StarterItem(
        "private-screen", gettext_noop("Turn your screen away from others"),
        gettext_noop("You can write more freely when no one can read along. A wall at your back works well."),
        phase="hour", tip="place", ways=TEXT),
    StarterItem(
        "call-drops", gettext_noop("Know what we do if the call drops"),
        gettext_noop("Calls drop now and then. "
                     "With a plan that you both know, it is easy to pick up where you were."),
        phase="hour", tip="connection", ways=CALLS, tool="dropped_call"),
    StarterItem(
        "for-the-wait", gettext_noop("Take something for the wait"),
        gettext_noop("A book, some music or a warm drink can make a waiting room feel more like your own."),
        phase="hour", tip="place", ways=IN_PERSON),
    StarterItem(
        "alerts-off-call", gettext_noop("Turn off alerts, but let one number ring"),
        gettext_noop("This time is for you, so the rest can wait. "
                     "Let that number through, in case one of you calls back."),
        phase="just_before", tip="time", ways=CALLS, tool="do_not_disturb"),
    StarterItem(
        "alerts-off", gettext_noop("Turn on do not disturb"),
        gettext_noop("This time is for you. "
                     "With nothing to buzz or pop up, it is easier to stay in the moment."),
        phase="just_before", tip="time", ways=TEXT + IN_PERSON, tool="do_not_disturb"),
    StarterItem(
        "where-today", gettext_noop("Know where you are today"),
        gettext_noop("Your therapist may ask, so that help can reach you if you ever need it. "
                     "This app does not store where you are."),
        phase="just_before", tip="place", ways=CALLS),
    StarterItem(
        "slow-minutes", gettext_noop("Take three slow minutes"),
        gettext_noop("A short pause lets the day grow quiet. It is fine to begin just as you are."),
        phase="just_before", tip="time", ways=EVERY, tool="calm_timer"),
)
# fmt: on
