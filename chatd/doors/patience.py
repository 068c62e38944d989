"""How long a peer is waited for: to join, from then on to say something, and to take its leave."""

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall

from chatd.doors import partings
from chatd.errors import Refused
from chatd.limits import Limits

GOODBYE_SECONDS = 1.5
"""How long a peer may take to read its last lines before it is cut off."""


class Patience:
    """One wait at a time; where a limit is 0, there is none.

    ``later`` calls something after so many seconds; ``let_go`` is told why, when a wait was
    in vain; ``silence`` gives the seconds since they were heard of.
    """

    def __init__(
        self,
        later: Callable[..., IDelayedCall],
        limits: Limits,
        let_go: Callable[[Refused, str], None],
        silence: Callable[[], float],
    ) -> None:
        self._later = later
        self._limits = limits
        self._let_go = let_go
        self._silence = silence
        self._end: IDelayedCall | None = None

    def until_they_join(self, besides: float = 0.0) -> None:
        """``besides``: seconds that are not theirs."""
        seconds = self._limits.join_seconds
        self._wait(seconds and seconds + besides, self._join_timeout)

    def until_they_speak(self) -> None:
        """Whenever they have not for too long."""
        self._wait(self._limits.idle_seconds, self._look)

    def until_they_are_gone(self, cut_off: Callable[[], Any]) -> None:
        """They have been told that they are let go."""
        self._wait(GOODBYE_SECONDS, cut_off)

    def take_limits(self, limits: Limits, has_joined: bool) -> None:
        """Go by these from now on; a wait that has another limit now begins anew."""
        before, self._limits = self._limits, limits
        if not has_joined and limits.join_seconds != before.join_seconds:
            self.until_they_join()
        elif has_joined and limits.idle_seconds != before.idle_seconds:
            self.until_they_speak()

    def stop(self) -> None:
        """Wait no more."""
        if self._end is not None and self._end.active():
            self._end.cancel()
        self._end = None

    def forget(self) -> None:
        """They are gone. What refers to each other would wait for Python's collector."""
        self.stop()
        del self._let_go, self._silence

    def _wait(self, seconds: float, then: Callable[[], Any]) -> None:
        self.stop()
        if seconds:
            self._end = self._later(seconds, then)

    def _join_timeout(self) -> None:
        self._let_go(*partings.join_timeout(self._limits.join_seconds))

    def _look(self) -> None:
        most = self._limits.idle_seconds
        left = most - self._silence()
        if left > 0:
            self._wait(left, self._look)
        else:
            self._let_go(*partings.idle(most))
