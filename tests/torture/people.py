"""Ordinary members, who talk and read through it all, and keep account of what they see."""

import re
import selectors
import socket
import time
from collections import Counter

import attrs

from tests.torture.elsewhere import Signals
from tests.torture.row import Figure, none_of, percentile
from tests.torture.sockets import join, source_of

GRACE = 10.0
"""Seconds that the last lines may take."""

NET = 200
"""They come from 127.NET.x.y."""

_NUMBERED = re.compile(rb"[^:]+: BCST #(\d+) (\d+) (\d+)")


@attrs.define
class Account:
    """What some people said and saw. Waits are in seconds, one for each line at each reader."""

    said: int = 0
    waits: list[float] = attrs.field(factory=list)
    faults: list[str] = attrs.field(factory=list)
    """What was lost, doubled, or seen in another order."""
    others: Counter[str] = attrs.field(factory=Counter)
    """All that the first of them saw beside their numbered lines."""

    def figures(self, p99_ms: float, worst_ms: float | None = None) -> list[Figure]:
        """The usual ones."""
        waits = [wait * 1000 for wait in self.waits]
        found = [none_of("lines lost, doubled or moved", self.faults)]
        found.append(Figure("p99", percentile(waits, 99), high=p99_ms, unit="ms"))
        if worst_ms is not None:
            found.append(Figure("worst", max(waits), high=worst_ms, unit="ms"))
        return found


class _Person:
    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.seen: list[tuple[int, int]] = []
        self.rest = b""
        self.gone = False


class _Group:
    """Some people in one process, each of whom says so many lines a second."""

    def __init__(self, port: int, count: int, padding: int, prefix: str) -> None:
        self.account = Account()
        self._padding = b"x" * padding
        self._selector = selectors.DefaultSelector()
        self._next_number = [0] * count
        connections = [join(port, f"{prefix}{n}", source_of(n, NET)) for n in range(count)]
        self.people = [_Person(connection) for connection in connections]
        for person in self.people:
            person.socket.setblocking(False)
            self._selector.register(person.socket, selectors.EVENT_READ, person)

    def say(self, who: int) -> None:
        number = self._next_number[who]
        self._next_number[who] += 1
        self.account.said += 1
        line = b"BCST #%d %d %d " % (who, number, time.monotonic_ns()) + self._padding + b"\r\n"
        self.people[who].socket.send(line)

    def read(self, seconds: float) -> None:
        for key, _ in self._selector.select(max(seconds, 0)):
            self._read(key.data)

    def _read(self, person: _Person) -> None:
        try:
            data = person.socket.recv(1 << 20)
        except OSError:
            data = b""
        if not data:
            person.gone = True
            self._selector.unregister(person.socket)
            return
        now = time.monotonic_ns()
        *lines, person.rest = (person.rest + data).split(b"\r\n")
        for line in lines:
            self._note(person, line, now)

    def _note(self, person: _Person, line: bytes, now: int) -> None:
        if match := _NUMBERED.match(line):
            who, number, said_at = map(int, match.groups())
            person.seen.append((who, number))
            self.account.waits.append((now - said_at) / 1e9)
        elif person is self.people[0]:
            self.account.others[line.decode()] += 1

    def everything_seen(self) -> bool:
        return all(one.gone or len(one.seen) >= self.account.said for one in self.people)

    def close_account(self) -> Account:
        """Compare what everyone saw."""
        faults = self.account.faults
        first = self.people[0].seen
        for who, count in enumerate(self._next_number):
            if [number for speaker, number in first if speaker == who] != list(range(count)):
                faults.append(f"the {count} lines of speaker {who} came otherwise")
        for number, person in enumerate(self.people):
            if person.gone:
                faults.append(f"reader {number} was cut off")
            if person.seen != first:
                faults.append(f"reader {number} saw {len(person.seen)} lines, not {len(first)}")
        return self.account


def chatting(
    signals: Signals,
    port: int,
    count: int,
    lines_per_second: float,
    padding: int = 20,
    prefix: str = "bystander",
) -> Account:
    """``count`` people who together say so many lines a second until told to stop."""
    group = _Group(port, count, padding, prefix)
    signals.ready()
    began, said = time.monotonic(), 0
    while not signals.stopped:
        if time.monotonic() >= began + said / lines_per_second:
            group.say(said % count)
            said += 1
        group.read(min(began + said / lines_per_second - time.monotonic(), 0.05))
    until = time.monotonic() + GRACE
    while not group.everything_seen() and time.monotonic() < until:
        group.read(0.05)
    return group.close_account()
