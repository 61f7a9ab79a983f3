"""Which rows belong to a client: found by following the keys of all models, so that none can be forgotten (R21)."""

from functools import cache

from django.apps import apps

from checklist.models.people import Client


@cache
def paths():
    """Return {model: the lookup that leads from it to its client} of each model that has rows of clients."""
    found = {model: path_of(model) for model in apps.get_app_config("checklist").get_models()}
    return {model: path for model, path in found.items() if path}


def path_of(model, seen=()):
    """Return the shortest lookup from a model to its client, sure keys before those that may be empty; None without."""
    if model is Client:
        return "pk"
    found = []
    for field in model._meta.concrete_fields:
        if field.is_relation and field.related_model not in (*seen, model):
            further = path_of(field.related_model, (*seen, model))
            if further:
                path = field.name if further == "pk" else f"{field.name}__{further}"
                found.append((field.null, path.count("__"), path))
    return min(found, default=(None, None, None))[2]


def rows_of(client):
    """Return {model: the rows of this client} for each model that has rows of clients, the client's own first."""
    found = {model: model.objects.filter(**{path: client.pk}) for model, path in paths().items()}
    return dict(sorted(found.items(), key=lambda each: each[0] is not Client))
