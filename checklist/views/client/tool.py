"""/tools/<name>/: one of the tools, the same for everybody in one language.

No other cookie is read for it: what is personal its script fills in from this phone's own store. The worker keeps them
all with their headers (views/pwa.py), so each works, or says why it can't, with no connection.
"""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from checklist import speaking
from checklist.views.client.toolbox import BY_NAME


@require_safe
@speaking.by_address
def tool(_request, name):
    return HttpResponse(BY_NAME[name].page(), headers=BY_NAME[name].headers)
