"""The words of a mail, true at one moment. They name no person, no practice and no purpose (R3)."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from checklist.channels import wording
from checklist.channels.addresses import session_url
from checklist.models import Invitation, Reminder, answers
from checklist.pure import spoken

AUTOMATIC = {"Auto-Submitted": "auto-generated"}
LINES = {
    Reminder.Kind.DAY_BEFORE: _("Your list is there when it suits you. A few minutes are enough."),
    Reminder.Kind.HOURS_BEFORE: _("There is time to go through your list without a rush."),
    Reminder.Kind.JUST_BEFORE: _("It is nearly time. Your list and the way in are one tap away."),
    Reminder.Kind.NUDGE: _(
        "A few small steps on your list are still open. They can wait for a quiet minute."
    ),
}

WHERE = {
    Invitation.Kind.CODE: _("Type it on the phone that you want to use."),
    Invitation.Kind.SURE: _(
        "Type it on the page that asked for it. It confirms something that can't be undone."
    ),
}
NOT_ASKED = {
    Invitation.Kind.CODE: _("If you did not ask for it, you can leave it. Do not give it to anyone."),
    Invitation.Kind.SURE: _("If you did not ask for it, enter it nowhere. Do not give it to anyone."),
}


@dataclass(frozen=True)
class Letter:
    """A mail's subject, plain text, HTML and headers of its own."""

    subject: str
    text: str
    html: str
    headers: dict = field(default_factory=dict)


def compose(reminder, now):
    """Return the Letter for a reminder, true at `now`, by the client's wall clock."""
    with translation.override(reminder.client.speaks), timezone.override(reminder.client.time_zone):
        if reminder.invitation is None:
            return _about_session(reminder, now)
        if reminder.invitation.kind in WHERE:
            return _with_code(reminder.invitation, now)
        return _with_link(reminder.invitation, now)


def unsubscribe_url(client):
    """Return the absolute address at which reminders to this client's present mailbox stop (R14)."""
    return settings.BASE_URL + reverse("client:unsubscribe", args=[client.id, client.stop_token()])


def answer_url(reminder):
    """Return the absolute address at which a mail is answered; empty when it names several sessions.

    One tap never answers for two. The token is in the fragment, which no server and no log sees (R17).
    """
    if len(reminder.sessions) > 1:
        return ""
    token = answers.token_of(reminder.sessions[0], reminder.client)
    return f"{settings.BASE_URL}{reverse('client:answer')}#{token}"


def _about_session(reminder, now):
    starts, zone = tuple(session.starts_at for session in reminder.sessions), reminder.client.time_zone
    addresses = {
        "url": session_url(reminder.sessions[0].id),
        "answer_url": answer_url(reminder),
        "unsubscribe_url": unsubscribe_url(reminder.client),
    }
    about = reminder.client.speaks, zone, reminder.kind, starts, now.replace(second=0, microsecond=0)
    if items := _open_items(reminder):
        letter = _written.__wrapped__(*about, tuple(addresses.items()), items)  # their words are not kept
    else:
        letter = _addressed(_written(*about, _stand_ins(addresses)), addresses)
    one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    one_click["List-Unsubscribe"] = f"<{addresses['unsubscribe_url']}>"
    return replace(letter, headers=letter.headers | one_click)


@lru_cache(maxsize=500)
def _written(_language, zone, kind, starts, minute, addresses, open_items=()):
    """Return the Letter; within a minute many people get the same words, so it is kept, with stand-ins for addresses.

    The language and the zone are the active ones.
    """
    context = {
        **dict(addresses),
        "subject": _subject(starts, minute),
        "heading": wording.when(starts, minute),
        "when": _when(starts[0], minute, zone),
        "line": str(LINES[kind]),
        "open_items": open_items,
    }
    return _letter("reminder", context)


def _stand_ins(addresses):
    return tuple((name, f"%{name}%" if address else "") for name, address in addresses.items())


def _addressed(letter, addresses):
    """Return a Letter with the addresses in the places of their stand-ins."""
    text, html = letter.text, letter.html
    for name, address in addresses.items():
        text, html = text.replace(f"%{name}%", address), html.replace(f"%{name}%", address)
    return replace(letter, text=text, html=html)


def _with_link(invitation, now):
    context = {
        "subject": gettext("Your link to Settle"),
        "url": f"{settings.BASE_URL}{reverse('client:join')}#{invitation.token()}",
        "until": wording.when([invitation.expires_at], now),
    }
    return _letter("invitation", context)


def _with_code(invitation, now):
    minutes = max((invitation.expires_at - now) // timedelta(minutes=1), 1)
    opens = invitation.kind == Invitation.Kind.CODE  # the other one is asked for by a page that is open
    words = ngettext("It works once, for %(count)d minute.", "It works once, for %(count)d minutes.", minutes)
    context = {
        "subject": gettext("Your code for Settle"),
        "code": invitation.code(),
        "line": words % {"count": minutes},
        "where": WHERE[invitation.kind],
        "not_asked": NOT_ASKED[invitation.kind],
        "url": settings.BASE_URL + reverse("client:join_code") if opens else "",
    }
    return _letter("code", context)


def _letter(name, context):
    text = render_to_string(f"emails/{name}.txt", context).strip() + "\n"
    html = render_to_string(f"emails/{name}.html", context)
    return Letter(context["subject"], text, html, AUTOMATIC)


def _open_items(reminder):
    """Return the titles of what is open, for who chose to have them in the mail (R3)."""
    if not (reminder.client.open_items_in_mail and reminder.preparing):
        return []
    lines = [line for session in reminder.sessions for line in session.readiness.open_lines]
    return list(dict.fromkeys(line.item.title_text for line in lines))


def _subject(starts, now):
    """Return the subject, with the day as it is seen at `now`: a late mail never says tomorrow of today."""
    days = spoken.days_between(timezone.localtime(now), timezone.localtime(starts[0]))
    words = {"clock": wording.clocks(starts), "day": wording.full_day(starts[0], now)}
    if days == 0:
        return gettext("Reminder: today at %(clock)s") % words
    if days == 1:
        return gettext("Reminder: tomorrow at %(clock)s") % words
    return gettext("Reminder: %(day)s at %(clock)s") % words


def _when(at, now, zone):
    """Return the full day and the zone of the clock time, for who reads it later or elsewhere."""
    words = {"day": wording.full_day(at, now), "place": spoken.place(zone)}
    return gettext("%(day)s, %(place)s time") % words
