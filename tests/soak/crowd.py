"""Two hundred members in one process: they come, talk, read, and go in several ways."""

import random
import socket
import time
from contextlib import suppress

import attrs

from tests.soak.stream import Reference
from tests.torture.elsewhere import Signals
from tests.torture.rows.peers import PROGRAM, SO_ATTACH_FILTER
from tests.torture.sockets import connect, reset, source_of

MEMBERS = 200
STAYING = 20
CHANGES = 20
"""Who come, and as many who go, each second."""
LINES = 100
"""Lines said each second."""
LOOK = 0.05
"""Seconds between two looks at what has come."""
SO_DETACH_FILTER = 27
DYING = 0.02
"""How many of those who go do so without a word: their kernel drops everything."""


class Member:
    """Somebody who is in, or soon will be."""

    def __init__(self, port: int, number: int) -> None:
        self.name = b"member%d" % number
        self.socket = connect(port, source_of(number % 5000, 7))
        self.socket.setblocking(False)
        self.socket.send(b"JOIN %b\r\n" % self.name)
        self.came_line = b"SERVER: %b joined the chat!\r\n" % self.name
        self.begins = -1  # where in the stream they came in
        self.got = 0
        self.early = b""  # read before the first member had read it
        self.said = 0
        self.leaving = False
        self.closed = False

    def say(self) -> None:
        self.socket.send(b"BCST %d %b\r\n" % (self.said, b"x" * random.randrange(80)))
        self.said += 1

    def check(self, stream: Reference) -> bool:
        """Whether what they read is a piece of the stream, as far as that has come."""
        if self.begins < 0:
            self.early = self.early[max(self.early.find(b"SERVER: "), 0) :]
            if not self.early.startswith(self.came_line):
                return b"ERROR" not in self.early
            self.begins = stream.find(self.came_line)
            if self.begins < 0:
                return True
        ready = min(len(self.early), stream.end - self.begins - self.got)
        piece, self.early = self.early[:ready], self.early[ready:]
        right = stream.has(self.begins + self.got, piece)
        self.got += ready
        return right


@attrs.define
class Tally:
    """What happened in the meantime."""

    lines: int = 0
    came: int = 0
    died: int = 0
    faults: list[str] = attrs.field(factory=list)


class Crowd:
    """Everyone."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._number = 0
        self.stream = Reference()
        self.tally = Tally()
        self.members: list[Member] = []
        self.dead: list[Member] = []
        for _ in range(MEMBERS):
            self.come()
            self.look()

    def come(self) -> None:
        self.members.append(Member(self._port, self._number))
        self._number += 1
        self.tally.came += 1

    def go(self) -> None:
        """Somebody who is not to stay goes: with QUIT, by ending, by hanging up, or dead."""
        member = random.choice(self.members[STAYING:])
        if member.begins < 0 or member.leaving:
            return
        member.leaving = True
        way = random.random()
        if way < DYING:
            self.stream.sent.pop(member.name, None)
            member.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM)
            self.dead.append(member)
            self.members.remove(member)
            self.tally.died += 1
        elif way < 0.2:
            self.stream.sent.pop(member.name, None)
            reset(member.socket)
            member.closed = True
            self.members.remove(member)
        elif way < 0.5:
            self.stream.sent[member.name] = member.said
            member.socket.shutdown(socket.SHUT_WR)
        else:
            self.stream.sent[member.name] = member.said
            member.socket.send(b"QUIT\r\n")

    def talk(self) -> None:
        member = random.choice(self.members)
        if member.begins >= 0 and not member.leaving:
            member.say()
            self.tally.lines += 1

    def look(self) -> None:
        """Read all that has come, the first member's first."""
        for member in tuple(self.members):
            with suppress(BlockingIOError):
                while data := member.socket.recv(1 << 18):
                    self._take(member, data)
                member.closed = True
            if member.closed:
                self._closed(member)
            elif not member.check(self.stream):
                self.tally.faults.append(f"{member.name!r} read {member.early[:200]!r}")
                member.early = b""

    def _take(self, member: Member, data: bytes) -> None:
        if member is self.members[0]:
            greeting = 0 if self.stream.end else max(data.find(b"SERVER: "), 0)
            if self.stream.end or greeting or data.startswith(b"SERVER: "):
                self.stream.feed(data[greeting:])
        member.early += data

    def _closed(self, member: Member) -> None:
        if not member.leaving:
            self.tally.faults.append(f"{member.name!r} was cut off")
        elif not member.check(self.stream):
            self.tally.faults.append(f"{member.name!r} read something else")
        member.socket.close()
        self.members.remove(member)

    def all_go(self) -> Tally:
        """Everyone hangs up; the dead come to life for that."""
        for member in self.dead:
            with suppress(OSError):
                member.socket.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)
            reset(member.socket)
        for member in self.members:
            member.socket.close()
        self.tally.faults += self.stream.faults
        return self.tally


def milling(signals: Signals, port: int) -> Tally:
    """A crowd until told to stop."""
    crowd = Crowd(port)
    signals.ready()
    began, changes, lines = time.monotonic(), 0, 0
    while not signals.stopped:
        passed = time.monotonic() - began
        for _ in range(int(passed * CHANGES) - changes):
            changes += 1
            crowd.go()
            if len(crowd.members) < MEMBERS + CHANGES:
                crowd.come()
        for _ in range(int(passed * LINES) - lines):
            lines += 1
            crowd.talk()
        crowd.look()
        time.sleep(LOOK)
    return crowd.all_go()
