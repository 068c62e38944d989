"""Whether the server is still there. A dead network does not say that it is dead."""

from collections.abc import Callable

QUIET_SECONDS = 20.0
"""After so long without a byte the server is asked whether it is there…"""
DEAD_SECONDS = 20.0
"""…and after so long without an answer the connection is given up."""


class Pulse:
    """``clock``: seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.heard()

    def heard(self) -> None:
        """Something has come, or a new connection has been made."""
        self._heard_at = self._clock()
        self._asked_at: float | None = None

    def should_ask(self) -> bool:
        """Whether to ask now; if so, it counts as asked."""
        due = self._asked_at is None and self.silence >= QUIET_SECONDS
        if due:
            self._asked_at = self._clock()
        return due

    @property
    def silence(self) -> float:
        """Seconds since something has come."""
        return self._clock() - self._heard_at

    @property
    def is_dead(self) -> bool:
        """Whether it was asked long enough ago. (After a sleep of this machine it is asked
        first: silence alone proves nothing.)"""
        return self._asked_at is not None and self._clock() - self._asked_at >= DEAD_SECONDS
