"""How late the reactor comes to what is due: the wait that everybody in the room has."""

from collections.abc import Callable
from typing import Any

EVERY_SECONDS = 0.1
RECENT_SECONDS = 10.0


class Lag:
    """A timer that measures its own lateness, and tells ``observe`` each time, in seconds.

    ``reactor`` gives the time and calls later. Nothing happens before ``start``.
    """

    def __init__(self, reactor: Any, observe: Callable[[float], object]) -> None:
        self._reactor = reactor
        self._observe = observe
        self._timer: Any = None
        self._due = 0.0
        self._worst = self._worst_before = 0.0
        self._until = 0.0  # when the worst so far becomes the worst before

    def start(self) -> None:
        """Measure, from now on; what was measured before is forgotten."""
        if self._timer is None:
            self._worst = self._worst_before = 0.0
            self._until = self._reactor.seconds() + RECENT_SECONDS
            self._wait()

    def stop(self) -> None:
        """Measure no more."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def worst(self) -> float:
        """The worst of the last ten seconds, or a little longer, in seconds."""
        return max(self._worst, self._worst_before, self._late())

    def _late(self) -> float:
        return 0.0 if self._timer is None else max(0.0, float(self._reactor.seconds() - self._due))

    def _wait(self) -> None:
        self._due = self._reactor.seconds() + EVERY_SECONDS
        self._timer = self._reactor.callLater(EVERY_SECONDS, self._look)

    def _look(self) -> None:
        late = self._late()
        if self._reactor.seconds() >= self._until:
            self._worst, self._worst_before = 0.0, self._worst
            self._until = self._reactor.seconds() + RECENT_SECONDS
        self._worst = max(self._worst, late)
        self._observe(late)
        self._wait()
