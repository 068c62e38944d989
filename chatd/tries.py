"""Wrong passwords: nobody may try many, and nobody else waits for that."""

from chatd.addresses import neighbourhood
from chatd.pace import Pace

AT_ONCE = 5
SECONDS_EACH = 10
"""Wrong tries from one address that cost nothing but themselves, and the seconds that each
further one has to wait: 8640 a day, which no password of three words minds."""

MOST_REMEMBERED = 1000
"""Addresses. Each is forgotten when it has waited for all its tries."""


class Tries:
    """Counts them for each address (version 6: each /64, which one person has).

    Times are in seconds of a clock that never goes back.
    """

    def __init__(self) -> None:
        self._paces: dict[str, Pace] = {}

    def wait(self, host: str, now: float) -> float:
        """Seconds until somebody from there may try a password."""
        pace = self._paces.get(neighbourhood(host))
        if pace is None or pace.allows(now, 1):
            return 0.0
        return pace.wait()

    def was_wrong(self, host: str, now: float) -> None:
        """They have tried a wrong one."""
        where = neighbourhood(host)
        if where not in self._paces and len(self._paces) >= MOST_REMEMBERED:
            self._forget_rested(now)
        pace = self._paces.setdefault(where, Pace(1 / SECONDS_EACH, AT_ONCE, now))
        pace.allows(now, 1)
        pace.spend(1)

    def _forget_rested(self, now: float) -> None:
        for where, pace in list(self._paces.items()):
            if pace.allows(now, AT_ONCE) == AT_ONCE:
                del self._paces[where]
        while len(self._paces) >= MOST_REMEMBERED:
            del self._paces[next(iter(self._paces))]
