"""A room with passwords, operators and its line door, without a port."""

from collections.abc import Callable
from typing import Any

from twisted.internet import defer
from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.interfaces import IAddress
from twisted.internet.task import Clock

from chatd.access import Access
from chatd.admission import Admission
from chatd.doorkeeper import Doorkeeper
from chatd.doors.line import LineDoor
from chatd.events import Joined
from chatd.limits import Limits
from chatd.names import Name
from chatd.operators import Operators
from chatd.passwords import Hashed
from chatd.registered import Owner, Registered
from chatd.room import Room
from tests.unit.test_line_door import LinePerson
from tests.unit.test_passwords import cheap

ROOM, DANI, ZOE = cheap("roomword"), cheap("daniword"), cheap("zoeword")


class House:
    """A room with its door. ``held``: passwords whose trying waits for ``try_them``."""

    def __init__(self, password: Hashed | None = None, **limits: Any) -> None:
        self.clock = Clock()
        self.room = Room(max_users=4)
        self.changes = 0
        self.held: list[Callable[[], None]] | None = None
        names = Registered([Owner(Name.chosen("dani"), DANI), Owner(Name.chosen("zoe"), ZOE)])
        access = Access(password, names, frozenset({"dani"}))
        self.keeper = Doorkeeper(self.clock.seconds, access, verify=self._verify)
        self.operators = Operators(self.room, self.keeper, self.clock.seconds, self._changed)
        settings = Limits(lines_per_second=0, **limits)
        self.door = LineDoor(
            self.room, settings, Admission(settings), self.clock, self.clock.seconds, self.operators
        )

    def _changed(self) -> None:
        self.changes += 1

    def _verify(self, password: str, hashed: Hashed, _: str) -> "defer.Deferred[bool]":
        answer: defer.Deferred[bool] = defer.Deferred()

        def work() -> None:
            if not answer.called:
                answer.callback(hashed.matches(password))

        work() if self.held is None else self.held.append(work)
        return answer

    def try_them(self) -> None:
        held, self.held = self.held or [], None
        for work in held:
            work()

    def visitor(self, host: str = "10.0.0.1", *lines: str) -> LinePerson:
        address: IAddress = IPv4Address("TCP", host, 4000) if host else UNIXAddress(None)
        person = LinePerson(self.door, self.clock, address)
        person.asks(*lines)
        return person

    def operator(self, host: str = "10.9.9.9") -> LinePerson:
        dani = self.visitor(host, "PASS daniword", "JOIN dani")
        assert Joined("dani") in dani.read()
        return dani

    def person(self, name: str, host: str = "10.0.0.1") -> LinePerson:
        person = self.visitor(host, f"JOIN {name}")
        assert Joined(name) in person.read()
        return person


def settle(*people: LinePerson) -> None:
    for person in people:
        person.read()
