"""Many small things to do, and a room that must not notice: a slice of them in each turn."""

from collections import deque
from collections.abc import Callable

from twisted.logger import Logger

SLICE_SECONDS = 0.01
"""How long one turn of the reactor may be held up."""


class Gradually:
    """Does what it is given, in order, from the next turn on.

    ``soon`` calls a function in the reactor's next turn; ``now`` gives seconds of a clock
    that never goes back.
    """

    _log = Logger()

    def __init__(
        self, soon: Callable[[Callable[[], None]], object], now: Callable[[], float]
    ) -> None:
        self._soon = soon
        self._now = now
        self._waiting: deque[Callable[[], None]] = deque()

    def do(self, what: Callable[[], None]) -> None:
        """Call this when its turn comes."""
        self._waiting.append(what)
        if len(self._waiting) == 1:
            self._soon(self._work)

    def _work(self) -> None:
        until = self._now() + SLICE_SECONDS
        while True:
            try:
                self._waiting[0]()
            except Exception:
                self._log.failure("Could not do something that was put off")
            self._waiting.popleft()
            if not self._waiting:
                return
            if self._now() >= until:
                self._soon(self._work)
                return
