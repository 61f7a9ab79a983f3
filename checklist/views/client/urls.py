"""Addresses of the client's pages."""

from django.urls import path

from checklist.beginning import STEPS
from checklist.views.client import (
    answering,
    checking,
    first_steps,
    installing,
    joining,
    kept,
    notifications,
    plain,
    planning,
    progress,
    reflecting,
    reminders,
    sessions,
    settings,
    switching,
    sync,
    today,
    tool,
    toolbox,
    unsubscribing,
)

app_name = "client"
urlpatterns = [
    path("", today.home, name="today"),
    path("join/", joining.join, name="join"),
    path("join/code/", joining.join_code, name="join_code"),
    path("join/lost/", joining.join_lost, name="join_lost"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/<uuid:session_id>/", sessions.session, name="session"),
    path("sessions/<uuid:session_id>/ticks/", sessions.ticks, name="ticks"),
    path("sessions/<uuid:session_id>/answers/", answering.answers, name="answers"),
    path("sessions/<uuid:session_id>/check/", kept.check, name="check"),
    path("sessions/<uuid:session_id>/way/", switching.way, name="way"),
    path("sessions/<uuid:session_id>/calendar.ics", sessions.calendar, name="calendar"),
    path("sessions/<uuid:session_id>/outcome/", reflecting.outcome, name="outcome"),
    path("sessions/<uuid:session_id>/fit/", reflecting.fit, name="fit"),
    path("progress/", progress.progress, name="progress"),
    path("answer/", answering.answer, name="answer"),
    path("sync/", sync.sync, name="sync"),
    path("notifications/", notifications.subscribe, name="subscribe"),
    path("notifications/arrived/", notifications.arrived, name="arrived"),
    path("notifications/answered/", notifications.answered, name="answered"),
    path("notifications/test/", notifications.send_test, name="send_test"),
    path("reminders/", reminders.reminders, name="reminders"),
    *(path(f"tools/{name}/", tool.tool, {"name": name}, name="tool") for name in toolbox.BY_NAME),
    path("list/", plain.plain, name="plain"),
    path("tools/connection/start/", checking.start, name="check_start"),
    path("tools/connection/probe/", checking.probe, name="check_probe"),
    path("tools/connection/down/", checking.down, name="check_down"),
    path("tools/connection/up/", checking.up, name="check_up"),
    path("plan/", planning.plan, name="plan"),
    path("first-steps/", first_steps.first_steps, name="first_steps"),
    *(
        path(f"first-steps/{step}/", first_steps.first_step, {"step": step}, name="first_step")
        for step in STEPS
    ),
    path("help/", settings.help_page, name="help"),
    path("install/", installing.install, name="install"),
    path("devices/", settings.devices, name="devices"),
    path("devices/add/", settings.add_device, name="add_device"),
    path("devices/<uuid:device_id>/revoke/", settings.revoke_device, name="revoke_device"),
    path("lock/", settings.lock, name="lock"),
    path("leave/", settings.leave, name="leave"),
    path("unsubscribe/<uuid:client_id>/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
]
