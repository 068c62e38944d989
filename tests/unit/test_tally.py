"""What is counted at the line door: each thing once, whatever becomes of it."""

from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from chatd.admission import Admission
from chatd.doors.line import LineDoor
from chatd.limits import Limits
from chatd.outbox import Outbox
from chatd.room import Room
from chatd.tally import Tally
from tests.unit.transports import SocketTransport

LINE = b"x" * 98 + b"\r\n"


class Crowd:
    """A line door with people at it; ``wrote`` is every byte that they were sent."""

    def __init__(self, **limits: Any) -> None:
        self.clock = Clock()
        with_limits = Limits(**limits)
        room, admission = Room(max_users=3), Admission[Any](with_limits)
        self.door = LineDoor(room, with_limits, admission, self.clock, self.clock.seconds)
        self.tally = self.door.tally
        self.wrote = 0

    def come(self, *lines: str) -> Any:
        protocol: Any = self.door.buildProtocol(IPv4Address("TCP", "10.0.0.1", 4000))
        transport = StringTransport()
        write = transport.write

        def count(data: bytes) -> None:
            self.wrote += len(data)
            write(data)

        transport.write = count  # type: ignore[method-assign]
        protocol.makeConnection(transport)
        self.say(protocol, *lines)
        return protocol

    def say(self, protocol: Any, *lines: str) -> None:
        protocol.dataReceived("".join(f"{line}\r\n" for line in lines).encode())
        self.clock.advance(0)

    def go(self, protocol: Any) -> None:
        protocol.connectionLost()
        self.clock.advance(0)


def test_lines_and_bytes_that_come_in() -> None:
    """Every line counts when its turn has come, a refused and a blank one too; so does a PING
    that overtakes others.
    """
    crowd = Crowd(lines_per_second=1, burst_lines=5)
    dani = crowd.come("JOIN dani", "", "MESH drew", "BCST one")
    assert crowd.tally.lines_in == 4
    crowd.say(dani, "BCST two", "BCST three", "BCST four", "PING a")
    assert crowd.tally.lines_in == 6
    crowd.clock.pump([1.0] * 3)
    assert crowd.tally.lines_in == 8
    sent = "JOIN dani,,MESH drew,BCST one,BCST two,BCST three,BCST four,PING a,"
    assert crowd.tally.bytes_in == len(sent.replace(",", "\r\n"))


def test_a_read_of_nothing_but_plain_lines() -> None:
    """It goes the short way, and is counted like any other."""
    crowd = Crowd(lines_per_second=0)
    dani = crowd.come("JOIN dani")
    before = crowd.tally.lines_in, crowd.tally.bytes_in
    crowd.say(dani, "BCST one", "BCST two", "BCST three")
    assert crowd.tally.lines_in - before[0] == 3
    assert crowd.tally.bytes_in - before[1] == len("BCST one,,BCST two,,BCST three,,")


def test_bytes_that_go_out() -> None:
    """As many as were written: answers, private lines and what all hear."""
    crowd = Crowd(lines_per_second=0)
    dani = crowd.come("JOIN dani")
    drew = crowd.come("JOIN drew", "BCST hello", "LIST")
    crowd.say(dani, "BCST one", "BCST two", "MESG drew three", "BCST four")
    crowd.say(drew, "MESG dani five", "QUIT")
    crowd.go(drew)
    assert crowd.tally.bytes_out == crowd.wrote
    assert crowd.tally.whispered == 2


def test_what_is_kept_from_whoever_ignores() -> None:
    """Public and private lines of the one who is ignored, and of nobody else."""
    crowd = Crowd(lines_per_second=0)
    crowd.come("JOIN sam")
    drew = crowd.come("JOIN drew")
    dani = crowd.come("JOIN dani", "IGNORE drew")
    crowd.say(drew, "BCST one", "BCST two", "MESG dani three", "MESG sam four")
    crowd.say(dani, "BCST five")
    assert crowd.tally.ignored == 3
    assert crowd.tally.bytes_out == crowd.wrote


def test_refusals_by_code() -> None:
    """A full room, too, and whoever is turned away at the door."""
    crowd = Crowd(connections_per_address=4)
    dani = crowd.come("JOIN dani")
    for name in ("dani", "SERVER", "drew"):
        crowd.come(f"JOIN {name}")
    crowd.come()
    crowd.say(dani, "MESG nobody hi", "MESG nobody hi", "BCST")
    crowd.door.room.max_users = 2
    crowd.door.admission = Admission(Limits())
    crowd.come("JOIN sam")
    assert crowd.tally.refused == {
        "name-taken": 1,
        "bad-name": 1,
        "too-many-connections": 1,
        "no-such-user": 2,
        "empty": 1,
        "room-full": 1,
    }


def test_connections_and_why_they_ended() -> None:
    """Whoever is open, and for those who are not, the reason."""
    crowd = Crowd(join_seconds=10)
    dani, drew = crowd.come("JOIN dani"), crowd.come("JOIN drew")
    silent = crowd.come()
    assert (crowd.tally.opened, crowd.tally.connections) == (3, 3)
    crowd.say(dani, "QUIT")
    crowd.clock.advance(10)
    for protocol in (dani, drew, silent):
        crowd.go(protocol)
    assert crowd.tally.gone == {"quit": 1, "connection lost": 1, "join timeout": 1}
    assert (crowd.tally.opened, crowd.tally.connections) == (3, 0)


def test_what_a_slow_reader_loses() -> None:
    """All that waited for them here, and all that was said before they were out of the room."""
    transport, tally, clock = SocketTransport(4096), Tally(), Clock()
    fell: list[bool] = []
    outbox = Outbox(transport, 10_000, lambda: fell.append(True), clock.seconds, tally)
    sent = 0
    while not fell:
        clock.advance(0.001)
        outbox.send(LINE)
        sent += 1
    taken = 0
    while data := transport.read():
        taken += len(data)
    handed_over = (taken + len(transport.buffer)) // len(LINE)
    assert tally.lost == sent - handed_over > 0
    outbox.send(LINE * 3)
    assert tally.lost == sent - handed_over + 3
    assert 10_000 < tally.most_owed <= 10_000 + len(LINE) + 16_384


def test_the_most_that_waited() -> None:
    """It is remembered when it has gone out."""
    transport, tally = SocketTransport(4096), Tally()
    outbox = Outbox(transport, 0, lambda: None, tally=tally)
    outbox.send(LINE * 500)
    waiting = outbox.owed
    while transport.read():
        transport.turn()
    assert waiting > 30_000
    assert (outbox.owed, tally.most_owed, tally.lost) == (0, waiting, 0)
