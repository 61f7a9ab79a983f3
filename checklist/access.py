"""Who may see which row: this person's row or 404, all in one file (R16)."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from checklist import speaking, turning_away
from checklist.device_cookie import devices_now
from checklist.models import Client, Device, Series, Session, Share, Subscription
from checklist.models.plans import sentence_of

# What is raised where a row is locked or read anew and was erased since it was fetched.
GONE = Client.DoesNotExist, Session.DoesNotExist


def devices(request):
    """Return the live Device rows of this browser, one for each client it was let in for; remembered per request.

    From here on the answer speaks the language of the first of them.
    """
    if not hasattr(request, "_devices"):
        request._devices = list(
            devices_now(request)
            .live()
            .select_related("client__practice", "client__therapist", "client__plan")
            .order_by("created_at", "id")
        )
        _seen(request._devices)
        for device in request._devices[:1]:
            speaking.speak_to(request, device.client)
    return request._devices


def _seen(rows):
    """Note the day on which the devices were last used, at most once a day."""
    today = timezone.now().date()
    stale = [row.pk for row in rows if row.last_seen_on < today]
    if stale:
        Device.objects.filter(pk__in=stale).update(last_seen_on=today)
        unknown = Client.objects.filter(devices__in=stale, language="")  # let in before there were languages
        unknown.update(language=get_language())


def clients(request):
    """Return the clients that this browser may act for."""
    return [device.client for device in devices(request)]


def clients_of(token):
    """Return the clients that the browser holding `token` may act for."""
    rows = Device.objects.holding(token).live().select_related("client").order_by("created_at", "id")
    return [device.client for device in rows]


def own_client(request, client_id):
    """Return that client, if this browser may act for them; else 404."""
    found = (client for client in clients(request) if str(client.id) == str(client_id))
    return next(found, None) or _nobody()


def asked_client(request):
    """Return the client that a form is about; a form that names none is about the only one there is, else 404."""
    mine = clients(request)
    named = request.POST.get("client") or (mine[0].id if len(mine) == 1 else "")
    return own_client(request, named)


def _nobody():
    raise Http404


def device_by_client(request):
    """Return {client id: Device} of this browser."""
    return {device.client_id: device for device in devices(request)}


def sessions(request):
    """Return the sessions of this browser's clients."""
    return Session.objects.of_these(clients(request))


def sessions_with(token):
    """Return the sessions that the browser holding `token` sees."""
    return Session.objects.of_clients(Device.objects.holding(token).live().values("client"))


def own_session(request, session_id):
    """Return that session with its list, if it belongs to this browser's clients; else 404."""
    return get_object_or_404(sessions(request).with_lists(), pk=session_id)


def own_device(request, device_id):
    """Return that live device, if it belongs to one of this browser's clients; else 404."""
    return get_object_or_404(Device.objects.live().filter(client__in=clients(request)), pk=device_id)


def fed_client(given):
    """Return the client of the device, still let in, whose calendar address carries this secret; else 404."""
    device = Device.objects.live().feeding(given)
    return device.client if device else _nobody()


def enrolled(view):
    """Let a view be seen by an enrolled browser only; others are told how to get in (401)."""
    return never_cache(_let_in(view, turning_away.page))


def enrolled_script(view):
    """Let a view answer the scripts of an enrolled browser only; others are told that it is shut out (401)."""
    return _let_in(view, turning_away.told)


def _let_in(view, turned_away):
    """Let a view answer while this browser is let in; `turned_away` answers else.

    Where a client was erased while it worked, it is asked once more, for whoever is left (R29).
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not devices(request):
            return turned_away(request)
        try:
            with timezone.override(clients(request)[0].time_zone):
                return view(request, *args, **kwargs)
        except (*GONE, DatabaseError) as error:
            if not _fewer(request):
                if isinstance(error, GONE):
                    raise Http404 from error
                raise
        return wrapped(request, *args, **kwargs)

    return wrapped


def _fewer(request):
    """Look anew for which clients this browser was let in; return whether they have become fewer."""
    before = request.__dict__.pop("_devices")
    return len(devices(request)) < len(before)


def therapist(view):
    """Let a view be seen by a signed-in therapist of a practice only."""

    @wraps(view)
    @never_cache
    @login_required
    def wrapped(request, *args, **kwargs):
        if request.user.practice_id is None:
            raise Http404
        speaking.speak_to(request, request.user)
        with timezone.override(request.user.time_zone):
            try:
                return view(request, *args, **kwargs)
            except GONE as error:  # erased while the view worked (R29)
                raise Http404 from error

    return wrapped


def desk_client(user, client_id):
    """Return that client, if this therapist looks after them; else 404."""
    return get_object_or_404(Client.objects.of(user), pk=client_id)


def shared_plan(client):
    """Return the client's if-then sentence for their therapist: empty unless the client shares it (R20)."""
    return sentence_of(client) if client.shares(Share.PLAN) else ""


def desk_session(user, session_id):
    """Return that session with its list, answers and kept checks, if it is this therapist's; else 404."""
    rows = Session.objects.of(user).with_lists().select_related("series").numbered()
    rows = rows.prefetch_related("answers", "checks")
    return get_object_or_404(Subscription.objects.telling(rows), pk=session_id)


def desk_series(user, series_id):
    """Return that series, if it is this therapist's; else 404."""
    rows = Series.objects.of(user).select_related("client__practice", "therapist", "checklist")
    return get_object_or_404(rows, pk=series_id)


def desk_item(user, checklist_id, key):
    """Return a checklist of the therapist's practice and the item of its newest version with that key; else 404."""
    checklist = get_object_or_404(user.practice.checklists.filter(archived_at=None), pk=checklist_id)
    return checklist, get_object_or_404(checklist.current.items, key=key)


def desk_device(client, device_id):
    """Return that live device of the client; else 404."""
    return get_object_or_404(client.devices.filter(revoked_at=None), pk=device_id)
