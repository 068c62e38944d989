"""A door without ports: transports in memory, a clock that is moved by hand."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from twisted.internet import defer
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock, deferLater
from twisted.internet.testing import StringTransport
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from zope.interface import implementer

from chatd.access import Access
from chatd.admission import Admission
from chatd.doorkeeper import Doorkeeper
from chatd.doors.line import LineDoor
from chatd.doors.line_seat import LineSeat
from chatd.errors import CODES
from chatd.events import Listed, Rejected
from chatd.history.memory import MemoryHistory
from chatd.limits import Limits
from chatd.names import Name
from chatd.operators import Operators
from chatd.passwords import Hashed
from chatd.registered import Owner, Registered
from chatd.room import Room
from chatd.wire import replies
from tests.fuzz.inputs import UNSEEN, Rand, saying
from tests.unit.test_passwords import cheap

MOST_PEOPLE = 15
ROOM = cheap("roomword")
NAMES = Registered([Owner(Name.chosen("dora"), cheap("doraword"))])
PASSES = [b"", b"PASS roomword\r\n", b"PASS doraword\r\n", b"PASS x\r\n"]


class Wire(StringTransport):
    """A connection that says when it is cut, and does not take more while it is full."""

    def __init__(self, address: IPv4Address, cut: Callable[[], None]) -> None:
        super().__init__(peerAddress=address)
        self._cut = cut
        self.reads = True
        self.seen = b""

    def abortConnection(self) -> None:
        self._cut()

    def write(self, data: bytes) -> None:
        super().write(data)
        if not self.reads and self.producer is not None:
            self.producer.pauseProducing()

    def read(self) -> None:
        """All that has come so far."""
        self.seen += self.value()
        self.clear()
        self.reads = True
        if self.producer is not None:
            self.producer.resumeProducing()


class Stranger:
    """Somebody at the door."""

    def __init__(self, crowd: "Crowd", protocol: object, address: IPv4Address) -> None:
        self.crowd = crowd
        self.protocol = protocol
        self.gone = False
        self.ended = False
        self.transport = Wire(address, self.vanish)
        self.call("makeConnection", self.transport)

    def call(self, name: str, *args: object) -> None:
        if not self.gone:
            getattr(self.protocol, name)(*args)

    def vanish(self) -> None:
        if not self.gone:
            self.gone = True
            self.transport.read()
            self.protocol.connectionLost()  # type: ignore[attr-defined]


@implementer(ILogObserver)
class Crowd:
    """Everyone at one door. ``step`` does something and checks what must hold always."""

    def __init__(self, limits: Limits, max_users: int, password: bool, kept: int) -> None:
        self.clock = clock = Clock()
        self.room = Room(max_users)
        if kept:
            turn = partial(deferLater, cast("Any", clock), 0)
            self.room.keep(MemoryHistory(kept, 0, clock.seconds, turn))
            self.room.replay = kept // 10
        access = Access(ROOM if password else None, NAMES, frozenset({"dora"}))
        keeper = Doorkeeper(clock.seconds, access, verify=self._verify)
        operators = Operators(self.room, keeper, clock.seconds)
        admission: Admission[LineSeat] = Admission(limits)
        self.door = LineDoor(self.room, limits, admission, clock, clock.seconds, operators)
        self.admission = admission
        self.people: list[Stranger] = []
        self.steps = 0
        self.failures: list[str] = []
        globalLogPublisher.addObserver(self)

    def _verify(self, password: str, hashed: Hashed, _: str) -> "defer.Deferred[bool]":
        return deferLater(cast("Any", self.clock), 0.1, hashed.matches, password)

    def __call__(self, event: LogEvent) -> None:
        if "log_failure" in event:
            self.failures.append(event["log_failure"].getTraceback())

    def step(self, rand: Rand) -> int:
        """Something happens; gives the number of bytes that were sent."""
        self.steps += 1
        sent = 0
        if not self.people or (len(self.people) < MOST_PEOPLE and rand.random() < 0.1):
            self._come(rand)
        elif rand.random() < 0.85:
            sent = self._say(rand, rand.choice(self.people))
        else:
            self._do_something_else(rand, rand.choice(self.people))
        self.clock.advance(rand.choice([0, 0, 0, 0.01, 0.3, 2]) if rand.random() < 0.3 else 0)
        self._tidy()
        self.check()
        return sent

    def _come(self, rand: Rand) -> None:
        address = IPv4Address("TCP", rand.choice(["10.0.0.1", "10.0.0.2", "10.0.0.3"]), 4000)
        protocol = self.door.buildProtocol(address)
        if protocol is not None:
            self.people.append(Stranger(self, protocol, address))

    def _say(self, rand: Rand, person: Stranger) -> int:
        if person.ended or person.transport.producerState == "paused":
            return 0
        data = saying(rand)
        if rand.random() < 0.2:
            name = rand.choice([b"anna", b"ben", b"cleo", b"dora", b""])
            data = rand.choice(PASSES) + b"JOIN " + name + b"\r\n" + data
        at = rand.randrange(len(data) + 1)
        person.call("dataReceived", data[:at])
        person.call("dataReceived", data[at:])
        return len(data)

    def _do_something_else(self, rand: Rand, person: Stranger) -> None:
        match rand.randrange(5):
            case 0:
                person.vanish()
            case 1:
                person.ended = True
                person.call("readConnectionLost")
            case 2:
                person.transport.reads = False
            case _:
                person.transport.read()

    def _tidy(self) -> None:
        """Whoever was let go has read what there was, unless they read nothing."""
        for person in self.people:
            if person.transport.disconnecting:
                person.vanish()
        self.people = [person for person in self.people if not person.gone or self._saw(person)]

    def _saw(self, person: Stranger) -> bool:
        check_seen(person.transport.seen)
        return False

    def check(self) -> None:
        """What holds whatever has happened."""
        assert not self.failures, self.failures[0]
        names = self.room.names()
        assert len({name.casefold() for name in names}) == len(names), names
        # what is done gradually is done a turn later
        open_seats = [one for one in self.people if isinstance(one.protocol, LineSeat)]
        assert len(names) <= len(open_seats) + self.pending, (names, len(open_seats))

    @property
    def pending(self) -> int:
        """What is put off to the next turns."""
        return len(self.door.gradually._waiting)

    def list_is_right(self) -> None:
        """A newcomer asks who is in, and hears of exactly those."""
        address = IPv4Address("TCP", "10.0.0.9", 4000)
        protocol = self.door.buildProtocol(address)
        if not isinstance(protocol, LineSeat):
            return
        asker = Stranger(self, protocol, address)
        asker.call("dataReceived", b"JOIN\r\nLIST\r\n")
        self.clock.advance(0)
        asker.transport.read()
        listed = [replies.read(line) for line in asker.transport.seen.decode().split("\r\n")]
        lists = [event.names for event in listed if isinstance(event, Listed)]
        assert lists in ([], [self.room.names()]), (lists, self.room.names())
        asker.vanish()
        self.clock.advance(0)

    def all_go(self) -> None:
        """Everyone hangs up: nobody and nothing is left."""
        self.list_is_right()
        for person in self.people:
            person.vanish()
            check_seen(person.transport.seen)
        for _ in range(20):
            self.clock.advance(0.01)
        globalLogPublisher.removeObserver(self)
        assert not self.failures, self.failures[0]
        assert (len(self.room), len(self.admission), len(self.door._seats)) == (0, 0, 0)
        assert not self.door.fanout._outboxes
        assert not self.clock.getDelayedCalls(), self.clock.getDelayedCalls()


def check_seen(data: bytes) -> None:
    """Somebody got whole lines of text that the protocol knows, and nothing unwanted."""
    told = _without_telnet(data)
    text = told.decode()
    *lines, rest = text.split("\r\n")
    assert not rest, rest
    for line in lines:
        event = replies.read(line)
        assert event is not None, line
        assert not UNSEEN.search(line), line
        if isinstance(event, Rejected):
            assert event.code in CODES
            assert event.code != "internal"


def _without_telnet(data: bytes) -> bytes:
    return re.sub(rb"\xff[\xfc\xfe].", b"", data, flags=re.DOTALL)
