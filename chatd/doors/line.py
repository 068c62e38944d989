"""The line door: netcat, telnet and the bundled client.

``LineSeat`` is one connection, ``LineDoor`` the factory that owns the room. What is
spoken stands in ``chatd.wire``; how it reaches everyone in ``chatd.fanout``.
"""

import ipaddress
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from twisted.internet import defer
from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IHalfCloseableProtocol,
    IReactorTime,
)
from twisted.internet.protocol import Protocol, ServerFactory, connectionDone
from twisted.logger import Logger
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.boundaries import Audience, Seat
from chatd.errors import Code, Refused, RoomFull
from chatd.events import Full, Greeted, Helped, Listed, Ponged, Private, Public, Rejected
from chatd.fanout import FanOut
from chatd.limits import Limits
from chatd.names import Name
from chatd.outbox import Outbox
from chatd.pace import Pace
from chatd.room import Room
from chatd.wire import commands as asked
from chatd.wire.replies import render
from chatd.wire.telnet import TelnetFilter

LINES_PER_TURN = 1000
"""Lines worked through for one person before the others get their turn."""

GOODBYE_SECONDS = 1.5
"""How long a peer may take to read its last lines before it is cut off."""


@implementer(IHalfCloseableProtocol)
class LineSeat(LineReceiver):
    """One connection. It becomes a person when it has joined."""

    _log = Logger()
    outbox: Outbox

    def __init__(self, door: "LineDoor", peer: object, host: str) -> None:
        self.name: Name | None = None
        self.peer = peer
        self.host = host
        self._door = door
        self._limits = door.limits
        self._telnet = TelnetFilter()
        self._commands = asked.CommandReader(self._limits.line_bytes)
        self._pace = Pace(self._limits.lines_per_second, self._limits.burst_lines, door.now())
        self._heard_at = door.now()
        self._slowed: IDelayedCall | None = None
        self._patience: IDelayedCall | None = None
        self._ended = False  # the peer will send nothing more
        self._leaving = ""  # why, once it is certain

    # What Twisted calls.

    def connectionMade(self) -> None:
        """Greet, and wait for JOIN for so long."""
        self.outbox = Outbox(self.transport, self._limits.outbox_bytes, self._fell_behind)
        self._door.opened(self)
        self.tell(Greeted())
        if self._limits.join_seconds:
            self._patience = self._door.later(self._limits.join_seconds, self._join_timeout)

    def dataReceived(self, data: bytes) -> None:
        """Bytes, cut anywhere. LineReceiver's own copies what is left once for each line."""
        self._door.fanout.begin_read()
        try:
            self._read(data)
        except Exception:
            self._broke()
        finally:
            self._door.fanout.end_read(self)

    def lineReceived(self, line: bytes) -> None:
        """One line, without its end, from a caller who has it whole already."""
        self.dataReceived(line + self.delimiter)

    def readConnectionLost(self) -> None:
        """The peer has sent its last; it still gets every answer."""
        self._ended = True
        self._commands.lines.end()
        if self._slowed is None:
            self.dataReceived(b"")

    def writeConnectionLost(self) -> None:
        """Only after loseWriteConnection, which nobody calls."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Gone, in whatever way."""
        for timer in (self._slowed, self._patience):
            if timer is not None and timer.active():
                timer.cancel()
        self._leave_room("connection lost" if not self._leaving else self._leaving)
        self._door.closed(self, self._leaving)

    # What the room calls.

    def seated(self, name: Name) -> None:
        """They are in."""
        self.name = name
        self._door.fanout.add(self.outbox)

    def tell(self, event: Private) -> None:
        """Something for this person alone."""
        self._door.fanout.tell(self.outbox, render(event))

    # Reading.

    def _read(self, data: bytes) -> None:
        if self._leaving:
            return
        text, answer = self._telnet.feed(data)
        if answer:
            self._door.fanout.tell(self.outbox, answer)
        if text:
            self._heard_at = self._door.now()
            self._commands.lines.feed(text)
        if self._slowed is None:
            self._work_through()

    def _work_through(self) -> None:
        """Do what the lines held ask for, as far as this turn and the pace allow."""
        lines = self._commands.lines
        if lines.has_line:
            most = self._pace.allows(self._door.now(), LINES_PER_TURN)
            count, todo = self._commands.take(most) if most else (0, [])
            self._pace.spend(count)
            for command in todo:
                self._obey(command)
        if self._leaving:
            return
        if lines.has_line:
            self._slow_down(self._pace.wait())
        elif self._ended:
            self._finish("closed by the peer")

    def _slow_down(self, seconds: float) -> None:
        """Read nothing more until then: the kernel's buffers fill, and the sender waits."""
        if not self._ended:
            self.pauseProducing()
        self._slowed = self._door.later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._slowed = None
        if self._ended:
            self.dataReceived(b"")
        else:
            self.resumeProducing()  # which calls dataReceived(b"")

    # Doing.

    def _obey(self, command: asked.Command | Refused) -> None:
        if self._leaving:
            return
        try:
            if isinstance(command, Refused):
                raise command
            self._DO[type(command)](self, command)
        except Refused as refused:
            self.tell(Rejected(refused.code, refused.sentence))
        except RoomFull:
            self.tell(Full())

    def _join(self, command: asked.Join) -> None:
        if self.name is not None:
            raise Refused("already-joined", f"You are here already, as {self.name.shown}.")
        room = self._door.room
        if command.name:
            room.join(self, command.name)
        else:
            room.join_as_guest(self, self.host)
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        if self._limits.idle_seconds:
            self._patience = self._door.later(self._limits.idle_seconds, self._idle_check)

    def _broadcast(self, command: asked.Broadcast) -> None:
        try:
            self._door.room.say(self._joined(), command.lines)
        except Refused as refused:
            for _ in command.lines:
                self.tell(Rejected(refused.code, refused.sentence))

    def _message(self, command: asked.Message) -> None:
        self._door.room.whisper(self._joined(), command.to, command.text)

    def _list(self, command: asked.ListPeople) -> None:
        self._joined()
        self.tell(Listed(self._door.room.names()))

    def _quit(self, command: asked.Quit) -> None:
        self._finish("quit")

    def _help(self, command: asked.Help) -> None:
        self.tell(Helped(asked.HELP))

    def _ping(self, command: asked.Ping) -> None:
        self.tell(Ponged(command.token))

    def _history(self, command: asked.History) -> None:
        self._joined()
        raise Refused("history-off", "This room keeps no history.")

    _DO: ClassVar[dict[type, Callable[["LineSeat", Any], None]]] = {
        asked.Join: _join,
        asked.Broadcast: _broadcast,
        asked.Message: _message,
        asked.ListPeople: _list,
        asked.Quit: _quit,
        asked.Help: _help,
        asked.Ping: _ping,
        asked.History: _history,
    }

    def _joined(self) -> Name:
        if self.name is None:
            raise Refused("not-joined", "Please join first: JOIN username")
        return self.name

    # Leaving.

    def close(self, why: str) -> None:
        """Send what is owed, then close; cut off a peer that does not read."""
        self._leaving = self._leaving or why
        self.outbox.close()
        if self._patience is not None and self._patience.active():
            self._patience.cancel()
        self._patience = self._door.later(GOODBYE_SECONDS, self.outbox.abort)

    def _finish(self, why: str) -> None:
        self._leave_room(why)
        self.close(why)

    def _let_go(self, code: Code, sentence: str, why: str) -> None:
        self.tell(Rejected(code, sentence))
        self._finish(why)

    def _leave_room(self, why: str) -> None:
        self._leaving = self._leaving or why
        if self.name is not None:
            name, self.name = self.name, None
            self._door.fanout.remove(self.outbox)
            self._door.room.leave(name, why)

    def _join_timeout(self) -> None:
        seconds = self._limits.join_seconds
        self._let_go("join-timeout", f"Nobody joined within {seconds:g} seconds.", "join timeout")

    def _idle_check(self) -> None:
        seconds = self._limits.idle_seconds
        left = self._heard_at + seconds - self._door.now()
        if left > 0:
            self._patience = self._door.later(left, self._idle_check)
        else:
            self._let_go("idle-timeout", f"Nothing came for {seconds:g} seconds.", "idle")

    def _fell_behind(self) -> None:
        # The room may be in the middle of telling everyone something.
        self._leaving = "too slow"
        self._door.later(0, self._drop_too_slow)

    def _drop_too_slow(self) -> None:
        self._leave_room("too slow")
        sentence = f"You were more than {self._limits.outbox_bytes} bytes behind."
        self.outbox.abort(render(Rejected("too-slow", sentence)))

    def _broke(self) -> None:
        """Our own fault: say so in the log and to the person; nobody else is harmed."""
        self._log.failure("Could not serve {peer!r}", peer=self.peer)
        self._let_go("internal", "Sorry, something went wrong here. It is in the log.", "our fault")


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
        self._seats: set[LineSeat] = set()
        self._at_address: Counter[str] = Counter()
        self._all_gone: defer.Deferred[None] | None = None
        room.add_audience(self)

    def buildProtocol(self, addr: IAddress | None) -> Protocol:
        """A seat, or somebody who says that there is none."""
        host, peer = _host_of(addr), _peer_of(addr)
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


def _host_of(address: IAddress | None) -> str:
    """Where somebody comes from, one spelling for each address; 'local' for a Unix socket."""
    host = getattr(address, "host", None)
    if not isinstance(host, str):
        return "local"
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def _peer_of(address: IAddress | None) -> object:
    port = getattr(address, "port", None)
    return "a local socket" if port is None else (_host_of(address), port)


_audience: type[Audience] = LineDoor
_seat: type[Seat] = LineSeat
