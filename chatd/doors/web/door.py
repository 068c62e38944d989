"""The web door: a page for browsers, and a WebSocket for it and for bots.

What is spoken there stands in ``chatd.wire.messages``, and in ``docs/web.md`` for people.
"""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from twisted.internet import defer
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Protocol, ServerFactory

from chatd import __version__
from chatd.addresses import host_of
from chatd.doors.door import Door
from chatd.doors.turned_away import TurnedAway
from chatd.doors.web.frames import frame
from chatd.doors.web.pages import Pages
from chatd.doors.web.seat import WebSeat
from chatd.doors.web.visit import WebVisit
from chatd.errors import Refused
from chatd.events import Event, Greeted
from chatd.lines import stamp
from chatd.web import Terms
from chatd.wire.messages import END, render, written


class WebDoor(Door, ServerFactory):
    """The factory. ``terms`` can be others at any time; ``clock`` has the time of day."""

    noisy = False
    line_end = END.encode()

    terms = Terms()
    clock: Callable[[], float] = staticmethod(time.time)

    def __init__(self, *of_every_door: Any, **more: Any) -> None:
        super().__init__(*of_every_door, **more)
        self.pages = Pages()
        self._visits: set[WebVisit] = set()

    def render(self, event: Event) -> bytes:
        """The event as a message, or messages, each in a frame."""
        at = stamp(self.clock())
        messages = [self._hello(at)] if isinstance(event, Greeted) else render(event, at)
        return b"".join(map(frame, messages))

    def buildProtocol(self, addr: IAddress | None) -> Protocol | None:
        """A visit, somebody who says that there are too many, or None for who is barred."""
        host = host_of(addr)
        if self.admission.bars(host) and not self.terms.is_proxy(host):
            return None  # of whom a proxy lets in, the request says where they come from
        try:
            self._make_place(host, is_fetching=True)
        except Refused as refused:
            self.turned_away(host, refused.code, refused.sentence)
            return TurnedAway(_unavailable(refused.sentence))
        return cast("Protocol", WebVisit(self, host))

    def visited(self, visit: WebVisit, host: str) -> None:
        """Somebody asks for something. That is no news for the log."""
        self._visits.add(visit)
        self.admission.opened(visit, host, is_fetching=True)

    def left(self, visit: WebVisit) -> None:
        """They have it, or have gone; told more than once."""
        self._visits.discard(visit)
        self.admission.closed(visit)

    def seat(self, visit: WebVisit, host: str, peer: object, opening: bytes) -> WebSeat:
        """A WebSocket for somebody from ``host``, which a proxy may have said.

        A page can't read why a WebSocket was refused. So whoever can't stay comes in to be told.
        """
        self.left(visit)
        seat = WebSeat(self, peer, host, opening)
        try:
            self.doorkeeper.check_host(host)
            self._make_place(host)
        except Refused as refused:
            seat.refused = refused
            self.log_turned_away(host, refused.sentence)
        return seat

    def close(self) -> defer.Deferred[None]:
        """Nobody is answered any more; else as every door."""
        for visit in tuple(self._visits):
            visit.end()
        return super().close()

    def _make_place(self, host: str, is_fetching: bool = False) -> None:
        displaced = self.admission.make_place(host, self.terms.is_proxy(host), is_fetching)
        if displaced is not None:
            displaced.make_way()

    def _hello(self, at: str) -> str:
        room = self.room
        return written(
            {
                "type": "hello",
                "title": self.terms.title,
                "version": __version__,
                "at": at,
                "history": room.history is not None,
                "guests": room.guests,
                "password": self.doorkeeper.access.room is not None,
                "line_bytes": self.limits.line_bytes,
            }
        )


def _unavailable(words: str) -> bytes:
    body = f"{words}\n"
    head = (
        f"HTTP/1.1 {HTTPStatus.SERVICE_UNAVAILABLE.value} Service Unavailable",
        "Connection: close",
        "Retry-After: 10",
        "Content-Type: text/plain; charset=utf-8",
        "X-Content-Type-Options: nosniff",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", body)).encode()
