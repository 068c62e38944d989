"""One connection at the line door, and the person who came in by it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from twisted.internet.interfaces import IDelayedCall, IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.logger import Logger
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.boundaries import Seat
from chatd.errors import Code, Refused, RoomFull
from chatd.events import Full, Greeted, Helped, Listed, Ponged, Private, Rejected
from chatd.intake import READ_BYTES, Intake
from chatd.names import Name
from chatd.outbox import Outbox
from chatd.wire import commands as asked
from chatd.wire.replies import render

if TYPE_CHECKING:
    from chatd.doors.line import LineDoor

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
        self._intake = Intake(door.limits, door.now())
        self._slowed: IDelayedCall | None = None
        self._patience: IDelayedCall | None = None
        self._ended = False  # the peer will send nothing more
        self._leaving = ""  # why, once it is certain

    # What Twisted calls.

    def connectionMade(self) -> None:
        """Greet, and wait for JOIN for so long."""
        cast("Any", self.transport).bufferSize = READ_BYTES
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
        self._door.gradually.do(self._end_of_input)

    def writeConnectionLost(self) -> None:
        """Only after loseWriteConnection, which nobody calls."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Gone, in whatever way."""
        for timer in (self._slowed, self._patience):
            if timer is not None and timer.active():
                timer.cancel()
        self._door.gradually.do(self._gone)

    # What the room calls.

    def seated(self, name: Name) -> None:
        """They are in."""
        self.name = name
        self._door.admission.joined(self)
        self._door.fanout.add(self.outbox)

    def tell(self, event: Private) -> None:
        """Something for this person alone."""
        self._door.fanout.tell(self.outbox, render(event))

    # Reading.

    def _read(self, data: bytes) -> None:
        if self._leaving:
            return
        answer = self._intake.feed(data, self._door.now())
        if answer:
            self._door.fanout.tell(self.outbox, answer)
        if self._intake.foreign:
            self._turn_away_foreign(self._intake.foreign)
        elif self._slowed is None:
            self._work_through()
        else:
            self._while_slowed()

    def _work_through(self) -> None:
        """Do what the lines held ask for, as far as this turn and the pace allow."""
        for command in self._intake.take(self._door.now()):
            self._obey(command)
        if self._leaving:
            return
        if self._intake.has_line:
            self._slowed = self._door.later(self._intake.wait(), self._go_on)
            self._while_slowed()
        elif self._ended:
            self._finish("closed by the peer")

    def _while_slowed(self) -> None:
        """Answer a PING, and stop reading when enough is held: then the sender waits."""
        for ping in self._intake.take_pings(self._door.now()):
            self._ping(ping)
        if self._intake.is_full and not self._ended and not self.paused:
            self.pauseProducing()

    def _go_on(self) -> None:
        self._slowed = None
        if self.paused and not self._ended:
            self.resumeProducing()  # which calls dataReceived(b"")
        else:
            self.dataReceived(b"")

    def _end_of_input(self) -> None:
        self._ended = True
        self._intake.end()
        if self._slowed is None:
            self.dataReceived(b"")

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

    def make_way(self) -> None:
        """Go, for somebody who may want to join."""
        self._let_go(
            "too-many-connections", "You had not joined, and others want to come in.", "made way"
        )

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

    def _gone(self) -> None:
        self._leave_room("connection lost")
        self._door.closed(self, self._leaving)

    def _turn_away_foreign(self, protocol: str) -> None:
        sentence = f"This is a chat room, and does not speak {protocol}."
        self._let_go("unknown-command", sentence, f"spoke {protocol}")

    def _join_timeout(self) -> None:
        seconds = self._limits.join_seconds
        self._let_go("join-timeout", f"Nobody joined within {seconds:g} seconds.", "join timeout")

    def _idle_check(self) -> None:
        seconds = self._limits.idle_seconds
        left = self._intake.heard_at + seconds - self._door.now()
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


_check: type[Seat] = LineSeat
