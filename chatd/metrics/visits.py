"""HTTP for metrics. The oldest visit makes way when there are too many."""

from typing import Any, cast

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.web.http import Request

from chatd.http_visit import Answer, Asked, Visit
from chatd.metrics.pages import Pages

MOST_VISITS = 8
"""At once. Each may cost a rendering of some milliseconds, all of them in one turn."""


class MetricsVisit(Visit):
    """Somebody who asks for metrics."""

    def __init__(self, visits: "Visits", pages: Pages) -> None:
        super().__init__(visits.reactor.callLater)
        self._pages = pages
        self._visits = visits

    def answer(self, asked: Asked) -> Answer:
        """See Pages."""
        local = getattr(asked.host, "host", None) or ""
        return self._pages.answer(asked.method, asked.path, asked.first("Host"), local)

    def gone(self) -> None:
        """One less."""
        self._visits.open.pop(self, None)


class Visits(ServerFactory):
    """Everyone who asks for metrics. ``open`` has the oldest first."""

    noisy = False

    def __init__(self, pages: Pages, reactor: Any) -> None:
        self.open: dict[MetricsVisit, None] = {}
        self.reactor = reactor
        self._pages = pages

    def buildProtocol(self, addr: IAddress | None) -> Protocol:
        """One more; the oldest goes where there are too many."""
        if len(self.open) >= MOST_VISITS:
            next(iter(self.open)).end()
        visit = MetricsVisit(self, self._pages)
        self.open[visit] = None
        return cast("Protocol", visit)

    def log(self, request: Request) -> None:
        """What twisted.web would write into an access log: nothing."""
