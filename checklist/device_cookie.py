"""The cookie by which an enrolled browser is known. Scripts can't read it."""

from django.conf import settings

from checklist.models import Device

DEVICE_COOKIE = "settle_device"
DEVICE_COOKIE_AGE = 400 * 24 * 3600  # seconds; browsers cut longer ones to 400 days


def holds(request):
    """Return the token in this browser's cookie, whether it is worth anything or not."""
    return request.COOKIES.get(DEVICE_COOKIE, "")


def devices_now(request):
    """Return the Device rows of this browser as a queryset, revoked ones included; none without a cookie."""
    token = holds(request)
    return Device.objects.holding(token) if token else Device.objects.none()


def remember(response, token):
    """Give the browser its long-lived token; scripts can't read it."""
    flags = {"secure": settings.SECURE, "httponly": True, "samesite": "Lax"}
    response.set_cookie(DEVICE_COOKIE, token, max_age=DEVICE_COOKIE_AGE, **flags)
    return response


def forget(response):
    """Take the token from the browser."""
    response.delete_cookie(DEVICE_COOKIE, samesite="Lax")
    return response
