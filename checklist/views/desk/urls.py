"""Addresses of the therapist's pages, under /desk/."""

from django.urls import path

from checklist.views.desk import (
    checklists,
    clients,
    erasing,
    invitations,
    nudging,
    outcomes,
    series,
    sessions,
    settings,
    today,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("clients/", clients.clients, name="clients"),
    path("clients/add/", clients.add, name="client_add"),
    path("clients/<uuid:client_id>/", clients.client, name="client"),
    path("clients/<uuid:client_id>/edit/", clients.edit, name="client_edit"),
    path("clients/<uuid:client_id>/archive/", clients.archive, name="client_archive"),
    path("clients/<uuid:client_id>/erase/", erasing.erase, name="client_erase"),
    path("clients/<uuid:client_id>/invitation/", invitations.invitation, name="invitation"),
    path(
        "clients/<uuid:client_id>/invitation/revoke/", invitations.revoke_invitation, name="invitation_revoke"
    ),
    path("clients/<uuid:client_id>/code/", invitations.code, name="code"),
    path(
        "clients/<uuid:client_id>/devices/<uuid:device_id>/revoke/",
        invitations.revoke_device,
        name="device_revoke",
    ),
    path("sessions/add/", sessions.add, name="session_add"),
    path("sessions/<uuid:session_id>/", sessions.session, name="session"),
    path("sessions/<uuid:session_id>/edit/", sessions.edit, name="session_edit"),
    path("sessions/<uuid:session_id>/cancel/", sessions.cancel, name="session_cancel"),
    path("sessions/<uuid:session_id>/following/", series.following, name="session_following"),
    path("series/<uuid:series_id>/", series.series, name="series"),
    path("series/<uuid:series_id>/extend/", series.extend, name="series_extend"),
    path("sessions/<uuid:session_id>/nudge/", nudging.nudge, name="session_nudge"),
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/csv/", outcomes.as_csv, name="outcomes_csv"),
    path("checklists/", checklists.checklists, name="checklists"),
    path("checklists/<uuid:checklist_id>/<str:key>/", checklists.item, name="checklist_item"),
    path("settings/", settings.settings, name="settings"),
]
