"""The client and the real room, joined in memory: both ends of the wire, and no ports."""

from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from chatd.admission import Admission
from chatd.client import facts, vouching
from chatd.client.core import Core
from chatd.client.effects import Abort, Accept, Connect, Done, Effect, HangUp, Send, Show, Status
from chatd.client.stranger import Stranger
from chatd.client.talk import Talk
from chatd.doors.door import COMPANY_SECONDS
from chatd.doors.line import LineDoor
from chatd.limits import Limits
from chatd.room import Room


class Hurried(Clock):
    """A clock by which news do not wait for company, so that settling takes no time."""

    def callLater(self, delay: float, *what: Any, **how: Any) -> Any:
        return super().callLater(0 if delay <= COMPANY_SECONDS else delay, *what, **how)


class House:
    """A room behind a line door, and a clock that both ends go by."""

    def __init__(self, limits: Limits | None = None, **room: Any) -> None:
        self.clock = Hurried()
        self._limits = limits or Limits(lines_per_second=0)
        self._settings = room
        self.people: list[Person] = []
        self.is_up = False
        self.start()

    def start(self) -> None:
        """A new daemon, with an empty room."""
        self.room = Room(**self._settings)
        self.door = LineDoor(
            self.room, self._limits, Admission(self._limits), self.clock, self.clock.seconds
        )
        self.is_up = True

    def stop(self) -> None:
        """The daemon stops as it should: everyone is told."""
        self.is_up = False
        self.room.close()
        self.door.close()
        self.settle()
        for person in self.people:
            person.cut()

    def crash(self) -> None:
        """The daemon is killed: nobody is told anything."""
        self.is_up = False
        for person in self.people:
            person.cut()

    def enter(self, name: str, **how: Any) -> "Person":
        """Somebody starts the client."""
        person = Person(self, name, **how)
        self.people.append(person)
        person.core.start()
        self.settle()
        return person

    def settle(self) -> None:
        """Until nothing happens any more."""
        while True:
            self.clock.advance(0)
            busy = [person.carry_out() for person in self.people]
            if not any(busy):
                return

    def pass_time(self, seconds: float) -> None:
        """Second by second, with a tick for each client."""
        for _ in range(int(seconds)):
            self.clock.advance(1)
            for person in self.people:
                person.core.tick()
            self.settle()


class Person:
    """A client. ``bite``: how many bytes reach it at a time; 0 for all there are."""

    def __init__(self, house: House, name: str, bite: int = 0, **how: Any) -> None:
        self.core = Core(name, house.clock.seconds, **how)
        self.talk = Talk(self.core)
        self.facts: list[facts.Fact] = []
        self.status: Status | None = None
        self.accepted: list[Stranger] = []
        self.sent = b""
        self.deaf = False  # nothing of what the server sends arrives
        self.mute = False  # nothing of what we send arrives
        self._house = house
        self._bite = bite
        self._seat: Any = None
        self._transport = StringTransport()
        self._wants_connection = False

    # What somebody does.

    def enter(self, *lines: str) -> None:
        for line in lines:
            self.talk.typed(line)
            self._house.settle()

    def pipe(self, *lines: str) -> None:
        for line in lines:
            self.talk.piped(line)
        self._house.settle()

    def end(self) -> None:
        self.talk.ended()
        self._house.settle()

    def interrupt(self, cleared: bool = False) -> None:
        self.talk.interrupted(cleared)
        self._house.settle()

    def take(self, *kinds: type) -> list[facts.Fact]:
        """What was shown since the last time, if it is of these kinds."""
        shown, self.facts = self.facts, []
        return [fact for fact in shown if not kinds or isinstance(fact, kinds)]

    # What the surroundings do.

    def cut(self, reason: str = "connection lost") -> None:
        """The connection breaks, for both ends."""
        self._leave_seat()
        self.core.lost(reason)
        self._wants_connection = True
        self._house.settle()

    def forget(self) -> None:
        """The connection breaks, and the server does not notice."""
        self._seat = None
        self.core.lost("connection lost")
        self._wants_connection = True
        self._house.settle()

    def meet(self, stranger: Stranger) -> None:
        """The connection shows a certificate that nobody vouches for, and is not made."""
        self._leave_seat()
        vouching.not_trusted(self.core, stranger)
        self._house.settle()

    def retry(self) -> None:
        """The moment of the next try has come."""
        if self._wants_connection:
            self._connect()
            self._house.settle()

    def carry_out(self) -> bool:
        """What the core wants, and what the server has sent; whether there was anything."""
        busy = False
        while (effect := self.core.effect()) is not None:
            self._carry(effect)
            busy = True
        data = self._transport.value()
        if data and self._seat is not None and not self.deaf:
            self._transport.clear()
            for start in range(0, len(data), self._bite or len(data)):
                self.core.received(data[start : start + (self._bite or len(data))])
            return True
        if self._seat is not None and self._transport.disconnecting:
            self.cut()
        return busy

    def _carry(self, effect: Effect) -> None:
        match effect:
            case Show(fact):
                self.facts.append(fact)
            case Send(data):
                self.sent += data
                if self._seat is not None and not self.mute:
                    self._seat.dataReceived(data)
            case Connect():
                self._connect()
            case Accept(stranger):
                self.accepted.append(stranger)
            case HangUp():
                self._leave_seat()
            case Abort():
                self.cut()
            case Done(status):
                self.status = status
                self._leave_seat()

    def _connect(self) -> None:
        self._wants_connection = False
        if not self._house.is_up:
            self._wants_connection = True
            return self.core.failed("connection refused")
        address = IPv4Address("TCP", "192.0.2.1", 1024)
        self._seat = self._house.door.buildProtocol(address)
        self._transport = StringTransport(peerAddress=address)
        self._seat.makeConnection(self._transport)
        return self.core.connected()

    def _leave_seat(self) -> None:
        seat, self._seat = self._seat, None
        self._wants_connection = False
        if seat is not None:
            seat.connectionLost(Failure(ConnectionDone()))
