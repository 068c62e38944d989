"""The line door: netcat, telnet and the bundled client.

What is spoken here stands in ``chatd.wire``, how it reaches everyone in ``chatd.fanout``.
"""

import time
from collections import Counter
from collections.abc import Callable

from twisted.internet import defer
from twisted.internet.interfaces import IAddress, IReactorTime
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.logger import Logger

from chatd.addresses import host_of, peer_of
from chatd.boundaries import Audience
from chatd.doors.line_seat import LineSeat
from chatd.events import Public, Rejected
from chatd.fanout import FanOut
from chatd.gradually import Gradually
from chatd.limits import Limits
from chatd.room import Room
from chatd.wire.replies import render


class TurnedAway(Protocol):
    """A connection too many: told so, and closed."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def connectionMade(self) -> None:
        """Say why and close."""
        assert self.transport is not None
        self.transport.write(render(Rejected("too-many-connections", self._sentence)))
        self.transport.loseConnection()


class LineDoor(ServerFactory):
    """The factory: owns the room, counts connections, and tells everyone at once.

    ``now`` gives seconds of a clock that never goes back.
    """

    noisy = False
    _log = Logger()

    def __init__(
        self,
        room: Room,
        limits: Limits,
        reactor: IReactorTime,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.room = room
        self.limits = limits
        self.now = now
        self.later = reactor.callLater
        self.fanout = FanOut(lambda flush: reactor.callLater(0, flush))
        # A thousand may go at once; telling the log and the room of them takes a while.
        self.gradually = Gradually(lambda work: reactor.callLater(0, work), now)
        self._seats: set[LineSeat] = set()
        self._at_address: Counter[str] = Counter()
        self._all_gone: defer.Deferred[None] | None = None
        room.add_audience(self)

    def buildProtocol(self, addr: IAddress | None) -> Protocol:
        """A seat, or somebody who says that there is none."""
        host = host_of(addr)
        peer = peer_of(host, addr)
        limits = self.limits
        if limits.connections and len(self._seats) >= limits.connections:
            return self._turn_away(peer, "There are too many connections. Please try later.")
        here = self._at_address[host]
        if limits.connections_per_address and here >= limits.connections_per_address:
            return self._turn_away(peer, "There are too many connections from your address.")
        return LineSeat(self, peer, host)

    def hear(self, event: Public) -> None:
        """A public event: rendered once, sent once in this turn."""
        self.fanout.say(render(event))

    def opened(self, seat: LineSeat) -> None:
        """A connection has come."""
        self._seats.add(seat)
        self._at_address[seat.host] += 1
        self._log.info("Connected with {peer!r}", peer=seat.peer)

    def closed(self, seat: LineSeat, why: str) -> None:
        """A connection has gone."""
        self._seats.discard(seat)
        self._at_address[seat.host] -= 1
        if not self._at_address[seat.host]:
            del self._at_address[seat.host]
        self._log.info("Disconnected from {peer!r}: {why}", peer=seat.peer, why=why)
        if self._all_gone is not None and not self._seats:
            self._all_gone.callback(None)

    def close(self) -> defer.Deferred[None]:
        """Close every connection; fires when all are gone, after GOODBYE_SECONDS at most.

        Whoever calls has closed the room, so everyone has been told.
        """
        self.fanout.flush()
        self._all_gone = defer.Deferred()
        for seat in tuple(self._seats):
            seat.close("server stopping")
        if not self._seats:
            self._all_gone.callback(None)
        return self._all_gone

    def _turn_away(self, peer: object, sentence: str) -> Protocol:
        self._log.info("Turned away {peer!r}: {why}", peer=peer, why=sentence)
        return TurnedAway(sentence)


_check: type[Audience] = LineDoor
