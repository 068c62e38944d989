"""HTTP for metrics: one small request on each connection, answered, and goodbye.

Nobody who asks here can hold the room up: a request has little room and no body, a
connection little time, and the oldest makes way when there are too many.
"""

import io
from typing import Any, cast

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Protocol, ServerFactory, connectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel, Request

from chatd.metrics.pages import Pages

VISIT_SECONDS = 10.0
"""From connecting to the end of the answer."""

MOST_VISITS = 8
"""At once. Each may cost a rendering of some milliseconds, all of them in one turn."""

_TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Asked(Request):
    """A request. What twisted.web would do with a body is left out: there is none."""

    channel: "Visit"

    def gotLength(self, length: int | None) -> None:
        """Refuse a body at once, rather than keep it in a file as twisted.web would."""
        self.content = io.BytesIO()
        if length != 0:
            self.requestHeaders.removeHeader("Expect")  # or it would be asked for yet
            self.channel.transport.write(_TOO_LARGE)
            self.channel.transport.loseConnection()

    def handleContentChunk(self, data: bytes) -> None:
        """Of a body that was refused."""

    def process(self) -> None:
        """Answer."""
        hosts = self.requestHeaders.getRawHeaders("Host")
        host = hosts[0] if hosts else None
        local = getattr(self.host, "host", None) or ""
        answer = self.channel.pages.answer(self.method, self.path, host, local)
        self.setResponseCode(answer.status, answer.status.phrase.encode())
        headers = self.responseHeaders
        headers.setRawHeaders("Content-Type", [answer.kind])
        headers.setRawHeaders("Content-Length", [str(len(answer.body))])
        headers.setRawHeaders("Cache-Control", ["no-store"])
        headers.setRawHeaders("X-Content-Type-Options", ["nosniff"])
        if answer.status == 405:
            headers.setRawHeaders("Allow", ["GET, HEAD"])
        self.write(answer.body)
        self.finish()


class Visit(HTTPChannel):
    """A connection with one request."""

    requestFactory = Asked
    maxHeaders = 100
    totalHeadersSize = 8192
    timeOut = None  # the whole visit has one limit, which a byte now and then does not put off
    transport: Any
    _deadline: Any = None

    def __init__(self, visits: "Visits", pages: Pages) -> None:
        super().__init__()
        self.pages = pages
        self._visits = visits

    def connectionMade(self) -> None:
        """So much time, and no more."""
        super().connectionMade()
        self._deadline = self._visits.reactor.callLater(VISIT_SECONDS, self.end)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Gone, in whatever way."""
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._visits.open.pop(self, None)
        super().connectionLost(reason)

    def checkPersistence(self, request: Any, version: bytes) -> bool:
        """There is no second request on a connection."""
        super().checkPersistence(request, version)
        request.responseHeaders.setRawHeaders("Connection", ["close"])
        return False

    def end(self) -> None:
        """Go, answered or not."""
        self._visits.open.pop(self, None)
        if self.transport is not None:
            self.transport.abortConnection()


class Visits(ServerFactory):
    """Everyone who asks for metrics. ``open`` has the oldest first."""

    noisy = False

    def __init__(self, pages: Pages, reactor: Any) -> None:
        self.open: dict[Visit, None] = {}
        self.reactor = reactor
        self._pages = pages

    def buildProtocol(self, addr: IAddress | None) -> Protocol:
        """One more; the oldest goes where there are too many."""
        if len(self.open) >= MOST_VISITS:
            next(iter(self.open)).end()
        visit = Visit(self, self._pages)
        self.open[visit] = None
        return cast("Protocol", visit)

    def log(self, request: Request) -> None:
        """What twisted.web would write into an access log: nothing."""
