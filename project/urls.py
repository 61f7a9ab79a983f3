"""The doors: our addresses first, then django-pwa's, which ours stand in front of."""

from django.urls import include, path

urlpatterns = [
    path("", include("checklist.urls")),
    path("", include("pwa.urls")),
]
handler400 = "checklist.views.errors.bad_request"
handler403 = "checklist.views.errors.forbidden"
handler404 = "checklist.views.errors.not_found"
handler500 = "checklist.views.errors.broken"
