"""One connection at the line door: its bytes, its pace, its patience and its end."""

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, cast

from twisted.internet.interfaces import IDelayedCall, IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.logger import Logger
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.doors import partings
from chatd.doors.answering import Answering
from chatd.doors.line_person import LinePerson
from chatd.doors.patience import Patience
from chatd.errors import Refused
from chatd.events import Greeted, Rejected
from chatd.intake import READ_BYTES, Intake
from chatd.limits import Limits
from chatd.outbox import Outbox
from chatd.wire.commands import Command, Join, Quit
from chatd.wire.replies import render

if TYPE_CHECKING:
    from chatd.doors.line import LineDoor

GOODBYE_SECONDS = 1.5
"""How long a peer may take to read its last lines before it is cut off."""


@implementer(IHalfCloseableProtocol)
class LineSeat(LineReceiver):
    """A connection; ``person`` is who has come by it."""

    _log = Logger()
    outbox: Outbox
    person: LinePerson

    def __init__(self, door: "LineDoor", peer: object, host: str) -> None:
        self.peer = peer
        self.host = host
        self._door = door
        self._limits = door.limits
        self._intake = Intake(door.limits, door.now(), door.tally)
        self._slowed: IDelayedCall | Answering | None = None  # until the next line may go
        self._left: Sequence[Command | Refused] = ()  # what was taken and may not be done yet
        self._patience = Patience(door.later)
        self.pause = door.pause
        self._ended = False  # the peer will send nothing more
        self._leaving = ""  # why, once it is certain
        self._lost = False  # whether the connection is no more

    # What Twisted calls.

    def connectionMade(self) -> None:
        """Greet, and wait for JOIN for so long."""
        door = self._door
        cast("Any", self.transport).bufferSize = READ_BYTES
        most, tally = self._limits.outbox_bytes, door.tally
        self.outbox = Outbox(self.transport, most, self._fell_behind, door.now, tally)
        self.person = LinePerson(door, self)
        door.opened(self)
        self.person.tell(Greeted())
        self._patience.wait_if(self._limits.join_seconds, self._join_timeout)

    def dataReceived(self, data: bytes) -> None:
        """Bytes, cut anywhere. LineReceiver's own copies what is left once for each line."""
        self._door.fanout.begin_read()
        try:
            self._read(data)
        except Exception:
            self._broke()
        finally:
            self._door.fanout.end_read(self.outbox)

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
        self._lost = True
        self._patience.stop()
        if self._slowed is not None and self._slowed.active():
            self._slowed.cancel()
        self._door.turnstile.give_up(self, self.host)
        # what lies between us and the socket may know more than that it is gone
        self._leaving = self._leaving or getattr(reason.value, "why", "")
        self._door.gradually.do(self._gone)

    # Reading.

    def _read(self, data: bytes) -> None:
        if self._leaving:
            return
        now = self._door.now()
        if self._slowed is None and (said := self._intake.take_said(data, now)):
            self.person.say(said)
            return
        answer = self._intake.feed(data, now)
        if answer:
            self._door.fanout.tell(self.outbox, answer)
        if self._intake.is_flooded:
            self._let_go(*partings.telnet_flood())
        elif self._intake.foreign:
            self._let_go(*partings.foreign(self._intake.foreign))
        elif self._slowed is None:
            self._work_through()
        else:
            self._while_slowed()

    def _work_through(self) -> None:
        """Do what the lines held ask for, as far as this turn and the pace allow."""
        commands = iter(self._left or self._intake.take(self._door.now()))
        self._left = ()
        for command in commands:
            if isinstance(command, Quit):
                self._finish("quit")
            if self._leaving:
                break
            if isinstance(command, Join) and self._has_to_queue():
                self._left = (command, *commands)
                break
            self.person.obey(command)
            if self._slowed is not None:
                self._left = tuple(commands)
        if self._leaving:
            return
        if self._slowed is None and self._intake.has_line:
            self._slowed = self._door.later(self._intake.wait(), self._go_on)
        if self._slowed is not None:
            self._while_slowed()
        elif self._ended:
            self._finish("closed by the peer")

    def _has_to_queue(self) -> bool:
        """Before they may join; that is not time which they take."""
        if self.person.name is not None:
            return False
        if seconds := self._door.turnstile.wait(self, self.host, self._door.now()):
            self._slowed = self._door.later(seconds, self._go_on)
            most = self._limits.join_seconds
            self._patience.wait_if(most and most + seconds, self._join_timeout)
        return seconds > 0

    def _while_slowed(self) -> None:
        """Answer a PING, and stop reading when enough is held: then the sender waits."""
        for ping in self._intake.take_pings(self._door.now()):
            self.person.obey(ping)
        if self._intake.is_full and not self._ended and not self.paused:
            self.pauseProducing()

    def _go_on(self) -> None:
        self._slowed = None
        if self.paused and not self._ended:
            self.resumeProducing()  # which calls dataReceived(b"")
        else:
            self.dataReceived(b"")

    def answer(self, answer: Coroutine[Any, Any, None]) -> None:
        """Something that takes a while: what they send meanwhile has to wait, PING apart."""
        answering = Answering(answer, self._not_answered, self._go_on)
        if answering.active():
            self._slowed = answering

    def _not_answered(self, failure: Failure) -> None:
        if isinstance(failure.value, Refused):
            self.person.reject(failure.value)
        else:
            self._broke(failure)

    def _end_of_input(self) -> None:
        self._ended = True
        if not getattr(self.transport, "input_is_cut", False):
            self._intake.end()
        if self._slowed is None:
            self.dataReceived(b"")

    # Patience.

    def joined(self) -> None:
        """They are in."""
        self._door.admission.joined(self)
        self._patience.wait_if(self._limits.idle_seconds, self._idle_check)

    def _join_timeout(self) -> None:
        self._let_go(*partings.join_timeout(self._limits.join_seconds))

    def _idle_check(self) -> None:
        seconds = self._limits.idle_seconds
        left = self._intake.heard_at + seconds - self._door.now()
        if left > 0:
            self._patience.wait(left, self._idle_check)
        else:
            self._let_go(*partings.idle(seconds))

    def take_limits(self, limits: Limits) -> None:
        """Go by these from now on; a wait that has another limit now begins anew."""
        before, self._limits = self._limits, limits
        self.outbox.bound(limits.outbox_bytes)
        self._intake.take_limits(limits, self._door.now())
        if self._lost or self._leaving:
            return
        if self._slowed is not None:
            self._slowed.reset(self._intake.wait())
        if self.person.name is None and limits.join_seconds != before.join_seconds:
            self._patience.wait_if(limits.join_seconds, self._join_timeout)
        elif self.person.name is not None and limits.idle_seconds != before.idle_seconds:
            self._patience.wait_if(limits.idle_seconds, self._idle_check)

    # Leaving.

    def close(self, why: str) -> None:
        """Send what is owed, then close; cut off a peer that does not read."""
        self._leaving = self._leaving or why
        self.outbox.close()
        self._patience.wait(GOODBYE_SECONDS, self.outbox.abort)

    def make_way(self) -> None:
        """Go, for somebody who may want to join."""
        self._let_go(*partings.made_way())

    def dismiss(self, refused: Refused, why: str) -> None:
        """Somebody else wants them out, and may want that of a thousand more."""
        if not self._leaving:
            self._leaving = why
            self._door.gradually.do(lambda: self._let_go(refused, why))

    def _let_go(self, refused: Refused, why: str) -> None:
        self.person.reject(refused)
        self._finish(why)

    def _finish(self, why: str) -> None:
        self._leaving = self._leaving or why
        self.person.leave(why)
        self.close(why)

    def _fell_behind(self) -> None:
        # The room may be in the middle of telling everyone something, and this be one of many.
        self._leaving = "too slow"
        self._door.gradually.do(self._drop_too_slow)

    def _drop_too_slow(self) -> None:
        self.person.leave("too slow")
        self._door.tally.refuse("too-slow")
        sentence = f"You were more than {self._limits.outbox_bytes} bytes behind."
        self.outbox.abort(render(Rejected("too-slow", sentence)))

    def _gone(self) -> None:
        self._leaving = self._leaving or "connection lost"
        self._patience.stop()
        self.person.leave(self._leaving)
        self._door.closed(self, self._leaving)
        self.person.forget()
        self.outbox.forget()

    def _broke(self, failure: Failure | None = None) -> None:
        """Our own fault: say so in the log and to the person; nobody else is harmed."""
        self._log.failure("Could not serve {peer!r}", failure, event="fault", peer=self.peer)
        self._let_go(*partings.fault())
