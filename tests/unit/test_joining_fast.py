"""Many who join from one address at the line door."""

from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatd.admission import Admission
from chatd.doors.line import LineDoor
from chatd.events import Ponged, Said
from chatd.limits import Limits
from chatd.room import Room
from tests.unit.test_line_door import LinePerson


class TestJoiningFast(SynchronousTestCase):
    """They are slowed down, and never refused."""

    def open(self, **limits: float) -> LineDoor:
        self.clock, self.room = Clock(), Room(0)
        most = Limits(**limits)  # type: ignore[arg-type]
        return LineDoor(self.room, most, Admission(most), self.clock, self.clock.seconds)

    def connect(self, door: LineDoor, host: str = "10.0.0.1") -> LinePerson:
        return LinePerson(door, self.clock, IPv4Address("TCP", host, 4000))

    def test_in_turn(self) -> None:
        """All come in, in order, with all that they say, and nobody from elsewhere waits."""
        door = self.open(lines_per_second=5, burst_lines=3, join_seconds=1)
        dani, *crowd = [self.connect(door) for _ in range(11)]
        dani.asks("JOIN dani")
        for number, one in enumerate(crowd):
            one.asks(f"JOIN user{number}", f"BCST I am {number}")
        crowd[5].vanish()
        assert self.room.names() == ("dani", "user0", "user1")
        self.connect(door, "10.0.0.2").asks("JOIN elsewhere")
        assert self.room.names()[3:] == ("elsewhere",)
        self.clock.advance(0.2)
        assert self.room.names()[4:] == ("user2",)
        crowd[9].asks("PING")
        assert crowd[9].read() == [Ponged("")]
        self.clock.pump([0.1] * 40)
        order = [0, 1, 2, 3, 4, 6, 7, 8, 9]
        assert self.room.names()[4:] == tuple(f"user{number}" for number in order[2:])
        heard = [event for event in dani.read() if isinstance(event, Said)]
        assert [event.lines for event in heard] == [(f"I am {number}",) for number in order]

    def test_a_name_that_is_taken_after_waiting(self) -> None:
        """Whoever got no name has as long as anyone to find another, and no longer."""
        door = self.open(lines_per_second=0.5, burst_lines=1, join_seconds=3)
        self.connect(door).asks("JOIN dani")
        late = self.connect(door)
        late.asks("JOIN dani")
        self.clock.advance(2)
        assert late.codes() == ["name-taken"]
        self.clock.advance(2.9)
        assert late.codes() == []
        self.clock.advance(0.1)
        assert late.codes() == ["join-timeout"]

    def test_who_hangs_up_while_waiting(self) -> None:
        """Nothing of them is left."""
        door = self.open(lines_per_second=0.001, burst_lines=1)
        people = [self.connect(door) for _ in range(4)]
        for number, one in enumerate(people):
            one.asks(f"JOIN user{number}")
        for one in people:
            one.vanish()
        self.clock.advance(1)
        assert not self.clock.getDelayedCalls()
        assert self.room.names() == ()

    def test_a_half_closed_one(self) -> None:
        """A script's lines are said when its turn comes, then its connection ends."""
        door = self.open(lines_per_second=5, burst_lines=2)
        dani, drew, bot = [self.connect(door) for _ in range(3)]
        dani.asks("JOIN dani")
        drew.asks("JOIN drew")
        bot.sends(b"JOIN bot\nBCST done")
        bot.protocol.readConnectionLost()
        self.clock.advance(0.19)
        assert self.room.names() == ("dani", "drew")
        self.clock.pump([0.1] * 6)
        assert Said("bot", ("done",)) in drew.read()
        assert bot.transport.disconnecting
