"""Web push: hands a sealed message to the service of a phone's browser, and says what its answer means.

Endpoints, keys and tokens are secrets of the phones: nothing here logs, and no error carries them.
"""

import json
import re
from datetime import timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

from checklist.channels import NotDelivered, endpoints, sealing
from checklist.channels.answers import seconds_to_wait
from checklist.channels.posting import Poster
from checklist.channels.vapid import Signer
from checklist.models.reasons import Reason
from project import pushkeys

URGENCIES = {"very-low", "low", "normal", "high"}
LONGEST_TTL = 28 * 24 * 3600  # seconds; services keep nothing longer
TAKEN = {200, 201, 202}
GONE = {404, 410}
OUR_KEY = {401, 403}
# Passing troubles with a status below 500; 406 is how Windows' service says "too many".
LATER = {406, 408, 425, 429}
_TOPIC = re.compile(r"[A-Za-z0-9]{1,32}")


class Pusher:
    """Sends to phones over kept connections. For one thread at a time; `poster` is for tests."""

    def __init__(self, poster=None):
        self.poster, self.signer = poster or Poster(), None

    def hand_over(self, subscription, payload, ttl, urgency, topic, now):
        """Hand one message to the phone's push service; return once it has taken it, else raise NotDelivered.

        `subscription` has endpoint, p256dh and auth as its browser gave them; `payload` is what payload() returns;
        `ttl` is in whole seconds (see seconds_until), and of 0 or less nothing is sent.
        """
        endpoint, receiver = addressed(subscription)
        request = self._request(endpoint, receiver, payload, ttl, urgency, topic, now)
        try:
            answer = self.poster.post(endpoint.host, request)
        except OSError as error:
            raise NotDelivered(Reason.PUSH_NOT_REACHED) from error
        judge(answer, now)

    def begin(self, subscription, payload, ttl, urgency, topic, now):
        """Send one message, as hand_over() takes it, over a connection that is open; return the Posted.

        judge() says what its answer means. None when no connection to that service is open.
        """
        endpoint, receiver = addressed(subscription)
        if not self.poster.has(endpoint.host):
            return None
        request = self._request(endpoint, receiver, payload, ttl, urgency, topic, now)
        return self.poster.send(endpoint.host, request)

    def close(self):
        """Close the connections; never raises."""
        self.poster.close()

    def _request(self, endpoint, receiver, payload, ttl, urgency, topic, now):
        if urgency not in URGENCIES or not _TOPIC.fullmatch(topic):
            raise ValueError("no urgency or topic of RFC 8030")
        if ttl <= 0:
            raise NotDelivered(Reason.TOO_LATE, permanent=True)
        body = sealing.seal(_written(payload), receiver)
        authorization = self._authorization(endpoint.origin, now)
        return _request(endpoint, authorization, min(ttl, LONGEST_TTL), urgency, topic, body)

    def _authorization(self, origin, now):
        if self.signer is None:
            try:
                self.signer = Signer(pushkeys.load(settings.PUSH_KEY_FILE), settings.PUSH_CONTACT)
            except pushkeys.Unusable as error:
                raise NotDelivered(Reason.PUSH_KEY) from error
        return self.signer.authorization(origin, now)


def payload(title, body, navigate, tag, lang, data, actions):
    """Return a message in the form that a browser can show without any script of ours (declarative web push).

    `navigate` is the absolute address that a tap opens, `data` is for our service worker, `actions` are
    {"action", "title", "navigate"}. The words show on lock screens (R3).
    """
    notification = {
        "title": title,
        "body": body,
        "navigate": navigate,
        "tag": tag,
        "lang": lang,
        "dir": "auto",
    }
    return {
        "web_push": 8030,
        "notification": {**notification, "data": data, "actions": list(actions)},
        "mutable": True,
    }


def topic(delivery_id):
    """Return the Topic by which a service lets a repeat replace the first: 32 letters that say nothing."""
    return salted_hmac("settle.push.topic", str(delivery_id), algorithm="sha256").hexdigest()[:32]


def seconds_until(end, now):
    """Return the whole seconds from `now` to `end` (two instants): the TTL of what is of no use afterwards."""
    return (end - now) // timedelta(seconds=1)


def addressed(subscription):
    """Return the Endpoint and Receiver of a subscription; raise NotDelivered, gone, when it can't be one."""
    try:
        endpoint = endpoints.parse(subscription.endpoint)
        return endpoint, sealing.receiver(subscription.p256dh, subscription.auth)
    except (endpoints.Refused, ValueError):
        raise NotDelivered(Reason.PUSH_ADDRESS, permanent=True, gone=True) from None


def judge(answer, now):
    """Raise the NotDelivered that an Answer stands for, unless the service has taken the message."""
    if answer.status not in TAKEN:
        raise not_delivered(answer, now)


def not_delivered(answer, now):
    """Return the NotDelivered that an Answer other than "taken" stands for. A redirect is not followed."""
    if answer.status in GONE:
        return NotDelivered(Reason.PUSH_GONE, permanent=True, gone=True)
    if answer.status in OUR_KEY:
        return NotDelivered(Reason.PUSH_KEY, permanent=True)
    if answer.status in LATER or answer.status >= 500:
        return NotDelivered(Reason.PUSH_PUT_OFF, retry_after=seconds_to_wait(answer.retry_after, now))
    return NotDelivered(Reason.PUSH_REFUSED, permanent=True)


def _written(payload):
    """Return a payload as bytes; one that no service would take is our own mistake and never leaves."""
    written = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    if len(written) > sealing.LONGEST:
        raise NotDelivered(Reason.ERROR, permanent=True)
    return written


def _request(endpoint, authorization, ttl, urgency, topic, body):
    head = (
        f"POST {endpoint.path} HTTP/1.1\r\nHost: {endpoint.host}\r\nAuthorization: {authorization}\r\n"
        f"TTL: {ttl}\r\nUrgency: {urgency}\r\nTopic: {topic}\r\nContent-Encoding: aes128gcm\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
