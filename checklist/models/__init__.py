"""The rows: verbs on models, sets on querysets."""

from checklist.models.answers import Answer
from checklist.models.checklists import Checklist, Item, Version
from checklist.models.checks import Check
from checklist.models.deliveries import Delivery
from checklist.models.devices import Device, Invitation, LostPhone
from checklist.models.erasures import Erasure, Tombstone
from checklist.models.fits import Fit
from checklist.models.heartbeats import Heartbeat
from checklist.models.limits import Limit
from checklist.models.looks import Look
from checklist.models.outcomes import Outcome
from checklist.models.people import Client, Practice, User
from checklist.models.plans import Plan
from checklist.models.reminders import Reminder
from checklist.models.series import Series
from checklist.models.sessions import Session
from checklist.models.sharing import Share
from checklist.models.subscriptions import Handover, Subscription
from checklist.models.ticks import Tick

__all__ = [
    "Answer",
    "Check",
    "Checklist",
    "Client",
    "Delivery",
    "Device",
    "Erasure",
    "Fit",
    "Handover",
    "Heartbeat",
    "Invitation",
    "Item",
    "Limit",
    "Look",
    "LostPhone",
    "Outcome",
    "Plan",
    "Practice",
    "Reminder",
    "Series",
    "Session",
    "Share",
    "Subscription",
    "Tick",
    "Tombstone",
    "User",
    "Version",
]
