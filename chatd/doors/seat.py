"""One connection at whichever door: its pace, its patience and its end."""

from abc import ABC, abstractmethod
from collections.abc import Coroutine, Sequence
from typing import Any

from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatd.doors import partings
from chatd.doors.answering import Answering
from chatd.doors.door import Door
from chatd.doors.patience import Patience
from chatd.doors.person import Person
from chatd.errors import Refused
from chatd.events import Greeted, Rejected
from chatd.intake import Intake
from chatd.limits import Limits
from chatd.outbox import Outbox
from chatd.wire.commands import Command, Join, Quit


class Seat(ABC):
    """``person`` is who has come by it. What is read of them goes into ``intake``.

    A subclass is the protocol of a connection, and calls ``_seated``, ``_received``,
    ``_end_of_input`` and ``_lost``.
    """

    _log = Logger()
    outbox: Outbox
    person: Person
    paused: bool

    def __init__(self, door: Door, peer: object, host: str, intake: Intake) -> None:
        self.peer = peer
        self.host = host
        self.pause = door.pause
        self._door = door
        self._intake = intake
        self._limits = limits = door.limits
        self._patience = Patience(door.later, limits, self._let_go, self._silence)
        self._slowed: IDelayedCall | Answering | None = None  # until the next line may go
        self._left: Sequence[Command | Refused] = ()  # what was taken and may not be done yet
        self._ended = False  # the peer will send nothing more
        self._leaving = ""  # why, once it is certain
        self._is_lost = False  # whether the connection is no more

    # What a connection does.

    @abstractmethod
    def _stop_reading(self) -> None:
        """Enough is held: ``paused`` is true from now on."""

    @abstractmethod
    def _read_on(self) -> None:
        """Work through what is held, and read again."""

    @abstractmethod
    def _read(self, data: bytes) -> None:
        """Give the intake what there is in these bytes."""

    def _last_words(self, rejected: Rejected) -> bytes:
        """What to try to tell somebody who does not read."""
        return b""

    def _seated(self, transport: Any, opening: bytes = b"") -> None:
        """Greet, after what opens the connection, and wait for JOIN for so long."""
        door = self._door
        most, tally = self._limits.outbox_bytes, door.tally
        self.outbox = Outbox(transport, most, self._fell_behind, door.now, tally)
        self.person = Person(door, self)
        door.opened(self)
        if opening:
            door.fanout.tell(self.outbox, opening)
        self.person.tell(Greeted())
        self._patience.until_they_join()

    def _received(self, data: bytes) -> None:
        """Bytes, cut anywhere."""
        self._door.fanout.begin_read()
        try:
            if not self._leaving:
                self._read(data)
        except Exception:
            self._broke()
        finally:
            self._door.fanout.end_read(self.outbox)

    def _end_of_input(self) -> None:
        """The peer has sent its last; it still gets every answer."""
        self._ended = True
        if self._slowed is None:
            self._received(b"")

    def _lost(self, why: str) -> None:
        """The connection is gone, in whatever way. ``why``: if it is known."""
        self._is_lost = True
        self._patience.stop()
        if self._slowed is not None and self._slowed.active():
            self._slowed.cancel()
        self._door.turnstile.give_up(self, self.host)
        self._leaving = self._leaving or why
        self._door.gradually.do(self._gone)

    # Reading.

    def _work_on(self) -> None:
        """Do what the intake holds, now or when it may be done."""
        if self._slowed is None:
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
            self._patience.until_they_join(besides=seconds)
        return seconds > 0

    def _while_slowed(self) -> None:
        """Answer a PING, and stop reading when enough is held: then the sender waits."""
        for ping in self._intake.take_pings(self._door.now()):
            self.person.obey(ping)
        if self._intake.is_full and not self._ended and not self.paused:
            self._stop_reading()

    def _go_on(self) -> None:
        self._slowed = None
        if self.paused and not self._ended:
            self._read_on()
        else:
            self._received(b"")

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

    # Staying.

    def joined(self) -> None:
        """They are in."""
        self._door.admission.joined(self)
        self._patience.until_they_speak()

    def take_limits(self, limits: Limits) -> None:
        """Go by these from now on."""
        self._limits = limits
        self.outbox.bound(limits.outbox_bytes)
        self._intake.take_limits(limits, self._door.now())
        if self._is_lost or self._leaving:
            return
        if self._slowed is not None:
            self._slowed.reset(self._intake.wait())
        self._patience.take_limits(limits, self.person.name is not None)

    def _silence(self) -> float:
        return self._door.now() - self._intake.heard_at

    # Leaving.

    def close(self, why: str) -> None:
        """Send what is owed, then close; cut off a peer that does not read."""
        self._leaving = self._leaving or why
        self.outbox.close()
        self._patience.until_they_are_gone(self.outbox.abort)

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
        self.outbox.abort(self._last_words(Rejected("too-slow", sentence)))

    def _gone(self) -> None:
        self._leaving = self._leaving or "connection lost"
        self._patience.forget()
        self.person.leave(self._leaving)
        self._door.closed(self, self._leaving)
        self.person.forget()
        self.outbox.forget()

    def _broke(self, failure: Failure | None = None) -> None:
        """Our own fault: say so in the log and to the person; nobody else is harmed."""
        self._log.failure("Could not serve {peer!r}", failure, event="fault", peer=self.peer)
        self._let_go(*partings.fault())
