"""Metrics, where ``[metrics] listen`` names a place; without one nothing is loaded or counted."""

from typing import TYPE_CHECKING, Any

import attrs
from twisted.application.service import MultiService

from chatd.listening import Listener
from chatd.metrics.watched import Watched
from chatd.places import Places
from chatd.reloading import Change

if TYPE_CHECKING:
    from chatd.metrics.measuring import Measuring


class Metrics(MultiService):
    """Serves them. It goes on while the rest of the daemon stops, and says so."""

    def __init__(
        self, listen: tuple[str, ...], watched: Watched, reactor: Any, served: Any
    ) -> None:
        super().__init__()
        self._watched = watched
        self._reactor = reactor
        self._served = served
        self._measuring: Measuring | None = None
        self._wanted = bool(listen)
        self._places = Places("[metrics] listen", listen, self._listener)
        self._places.setServiceParent(self)

    def startService(self) -> None:
        """Count what is counted for metrics only."""
        super().startService()
        self._switch()

    def prepare(self, listen: tuple[str, ...]) -> Change:
        """Be open at these. Raises ConfigError."""
        change = self._places.prepare(listen)

        def take() -> None:
            self._wanted = bool(listen)
            change.take()
            self._switch()

        return attrs.evolve(change, take=take)

    def will_stop(self) -> None:
        """From now on, the daemon is not well."""
        if self._measuring is not None:
            self._measuring.pages.stopping = True

    def stopService(self) -> Any:
        """Close."""
        if self._measuring is not None:
            self._measuring.stop()
        return super().stopService()

    def _listener(self, place: str) -> Listener:
        if self._measuring is None:
            from chatd.metrics.measuring import Measuring

            self._measuring = Measuring(self._watched, self._reactor)
        return Listener(place, self._measuring.visits, self._reactor, self._served)

    def _switch(self) -> None:
        if self._measuring is not None:
            if self._wanted:
                self._measuring.start()
            else:
                self._measuring.stop()
