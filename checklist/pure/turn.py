"""What a phone needs to reach a practice's TURN server for a while: names that say nothing and stop working."""

import base64
import hashlib
import hmac
import re
import secrets

LASTS = 600  # seconds
ADDRESS = re.compile(
    r"turns?:(?P<host>[^\s:?/@]+)(?::(?P<port>\d{1,5}))?(?:\?transport=(?:udp|tcp))?", re.ASCII
)


def credentials(url, secret, now):
    """Return {urls, username, credential} by the REST scheme of TURN servers, good for LASTS from `now` (aware)."""
    username = f"{int(now.timestamp()) + LASTS}:{secrets.token_hex(8)}"
    mac = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return {"urls": [url], "username": username, "credential": base64.b64encode(mac).decode()}
