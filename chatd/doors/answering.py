"""An answer that takes a while."""

from collections.abc import Callable, Coroutine
from typing import Any

from twisted.internet import defer
from twisted.python.failure import Failure


class Answering:
    """What its asker sends meanwhile is held back, so an answer keeps its place.

    ``wrong`` is called if it could not be given; ``then`` when it has been, or could not be, unless
    that was so at once. It is cancelled like the timer of somebody who is slowed down.
    """

    def __init__(
        self,
        answer: Coroutine[Any, Any, None],
        wrong: Callable[[Failure], None],
        then: Callable[[], None],
    ) -> None:
        self._then: Callable[[], None] | None = None
        self._told = defer.ensureDeferred(answer)
        self._told.addErrback(self._unless_cancelled, wrong)
        if not self._told.called:
            self._then = then
            self._told.addCallback(self._go_on)

    def active(self) -> bool:
        """Whether it has not been given yet."""
        return self._then is not None

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        self._then = None
        self._told.cancel()

    def reset(self, seconds: float) -> None:
        """It takes as long as it takes, whatever the pace."""

    def _unless_cancelled(self, failure: Failure, wrong: Callable[[Failure], None]) -> None:
        if not failure.check(defer.CancelledError):
            wrong(failure)

    def _go_on(self, _: None) -> None:
        if self._then is not None:
            then, self._then = self._then, None
            then()
