"""How much of the same is logged: enough to know, and not what a flood would make of it."""

from collections import Counter
from collections.abc import Callable

from twisted.logger import LogEvent

from chatd.pace import Pace

STRANGERS = frozenset({"connected", "disconnected", "refused", "turned-away"})
STRANGERS_AT_ONCE, STRANGERS_PER_SECOND = 14, 4
"""Lines about strangers, who cost nothing. With the line that counts what was left out, less
than twenty in any second."""

MEMBERS = frozenset({"joined", "left"})
MEMBERS_AT_ONCE, MEMBERS_PER_SECOND = 3000, 20
"""Lines about who came and who went: a thousand may come at once, and go at once, and each of them
is logged. Only somebody who comes and goes all day is not."""

OTHERS_AT_ONCE, OTHERS_PER_SECOND = 20, 1
"""Lines of any other kind, for each kind."""

MOST_KINDS = 200


class Repeats:
    """Tells which events to log, and counts the others. ``now``: a clock that never goes back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._paces: dict[object, Pace] = {}
        self._left_out: Counter[str] = Counter()

    def allows(self, event: LogEvent) -> bool:
        """Whether it is to be logged; if not, it is counted."""
        kind = event.get("event")
        pace = self._pace_of(kind or (event.get("log_namespace"), event.get("log_format")))
        if pace.take(self._now(), 1):
            return True
        self._left_out[str(kind or "other")] += 1
        return False

    def left_out(self) -> str:
        """What was not logged since this was asked before, in words; empty: nothing."""
        words = ", ".join(f"{count} {kind}" for kind, count in self._left_out.items())
        self._left_out.clear()
        return words

    def _pace_of(self, kind: object) -> Pace:
        rate, burst = OTHERS_PER_SECOND, OTHERS_AT_ONCE
        if kind in STRANGERS:
            kind, rate, burst = STRANGERS, STRANGERS_PER_SECOND, STRANGERS_AT_ONCE
        elif kind in MEMBERS:
            kind, rate, burst = MEMBERS, MEMBERS_PER_SECOND, MEMBERS_AT_ONCE
        if kind not in self._paces:
            if len(self._paces) >= MOST_KINDS:  # a text of somebody's, taken for a format
                self._paces.clear()
            self._paces[kind] = Pace(rate, burst, self._now())
        return self._paces[kind]
