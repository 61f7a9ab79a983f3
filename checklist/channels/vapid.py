"""Says who is sending (RFC 8292): a token signed with our push key, for one service, good for half a day."""

from py_vapid import Vapid02

LIFE = 12 * 3600  # seconds; services refuse more than a day
RENEW = 11 * 3600  # an hour before its end, so that clocks may differ
MOST = 64  # services


class Signer:
    """Makes Authorization headers. Signing costs as much as a third of a message, so a token is kept per service."""

    def __init__(self, keys, contact):
        """Take the project.pushkeys.Keys and a mailto: or https: address, which checks.py has looked at."""
        self.vapid = Vapid02(private_key=keys.private, conf={"no-strict": True})
        self.contact, self.kept = contact, {}

    def authorization(self, origin, now):
        """Return the header's value for the service at `origin` (https://host) at `now`."""
        at = int(now.timestamp())
        made, header = self.kept.get(origin, (None, None))
        if made is None or not made <= at < made + RENEW:
            header = self._sign(origin, at)
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[origin] = at, header
        return header

    def _sign(self, origin, at):
        # A fresh dictionary each time: py_vapid and its users have been seen to keep an old audience or end.
        claims = {"aud": origin, "exp": at + LIFE, "sub": self.contact}
        return self.vapid.sign(claims)["Authorization"]
