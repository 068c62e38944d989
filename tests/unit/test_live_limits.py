"""Limits that are changed while people are connected."""

from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatd.admission import Admission
from chatd.doors.line import LineDoor
from chatd.errors import Refused
from chatd.events import Said
from chatd.limits import Limits
from chatd.room import Room
from chatd.wire.framing import LineBuffer
from tests.unit.test_line_door import LinePerson


class TestLimits(SynchronousTestCase):
    """At the line door."""

    def person(self, name: str, **limits: float) -> LinePerson:
        self.clock = Clock()
        self.room = Room()
        first = Limits(**limits)  # type: ignore[arg-type]
        self.door = LineDoor(self.room, first, Admission(first), self.clock, self.clock.seconds)
        return self.another(name)

    def another(self, name: str) -> LinePerson:
        person = LinePerson(self.door, self.clock, IPv4Address("TCP", "10.0.0.1", 4000))
        if name:
            person.asks(f"JOIN {name}")
            person.read()
        return person

    def take(self, **limits: float) -> None:
        self.door.take_limits(Limits(**limits))  # type: ignore[arg-type]
        self.clock.advance(0)

    def test_a_higher_pace(self) -> None:
        """Lines that are held back go at it, and not after what was left of the old wait."""
        dani = self.person("dani", lines_per_second=0.001, burst_lines=1)
        dani.asks("BCST one", "BCST two", "BCST three")
        assert dani.read() == []
        self.take(lines_per_second=10, burst_lines=1)
        self.clock.pump([0.1] * 4)
        said = [line for event in dani.read() if isinstance(event, Said) for line in event.lines]
        assert said == ["one", "two", "three"]

    def test_shorter_lines(self) -> None:
        """Are asked for from the next line on."""
        dani = self.person("dani")
        self.take(line_bytes=10)
        dani.asks("BCST " + "x" * 6)
        assert dani.codes() == ["line-too-long"]
        dani.asks("BCST " + "x" * 5)
        assert len(dani.read()) == 1

    def test_patience_with_who_has_not_joined(self) -> None:
        """Another wait begins anew."""
        self.person("dani", join_seconds=60)
        stranger = self.another("")
        self.clock.advance(50)
        self.take(join_seconds=20)
        self.clock.advance(19)
        assert stranger.codes() == []
        self.clock.advance(1)
        assert stranger.codes() == ["join-timeout"]

    def test_patience_with_who_is_silent(self) -> None:
        """Nobody is let go for a silence that was allowed when it began."""
        dani = self.person("dani", idle_seconds=0)
        self.clock.advance(1000)
        self.take(idle_seconds=60)
        self.clock.advance(59)
        assert dani.codes() == []
        self.clock.advance(1)
        assert dani.codes() == ["idle-timeout"]

    def test_no_limit_any_more(self) -> None:
        """A wait that is on is given up."""
        dani = self.person("dani", idle_seconds=60)
        self.take(idle_seconds=0)
        self.clock.advance(10000)
        assert dani.codes() == []
        assert self.room.names() == ("dani",)

    def test_other_limits(self) -> None:
        """Do not put off the end of a wait."""
        dani = self.person("dani", idle_seconds=60)
        self.clock.advance(59)
        self.take(idle_seconds=60, line_bytes=10)
        self.clock.advance(1)
        assert dani.codes() == ["idle-timeout"]

    def test_who_has_just_gone(self) -> None:
        """No timer is left for them."""
        dani = self.person("dani", idle_seconds=60)
        self.door.take_limits(Limits(idle_seconds=30))
        dani.protocol.connectionLost()
        self.clock.advance(0)
        assert self.room.names() == ()
        self.clock.advance(1)
        assert not self.clock.getDelayedCalls()

    def test_what_may_wait(self) -> None:
        """A reader who is further behind than is allowed now is let go."""
        dani = self.person("dani", outbox_bytes=10**6)
        dani.protocol.outbox.pauseProducing()
        self.door.fanout.say(b"x" * 5000)
        self.clock.advance(0)
        self.take(outbox_bytes=1000)
        self.clock.advance(1)
        assert self.room.names() == ("dani",)
        self.door.fanout.say(b"x")
        self.clock.advance(0)
        self.clock.advance(0)
        assert self.room.names() == ()

    def test_fewer_places(self) -> None:
        """Drop nobody who is in; newcomers find none."""
        self.person("dani")
        self.another("drew")
        self.door.admission.take_limits(Limits(connections_per_address=1))
        stranger = self.another("")
        assert "too-many-connections" in stranger.transport.value().decode()
        assert self.room.names() == ("dani", "drew")


def test_a_line_that_was_too_long_stays_so() -> None:
    """Only its beginning is held, which a higher limit must not pass off as the whole."""
    lines = LineBuffer(10)
    lines.feed(b"x" * 50)
    lines.bound(100)
    lines.feed(b"x" * 50 + b"\nshort\n")
    first, second = lines.take(5)
    assert isinstance(first, Refused)
    assert second == "short"
    lines.feed(b"x" * 100 + b"\n" + b"x" * 101 + b"\n")
    long, longer = lines.take(5)
    assert long == "x" * 100
    assert isinstance(longer, Refused)
