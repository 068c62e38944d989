"""The line door, without a port: the contract of every door, and what is its own."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.interfaces import IAddress
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from chatd.admission import Admission
from chatd.doors.door import COMPANY_SECONDS
from chatd.doors.line import LineDoor
from chatd.doors.line_seat import LineSeat
from chatd.doors.patience import GOODBYE_SECONDS
from chatd.events import Event, Greeted, Left, Listed, Ponged, Rejected, Said
from chatd.intake import PINGS_AT_ONCE
from chatd.limits import Limits
from chatd.outbox import GRACE_SECONDS
from chatd.room import Room
from chatd.wire import replies
from tests.unit.door_contract import DoorContract
from tests.unit.test_wire import ENDS, LINES


class AbortableTransport(StringTransport):
    """Tells when its connection is aborted."""

    aborted: Callable[[], None]

    def abortConnection(self) -> None:
        self.aborted()


class LinePerson:
    """Somebody with a netcat."""

    def __init__(self, door: LineDoor, clock: Clock, address: IAddress) -> None:
        self.clock = clock
        protocol: Any = door.buildProtocol(address)
        self.protocol = protocol
        self.transport = AbortableTransport(peerAddress=address)
        self.transport.aborted = self.vanish
        protocol.makeConnection(self.transport)
        self.gone = False
        self.paused = False

    def asks(self, *words: str) -> None:
        self.sends("".join(f"{word}\r\n" for word in words).encode())

    def sends(self, data: bytes) -> None:
        self.protocol.dataReceived(data)
        self.clock.advance(0)
        if self.transport.disconnecting:
            self.vanish()

    def read(self) -> list[Event]:
        return [event for event in self.read_all() if event != Greeted()]

    def read_all(self) -> list[Event]:
        self.clock.advance(COMPANY_SECONDS)
        lines = self.transport.value().decode().split("\r\n")
        self.transport.clear()
        assert lines.pop() == ""
        events = [replies.read(line) for line in lines]
        assert None not in events, lines
        return [event for event in events if event is not None]

    def codes(self) -> list[str]:
        return [event.code for event in self.read() if isinstance(event, Rejected)]

    def vanish(self) -> None:
        if not self.gone:
            self.gone = True
            self.protocol.connectionLost()
            self.clock.advance(0)


class TestLineDoor(DoorContract, SynchronousTestCase):
    """A LineReceiver and its factory."""

    def open_door(self, room: Room, limits: Limits) -> LineDoor:
        self.clock = Clock()
        return LineDoor(room, limits, Admission(limits), self.clock, self.clock.seconds)

    def connect(self, host: str = "10.0.0.1") -> LinePerson:
        return LinePerson(self.door, self.clock, IPv4Address("TCP", host, 4000))

    def expect_logged(self, error: type[Exception]) -> None:
        assert len(self.flushLoggedErrors(error)) == 1

    def test_the_greeting(self) -> None:
        """Comes first, before anything is typed."""
        self.people()
        assert self.connect().read_all() == [Greeted()]

    def test_a_guest_is_called_after_their_address(self) -> None:
        """However the address is written, and from a local socket too."""
        self.people()
        for address in (
            IPv4Address("TCP", "10.0.0.1", 1),
            IPv6Address("TCP", "::ffff:10.0.0.1", 2),
            UNIXAddress(None),
        ):
            LinePerson(self.door, self.clock, address).asks("JOIN")
        assert self.room.names() == ("<10.0.0.1>", "<10.0.0.1#2>", "<local>")

    def test_half_close(self) -> None:
        """Whoever ends their input gets every answer, then the connection ends."""
        (dani,) = self.people("dani")
        bot = self.connect()
        bot.sends(b"JOIN bot\nBCST done\nLIST")
        bot.protocol.readConnectionLost()
        assert bot.read()[1:3] == [Said("bot", ("done",)), Listed(("dani", "bot"))]
        assert bot.transport.disconnecting
        assert self.room.names() == ("dani",)
        assert len(dani.read()) == 3

    def test_half_close_of_a_fast_sender(self) -> None:
        """What came too fast is still said, at the pace, before the end."""
        (dani,) = self.people("dani", lines_per_second=5, burst_lines=2)
        bot = self.connect()
        bot.sends(b"JOIN bot\n" + b"".join(b"BCST %d\n" % n for n in range(10)))
        bot.protocol.readConnectionLost()
        for _ in range(20):
            assert bot.transport.disconnecting == (self.room.names() == ("dani",))
            self.clock.advance(0.1)
        said = [event.lines[0] for event in dani.read() if isinstance(event, Said)]
        assert said == [str(n) for n in range(10)]
        assert bot.transport.disconnecting

    def test_a_fast_sender_is_slowed_down(self) -> None:
        """Nothing is refused, dropped or reordered."""
        dani, drew = self.people("dani", "drew", lines_per_second=5, burst_lines=20)
        dani.asks(*(f"BCST {n}" for n in range(40)))
        heard = [event for event in drew.read() if isinstance(event, Said)]
        assert sum(len(event.lines) for event in heard) == 19  # JOIN was one of the twenty
        self.clock.pump([0.1] * 42)
        heard += [event for event in drew.read() if isinstance(event, Said)]
        assert [line for event in heard for line in event.lines] == [str(n) for n in range(40)]
        dani.asks("BCST on")
        self.clock.advance(0.2)
        assert drew.read() == [Said("dani", ("on",))]

    def test_a_flood_is_read_no_faster_than_it_is_worked_through(self) -> None:
        """What is held back is bounded; the rest waits with the sender."""
        (dani,) = self.people("dani", lines_per_second=5, burst_lines=1)
        line = b"BCST " + b"x" * 1000 + b"\n"
        dani.sends(line * 30)
        assert dani.transport.producerState == "producing"
        dani.sends(line * 30)
        assert dani.transport.producerState == "paused"
        self.clock.pump([0.05] * 400)
        assert dani.transport.producerState == "producing"
        assert dani.transport.value().count(b"\n") == 60

    def test_ping_overtakes_lines_that_are_held_back(self) -> None:
        """Or a client that pastes would take us for dead; but not every one of a flood."""
        (dani,) = self.people("dani", lines_per_second=5, burst_lines=1)
        dani.asks(*("BCST x" for _ in range(50)), "PING 1", "LIST")
        assert [event for event in dani.read() if isinstance(event, Ponged)] == [Ponged("1")]
        dani.sends(b"PI")
        dani.sends(b"NG 2\r\n" + b"ping 2\r\n" * 1000)
        assert dani.read() == [Ponged("2")] * (PINGS_AT_ONCE - 1)

    def test_a_ping_that_is_refused(self) -> None:
        """Is refused in words, overtaking or not."""
        (dani,) = self.people("dani", lines_per_second=5, burst_lines=1)
        dani.asks(*("BCST x" for _ in range(50)))
        dani.read()
        dani.sends(b"PING \xff\nPING " + b"x" * 2000 + b"\n")
        assert dani.codes() == ["not-utf8", "line-too-long"]

    def test_the_rest_of_a_long_line_is_no_line(self) -> None:
        """However it was cut by the network, nothing of it is said."""
        dani, zoe = self.people("dani", "zoe")
        zoe.read()
        for data in (b"BCST hello\r\n", b"x" * 3000, b"BCST the rest\r\n", b"BCST next\r\n"):
            dani.sends(data)
        assert zoe.read() == [Said("dani", ("hello",)), Said("dani", ("next",))]

    def test_a_telnet_flood(self) -> None:
        """Nobody negotiates that much: told, and let go."""
        dani, drew = self.people("dani", "drew")
        dani.sends(b"\xff\xfd\x01" * 6000)
        assert b"ERROR usage: " in dani.transport.value()
        assert drew.read() == [Left("dani")]

    def test_quit_keeps_its_place(self) -> None:
        """Everything that was sent before it is said before it."""
        dani, drew = self.people("dani", "drew", lines_per_second=5, burst_lines=2)
        dani.asks(*(f"BCST {n}" for n in range(5)), "QUIT")
        self.clock.pump([0.2] * 7)
        heard = drew.read()
        assert [event.lines[0] for event in heard if isinstance(event, Said)] == list("01234")
        assert heard[-1] == Left("dani")

    def test_other_protocols(self) -> None:
        """Are told in words and let go, and nothing of what they send is done."""
        (dani,) = self.people("dani")
        for beginning, name in (
            (b"GET / HTTP/1.1\r\nJOIN evil\r\nBCST spam\r\n", "HTTP"),
            (b"POST /x HTTP/1.1\r\n\r\nJOIN evil\r\n", "HTTP"),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01", "TLS"),
            (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH"),
            (b"EHLO example.org\r\n", "SMTP"),
            (b"\r\n\r\nGET / HTTP/1.0\r\nJOIN evil\r\n", "HTTP"),
            (b"PROPFIND /\r\nJOIN evil\r\n", "HTTP"),
            (b"POST\t/ HTTP/1.0\r\nJOIN evil\r\n", "HTTP"),
            (b"ehlo\r\nJOIN evil\r\n", "SMTP"),
        ):
            for size in (1, len(beginning)):
                stranger = self.connect()
                for start in range(0, len(beginning), size):
                    stranger.sends(beginning[start : start + size])
                assert stranger.transport.disconnecting
                (refused,) = stranger.read()
                assert isinstance(refused, Rejected)
                assert refused.sentence.endswith(f"does not speak {name}.")
        assert dani.read() == []
        person = self.connect()
        person.asks("get lost", "JOIN drew")
        assert self.room.names() == ("dani", "drew")

    def test_join_timeout(self) -> None:
        """Dripping bytes, or failing to join, does not put it off."""
        self.people(join_seconds=60)
        slow = self.connect()
        for _ in range(59):
            self.clock.advance(1)
            slow.sends(b"x")
        assert slow.codes() == []
        self.clock.advance(1)
        assert slow.codes() == ["join-timeout"]
        assert slow.transport.disconnecting

    def test_idle_timeout(self) -> None:
        """Any line puts it off; without one, they are told and let go."""
        dani, drew = self.people("dani", "drew", idle_seconds=100)
        self.clock.advance(60)
        drew.asks("PING")
        dani.sends(b"x")
        self.clock.advance(60)
        assert dani.codes() == ["idle-timeout"]
        assert self.room.names() == ("drew",)
        self.clock.advance(40)
        assert drew.codes() == ["idle-timeout"]

    def test_too_many_connections(self) -> None:
        """In all, or from one address: told why, and closed; a place is free again after."""
        dani, _ = self.people("dani", "drew", connections=3, connections_per_address=2)
        third = self.connect()
        assert third.codes() == ["too-many-connections"]
        assert third.transport.disconnecting
        self.connect("10.0.0.2").asks("JOIN zoe")
        assert self.connect("10.0.0.3").codes() == ["too-many-connections"]
        dani.vanish()
        assert isinstance(self.connect("10.0.0.3").protocol, LineSeat)

    def test_those_who_have_not_joined_make_way(self) -> None:
        """For a stranger, and are told; those who are in stay."""
        (dani,) = self.people("dani", connections=3)
        silent = [self.connect("10.0.0.2") for _ in range(2)]
        drew = self.connect("10.0.0.3")
        drew.asks("JOIN drew")
        assert self.room.names() == ("dani", "drew")
        assert silent[0].codes() == ["too-many-connections"]
        assert silent[0].transport.disconnecting
        assert silent[1].codes() == []
        assert dani.read()

    def test_a_barred_network(self) -> None:
        """Gets no connection at all."""
        self.people(deny=("10.9.0.0/16",))
        assert self.door.buildProtocol(IPv4Address("TCP", "10.9.1.2", 4000)) is None
        assert self.door.buildProtocol(IPv4Address("TCP", "10.8.1.2", 4000)) is not None

    def test_a_slow_reader_is_let_go(self) -> None:
        """The room is told; nobody waits."""
        dani, drew = self.people("dani", "drew", outbox_bytes=1000, lines_per_second=0)
        drew.protocol.outbox.pauseProducing()
        for _ in range(30):
            dani.asks("BCST " + "x" * 50)
        assert self.room.names() == ("dani", "drew")
        self.clock.advance(GRACE_SECONDS)
        dani.asks("BCST on")
        assert self.room.names() == ("dani",)
        assert drew.gone

    def test_closing_cuts_off_who_does_not_read(self) -> None:
        """After a while; the others have gone before."""
        dani, drew = self.people("dani", "drew")
        drew.protocol.outbox.pauseProducing()
        self.room.close()
        done: list[None] = []
        self.door.close().addCallback(done.append)
        dani.vanish()
        assert not done
        self.clock.advance(GOODBYE_SECONDS)
        assert drew.gone
        assert done

    @given(st.lists(st.tuples(LINES, ENDS)), st.integers(1, 50))
    def test_cut_anywhere(self, lines: list[tuple[bytes, bytes]], size: int) -> None:
        """Whoever listens hears the same, however the network cuts what is said."""
        data = b"".join(line + end for line, end in lines)
        heard = []
        for step in (size, len(data) or 1):
            dani, drew = self.people("dani", "drew", lines_per_second=0, line_bytes=20)
            for start in range(0, len(data), step):
                if not dani.gone:
                    dani.sends(data[start : start + step])
            self.clock.advance(COMPANY_SECONDS)
            heard.append((dani.transport.value(), drew.transport.value()))
        assert heard[0] == heard[1]

    def test_telnet(self) -> None:
        """Options are declined, and are not part of what is said."""
        (dani,) = self.people("dani")
        dani.sends(b"BCST a\xff\xfd")
        dani.sends(b"\x06b\r")
        dani.sends(b"\0")
        assert dani.transport.value() == b"\xff\xfc\x06dani: BCST ab\r\n"

    def test_lines_said_in_a_row_are_one_event(self) -> None:
        """And each is a line for everyone."""
        (dani,) = self.people("dani", lines_per_second=0)
        dani.asks("BCST a", "BCST b")
        assert dani.transport.value() == b"dani: BCST a\r\ndani: BCST b\r\n"

    def test_one_whole_line(self) -> None:
        """As any LineReceiver takes it."""
        (dani,) = self.people("dani")
        dani.protocol.lineReceived(b"LIST")
        assert dani.read() == [Listed(("dani",))]
