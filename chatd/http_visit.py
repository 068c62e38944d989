"""HTTP where it is a small matter: one request on each connection, answered, and goodbye.

Nobody who asks can hold the room up: a request has little room and no body, a connection
little time.
"""

import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import attrs
from twisted.internet.interfaces import IDelayedCall, IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel, Request
from zope.interface import implementer

VISIT_SECONDS = 10.0
"""From connecting to the end of the answer."""

PLAIN = "text/plain; charset=utf-8"

_TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_BAD = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@attrs.frozen
class Answer:
    """A status, and a text of the kind ``kind``; ``headers``: what else to say."""

    status: HTTPStatus
    body: bytes
    kind: str = PLAIN
    headers: Iterable[tuple[str, str]] = (("Cache-Control", "no-store"),)


class Asked(Request):
    """A request. What twisted.web would do with a body is left out: there is none."""

    channel: "Visit"

    def gotLength(self, length: int | None) -> None:
        """Refuse a body at once, rather than keep it in a file as twisted.web would."""
        self.content = io.BytesIO()
        self.requestHeaders.removeHeader("Expect")  # or it would be asked for yet
        if length != 0:
            self.channel.transport.write(_TOO_LARGE)
            self.channel.transport.loseConnection()

    def handleContentChunk(self, data: bytes) -> None:
        """Of a body that was refused."""

    def first(self, name: str) -> str | None:
        """The first header of this name."""
        return next(iter(self.every(name)), None)

    def every(self, name: str) -> list[str]:
        """All headers of this name: any bytes, a letter each."""
        found = self.requestHeaders.getRawHeaders(name.encode(), ())
        return [value.decode("latin-1") for value in found]

    def process(self) -> None:
        """Answer, unless the visit takes another turn."""
        if len(self.every("Host")) > 1:
            answer: Answer | None = Answer(HTTPStatus.BAD_REQUEST, b"One Host, please.\n")
        else:
            answer = self.channel.answer(self)
        if answer is not None:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.setResponseCode(answer.status, answer.status.phrase.encode())
        headers = self.responseHeaders
        if answer.status != HTTPStatus.NOT_MODIFIED:
            headers.setRawHeaders("Content-Type", [answer.kind])
            headers.setRawHeaders("Content-Length", [str(len(answer.body))])
        headers.setRawHeaders("X-Content-Type-Options", ["nosniff"])
        if answer.status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers.setRawHeaders("Allow", ["GET, HEAD"])
        for name, value in answer.headers:
            headers.setRawHeaders(name, [value])
        self.write(answer.body)
        self.finish()


@implementer(IHalfCloseableProtocol)
class Visit(HTTPChannel, ABC):
    """A connection with one request; ``later`` calls something after so many seconds."""

    requestFactory = Asked
    maxHeaders = 100
    totalHeadersSize = 8192
    timeOut = None  # the whole visit has one limit, which a byte now and then does not put off
    transport: Any
    _deadline: IDelayedCall | None = None

    def __init__(self, later: Callable[..., IDelayedCall]) -> None:
        super().__init__()
        self._later = later

    @abstractmethod
    def answer(self, asked: Asked) -> Answer | None:
        """What to answer; None, if that is done already."""

    @abstractmethod
    def gone(self) -> None:
        """It is over, in whatever way; maybe told more than once."""

    def connectionMade(self) -> None:
        """So much time, and no more."""
        super().connectionMade()
        self._deadline = self._later(VISIT_SECONDS, self.end)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Gone, in whatever way."""
        self.be_patient()
        self.gone()
        super().connectionLost(reason)

    def headerReceived(self, line: bytes) -> bool:
        """Whether it can be one. Twisted takes any digits for a length, and Python does not."""
        try:
            return bool(super().headerReceived(line))
        except ValueError:
            self.transport.write(_BAD)
            self.transport.loseConnection()
            return False

    def readConnectionLost(self) -> None:
        """They have sent their last: whatever they are owed is on its way. TLS tells of it while
        it reads, and is not to be disturbed there."""
        self._later(0, self.hang_up)

    def writeConnectionLost(self) -> None:
        """Only after loseWriteConnection, which nobody calls."""

    def hang_up(self) -> None:
        """Close, when all has gone out."""
        self.transport.loseConnection()

    def checkPersistence(self, request: Any, version: bytes) -> bool:
        """There is no second request on a connection."""
        super().checkPersistence(request, version)
        request.responseHeaders.setRawHeaders("Connection", ["close"])
        return False

    def be_patient(self) -> None:
        """There is no limit to its time any more."""
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()

    def end(self) -> None:
        """Go, answered or not."""
        self.gone()
        if self.transport is not None:
            self.transport.abortConnection()
