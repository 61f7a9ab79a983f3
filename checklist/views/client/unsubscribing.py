"""One-click unsubscribe by RFC 8058: GET changes nothing, POST needs no cookie (R14)."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from checklist import speaking
from checklist.models import Client


@csrf_exempt  # a mail program posts it, without cookies; who has the token may
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, client_id, token):
    """Ask on GET; stop the reminders by mail on POST, or start them again when `again` is posted.

    A link in a mail to an address that the client has left is answered politely and changes nothing.
    """
    client = get_object_or_404(Client, pk=client_id)
    if not client.is_stop_token(token):
        raise Http404
    speaking.speak(request, client.speaks)
    if not client.is_stop_token_here(token):
        return render(request, "client/unsubscribe_old.html")
    asked = request.method == "POST"
    if asked:
        client.mail_reminders = "again" in request.POST
        same_address = Client.objects.filter(pk=client.pk, email=client.email)
        same_address.update(mail_reminders=client.mail_reminders)
    return render(request, "client/unsubscribe.html", {"on": client.mail_reminders, "asked": asked})
