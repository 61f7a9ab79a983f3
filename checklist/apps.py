"""The one app. Its system checks stop the start when a setting is wrong."""

from django.apps import AppConfig

from checklist import checks


class ChecklistConfig(AppConfig):
    name = "checklist"

    def ready(self):
        checks.register_all()
