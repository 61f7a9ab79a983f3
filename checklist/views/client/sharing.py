"""What the therapist sees: the client decides, and reads when something was looked at (R20)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from checklist import access
from checklist import sharing as flow
from checklist.forms.sharing import SharingForm
from checklist.models import Look
from checklist.views.answers import page

LOOKS = 30


@require_http_methods(["GET", "HEAD", "POST"])
@access.enrolled
def sharing(request):
    """Show a form for each client of this phone, and take one."""
    sent = access.asked_client(request) if request.method == "POST" else None
    forms = [_form(client, request.POST if client == sent else None) for client in access.clients(request)]
    bound = next((form for form in forms if form.is_bound), None)
    if bound and bound.is_valid():
        fields = bound.cleaned_data
        flow.share(sent, fields["kinds"], fields["listed"], fields["items"])
        messages.success(request, _("Saved. It counts from now on, for what came before as well."))
        return redirect("client:sharing")
    people = [{"form": form, "looks": Look.objects.told(form.client)[:LOOKS]} for form in forms]
    context = {"people": people, "now": timezone.now(), "tab": "help"}
    return page(request, "client/sharing.html", context, bound)


def _form(client, data):
    return SharingForm(data, client=client, items=flow.items_of(client))
