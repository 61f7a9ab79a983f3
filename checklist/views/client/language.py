"""/language/: which language to read, for whoever comes: a client, a therapist, or nobody that we know."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from checklist import access, speaking
from checklist.forms.speaking import LanguageForm
from checklist.views.answers import page, posted


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def language(request):
    """Take the language for the person who is here, in every place, and for this browser."""
    people = [request.user] if request.user.is_authenticated else access.clients(request)
    form = LanguageForm(posted(request), initial={"back": request.GET.get("back", "")})
    if form.is_valid():
        speaking.choose(request, form.cleaned_data["language"], people)
        messages.success(request, _("From now on you read Settle in English."))
        return redirect(form.cleaned_data["back"] or "client:today")
    for person in people[:1]:
        speaking.speak_to(request, person)
    return page(
        request, "client/language.html", {"known": people and not request.user.is_authenticated}, form
    )
