"""All addresses of the app."""

from django.urls import include, path

from checklist.views import health, metrics, pwa

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("manifest.json", pwa.manifest, name="manifest"),
    path("serviceworker.js", pwa.service_worker, name="serviceworker"),
    path("offline/", pwa.offline, name="offline"),
    path("desk/", include("checklist.views.desk.urls")),
    path("desk/", include("checklist.views.desk.signing_in")),
    path("", include("checklist.views.client.urls")),
]
