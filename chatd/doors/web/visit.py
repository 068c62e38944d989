"""One HTTP request at the web door: a file of the page, or the way to a WebSocket."""

from http import HTTPStatus
from typing import TYPE_CHECKING

import attrs
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from chatd.addresses import peer_of
from chatd.doors.web.frames import answer_to
from chatd.doors.web.pages import refusal
from chatd.doors.web.seat import WebSeat
from chatd.http_visit import Answer, Asked, Visit
from chatd.wire.foreign import ENOUGH, spoken

if TYPE_CHECKING:
    from chatd.doors.web.door import WebDoor

SOCKET = b"/ws"

LONGEST_ORIGIN = 100
"""Letters that are logged of whence somebody says to come, or whither."""


class WebVisit(Visit):
    """Somebody from ``host``, unless that is a proxy, and the request says from where else."""

    def __init__(self, door: "WebDoor", host: str) -> None:
        super().__init__(door.later)
        self._door = door
        self._host = host
        self._seat: WebSeat | None = None

    def connectionMade(self) -> None:
        """One more connection."""
        self._door.visited(self, self._host)
        super().connectionMade()

    def answer(self, asked: Asked) -> Answer | None:
        """What to answer; None, if they sit at a WebSocket now."""
        # a proxy may add a line of its own to what somebody has made up
        forwarded = ",".join(asked.every("X-Forwarded-For"))
        host = self._door.terms.comes_from(self._host, forwarded)
        if self._door.admission.bars(host):
            return refusal(HTTPStatus.FORBIDDEN, "Not from there.")
        if asked.path == SOCKET:
            return self._upgrade(asked, host)
        called, terms = asked.first("Host"), self._door.terms
        # Or it would try to come in, again and again. What a proxy calls us, no browser says.
        if not (terms.is_proxy(self._host) or terms.is_called(called)):
            name = ascii((called or "")[:LONGEST_ORIGIN])
            words = f"This room is not called {name}: [web] origins has no page there."
            self._door.turned_away(host, "foreign-origin", words)
            return refusal(HTTPStatus.MISDIRECTED_REQUEST, words)
        known = asked.first("If-None-Match")
        return self._door.pages.answer(asked.method, asked.path, known)

    def _upgrade(self, asked: Asked, host: str) -> Answer | None:
        if asked.method != b"GET":
            said = refusal(HTTPStatus.METHOD_NOT_ALLOWED, "GET only.")
            return attrs.evolve(said, headers=(*said.headers, ("Allow", "GET")))
        origin = asked.first("Origin")
        if not self._door.terms.welcomes(origin, asked.first("Host")):
            page = ascii((origin or "")[:LONGEST_ORIGIN])
            words = f"A page of {page} wants to come in, and [web] origins does not name it."
            self._door.turned_away(host, "foreign-origin", words)
            return refusal(HTTPStatus.FORBIDDEN, words)
        if asked.clientproto != b"HTTP/1.1":
            return _no_websocket(HTTPStatus.UPGRADE_REQUIRED)
        response = answer_to(_said_with(asked))
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            return _no_websocket(HTTPStatus(response.status_code))
        peer = peer_of(host, asked.client) if host == self._host else host
        self._hand_over(self._door.seat(self, host, peer, response.serialize()))
        return None

    def _hand_over(self, seat: WebSeat) -> None:
        self.be_patient()
        self.transport.unregisterProducer()
        self.requests.clear()  # which refer to us, and we to them
        self._seat = seat
        seat.makeConnection(self.transport)

    def hang_up(self) -> None:
        """Close. At a WebSocket goodbye is said in another way: these have just gone."""
        if self._seat is not None:
            self.transport.abortConnection()
        else:
            super().hang_up()

    def make_way(self) -> None:
        """Go, for somebody who may want to join."""
        self.end()

    def gone(self) -> None:
        """One less."""
        self._door.left(self)

    def dataReceived(self, data: bytes) -> None:
        """Of a request, or for whoever sits at a WebSocket by now."""
        if self._seat is not None:
            self._seat.dataReceived(data)
        elif spoken(data[:ENOUGH]) == "TLS":  # which no request can go on with
            self._door.turned_away(self._host, "unknown-command", "spoke TLS at a place without")
            self.end()
        else:
            super().dataReceived(data)

    def rawDataReceived(self, data: bytes) -> None:
        """What came in one read with a request that is answered."""
        if self._seat is not None:
            self._seat.dataReceived(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Gone, in whatever way."""
        super().connectionLost(reason)
        if self._seat is not None:
            self._seat.connectionLost(reason)
            self._seat = None


def _said_with(asked: Asked) -> list[tuple[str, str]]:
    """The headers."""
    names = [name.decode("latin-1") for name, _ in asked.requestHeaders.getAllRawHeaders()]
    return [(name, value) for name in names for value in asked.every(name)]


def _no_websocket(status: HTTPStatus) -> Answer:
    words = "This is for WebSockets: docs/web.md says what they are told here."
    said = refusal(status, words)
    if status != HTTPStatus.UPGRADE_REQUIRED:
        return said
    upgrade = (("Upgrade", "websocket"), ("Connection", "Upgrade, close"))
    return attrs.evolve(said, headers=(*said.headers, *upgrade))
