"""The page about reminders: what a client decides, what comes, what was sent."""

from django.conf import settings
from django.contrib import messages
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from checklist import access, choosing, wording
from checklist.forms.wishing import CHANNELS, WishesForm
from checklist.models import Reminder
from checklist.models.wishing import Wishing
from checklist.pure import browser
from checklist.pure.wishes import KINDS
from checklist.views.answers import page, posted
from checklist.views.client.outbox import outbox
from checklist.views.client.whose import back, chosen, whose
from project import pushkeys

CHOSEN = [*(field.name for field in Wishing._meta.fields), "time_zone"]


@require_http_methods(["GET", "HEAD", "POST"])
@access.enrolled
def reminders(request):
    """Show what was sent and what will be; take the choices, for the clients of this phone with one therapist."""
    mine, now = chosen(request), timezone.now()
    form = _form(request, mine, now)
    if request.method == "POST" and form.is_valid():
        for client in mine:
            choosing.choose(client, form.changed(), form.wanted(), form.channels, now)
        messages.success(request, _("Saved."))
        return back(request, "client:reminders")
    context = {**_context(mine, now), **outbox(access.clients(request), now), **whose(request)}
    context |= notifications(request)
    return page(request, "client/reminders.html", context, form)


def _form(request, clients, now):
    allowed = {kind for client in clients for kind in client.practice.kinds}
    kinds = [kind for kind in KINDS if kind in allowed]
    mail = any(client.email for client in clients)
    return WishesForm(posted(request), initial=_initial(clients, now), kinds=kinds, mail=mail, now=now)


def _initial(clients, now):
    """Return the choices as they are: those of the first client, where they differ."""
    first = clients[0]
    kinds = [*KINDS, Reminder.Kind.NUDGE]
    how = {f"how_{kind}": [channel for channel in CHANNELS if first.wants(kind, channel)] for kind in kinds}
    initial = model_to_dict(first, CHOSEN) | how
    initial["mail_reminders"] = any(client.mail_reminders for client in clients)
    if not first.is_paused(now):  # a pause that is over would be refused as one that begins now
        initial["paused_until"] = None
    return initial


def _context(clients, now):
    first = clients[0]
    paused = wording.full_date(first.paused_until, now) if first.is_paused(now) else ""
    return {"tab": "reminders", "now": now, "wishes": first, "paused_until": paused}


def notifications(request):
    """Return what the page needs to take notifications: our public key, if there is one, and whose help to show."""
    try:
        key = pushkeys.load(settings.PUSH_KEY_FILE).public if settings.PUSH_CONTACT else ""
    except pushkeys.Unusable:
        key = ""
    return {"push_key": key, "permits": browser.permits(request.headers.get("User-Agent", ""))}
