"""The floor that the checklist page is held against: a signed-in page, one query, twenty rows, no thought."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path

from checklist.models import Item

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bare list</title></head><body><main><h1>Checklist of {{ who }}</h1><ul>{% for item in items %}
<li><label><input type="checkbox" name="i{{ item.pk }}"> {{ item.title }}</label> <small>{{ item.why }}</small>
<time datetime="{{ now|date:'c' }}">{{ now|date:"H:i" }}</time></li>{% endfor %}</ul></main></body></html>
"""
template = []


def me(request):
    """Twenty rows for a signed-in user, 403 for anybody else."""
    if not request.user.is_authenticated:
        return HttpResponse("no", status=403)
    if not template:
        template.append(engines["django"].from_string(PAGE))
    rows = {"items": Item.objects.all()[:20], "who": request.user.name, "now": request.user.date_joined}
    return HttpResponse(template[0].render(rows, request))


urlpatterns = [path("me/", me)]
