"""What each holder of something may still use of it, counted in this process and forgotten after a while."""

from threading import Lock


class Allowance:
    """Counts per holder and kind, for `lasts` seconds from the first use. It holds at most `holders` at a time."""

    def __init__(self, most, lasts, holders=10_000):
        self.most, self.lasts, self.holders = most, lasts, holders
        self._used, self._lock = {}, Lock()  # {holder: (gone at, {kind: amount})}, the oldest first

    def take(self, holder, kind, amount, now):
        """Count `amount` of `kind` at `now` (seconds), or return False where that is more than is left."""
        with self._lock:
            self._forget(now)
            if holder not in self._used and len(self._used) >= self.holders:
                return False
            _gone, used = self._used.setdefault(holder, (now + self.lasts, dict.fromkeys(self.most, 0)))
            if used[kind] + amount > self.most[kind]:
                return False
            used[kind] += amount
            return True

    def __len__(self):
        return len(self._used)

    def _forget(self, now):
        while self._used and next(iter(self._used.values()))[0] <= now:
            del self._used[next(iter(self._used))]
