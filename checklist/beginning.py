"""The first steps on a phone: four short screens after it was let in, each done or skipped once, or all left out."""

from checklist.models import Device, Invitation
from checklist.models.plans import plan_of

STEPS = WHAT, REMINDERS, INSTALL, PLAN = ("what", "reminders", "install", "plan")
# A second phone of somebody who knows what this is; the app that an iPhone made of the page of its phone.
OF_ANOTHER_PHONE = (REMINDERS, INSTALL)
OF_AN_APP = (REMINDERS, PLAN)


def steps_for(invitation, clients):
    """Return the first steps of a phone that this invitation is letting in for these clients."""
    if invitation.kind == Invitation.Kind.PASS:
        left = invitation.device.first_steps
        return [step for step in OF_AN_APP if step == REMINDERS or step in left] if left else []
    known = Device.objects.filter(client__in=clients).exists()
    return list(OF_ANOTHER_PHONE if known else STEPS)


def left(devices):
    """Return the steps that this browser's person has neither done nor skipped, in order."""
    planned = all(plan_of(device.client) for device in devices)
    return [step for step in devices[0].first_steps if step != PLAN or not planned]


def finish(devices, *steps):
    """Take these steps from what is left for this browser: they were done, or skipped."""
    rest = [step for step in devices[0].first_steps if step not in steps]
    Device.objects.filter(pk__in=[device.pk for device in devices]).update(first_steps=rest)
    for device in devices:
        device.first_steps = rest
