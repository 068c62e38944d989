"""How long a peer is waited for."""

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall


class Patience:
    """One wait at a time; ``later`` calls something after so many seconds."""

    def __init__(self, later: Callable[..., IDelayedCall]) -> None:
        self._later = later
        self._end: IDelayedCall | None = None

    def wait(self, seconds: float, then: Callable[[], Any]) -> None:
        """Call it after so long, and nothing that was waited for before."""
        self.stop()
        self._end = self._later(seconds, then)

    def wait_if(self, seconds: float, then: Callable[[], Any]) -> None:
        """The same, where 0 stands for no limit."""
        self.stop()
        if seconds:
            self.wait(seconds, then)

    def stop(self) -> None:
        """Wait no more."""
        if self._end is not None and self._end.active():
            self._end.cancel()
        self._end = None
