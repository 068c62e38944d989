"""Who may come in at the line door: passwords, registered names, a full room."""

from twisted.internet import defer
from twisted.logger import capturedLogs

from chatd.access import Access
from chatd.events import Announced, Full, Joined, Listed, Rejected, Said
from tests.unit.guarded_house import ROOM, House


class TestComingIn:
    def test_a_room_with_a_password(self) -> None:
        """Lets in whoever gives it before JOIN, a guest too, and nobody else."""
        house = House(ROOM)
        someone = house.visitor("10.0.0.1", "JOIN bob", "PASS wrong", "JOIN bob", "JOIN")
        assert someone.codes() == ["password-needed", "wrong-password", "wrong-password"]
        someone.asks("PASS roomword", "JOIN bob", "BCST hi")
        assert someone.read() == [Joined("bob"), Said("bob", ("hi",))]
        guest = house.visitor("10.0.0.2", "pass roomword ", "join")
        assert guest.read() == [Joined("<10.0.0.2>")]

    def test_a_registered_name(self) -> None:
        """Needs its own password, in every spelling; that opens the room, too."""
        house = House(ROOM)
        someone = house.visitor("10.0.0.1", "PASS roomword", "JOIN Dani")
        assert someone.codes() == ["wrong-password"]
        someone.asks("PASS daniword", "JOIN bob")
        assert someone.codes() == ["wrong-password"]
        someone.asks("JOIN DANI")
        assert someone.read() == [Joined("DANI")]

    def test_a_registered_name_in_an_open_room(self) -> None:
        """Is its owner's alone, in the room or not; all other names are free."""
        house = House()
        someone = house.visitor("10.0.0.1", "JOIN dani", "JOIN z0e", "JOIN bob")
        told = someone.read()
        assert [event.code for event in told[:2] if isinstance(event, Rejected)] == [
            "password-needed",
            "name-taken",
        ]
        assert told[2:] == [Joined("bob")]

    def test_a_stranger_learns_no_names(self) -> None:
        """Who has not given the room's password is told the same of every name."""
        house = House(ROOM)
        someone = house.visitor("10.0.0.1", "JOIN dani", "JOIN bob", "PASS x", "JOIN dani")
        someone.asks("JOIN bob", "JOIN z0e")
        told = [event for event in someone.read() if isinstance(event, Rejected)]
        assert told[0] == told[1]
        assert told[2] == told[3] == told[4]

    def test_lines_wait_for_the_password(self) -> None:
        """They are answered in order; a PING that comes later is not held up."""
        house = House(ROOM)
        house.held = []
        bob = house.visitor("10.0.0.1", "PASS roomword", "JOIN bob", "BCST hi", "LIST")
        bob.asks("BCST ho", "PING x")
        assert [str(event) for event in bob.read()] == ["Ponged(token='x')"]
        bob.protocol.readConnectionLost()
        house.clock.advance(0)
        house.try_them()
        said = [Said("bob", (word,)) for word in ("hi", "ho")]
        assert bob.read() == [Joined("bob"), said[0], Listed(("bob",)), said[1]]
        assert bob.transport.disconnecting

    def test_whoever_goes_meanwhile_does_not_come_in(self) -> None:
        """Nor does somebody who took too long; nobody hears of either."""
        house = House(join_seconds=5)
        dani = house.operator()
        house.held = []
        gone = house.visitor("10.0.0.1", "PASS zoeword", "JOIN zoe", "BCST hi")
        late = house.visitor("10.0.0.2", "PASS zoeword", "JOIN zoe", "BCST hi")
        gone.vanish()
        house.clock.advance(5)
        assert late.codes() == ["join-timeout"]
        house.try_them()
        assert dani.read() == []
        assert house.room.names() == ("dani",)

    def test_a_fault_of_ours(self) -> None:
        """Is told to the one whom it hits, and lets nobody in."""
        house = House(ROOM)
        house.keeper._verify = lambda *_: defer.fail(MemoryError("no memory"))
        with capturedLogs() as log:
            bob = house.visitor("10.0.0.1", "PASS roomword", "JOIN bob")
        assert bob.codes() == ["internal"]
        assert "log_failure" in log[-2]
        assert not house.room.names()

    def test_the_password_is_shown_nowhere(self) -> None:
        """Not in the log, nor in what stands in a traceback."""
        house = House(ROOM)
        with capturedLogs() as log:
            bob = house.visitor("10.0.0.1", "PASS sesame", "JOIN bob", "PASS roomword", "JOIN bob")
        assert bob.codes() == ["wrong-password"]
        assert "sesame" not in repr(log)
        assert "roomword" not in repr((log, bob.protocol.person._visitor, vars(bob.protocol)))
        assert any(event.get("code") == "wrong-password" for event in log)

    def test_what_is_no_password(self) -> None:
        """Is refused or simply wrong; after joining, and in an open room, none is needed."""
        house = House(ROOM, line_bytes=0)
        bob = house.visitor("10.0.0.1", "PASS", "PASS " + "x" * 10_000, "PASS \u202e", "JOIN bob")
        assert bob.codes() == ["usage", "usage", "usage", "password-needed"]
        bob.sends(b"PASS a\0b\nJOIN bob\nPASS roomword\nJOIN bob\nPASS again\n")
        assert bob.codes() == ["wrong-password", "already-joined"]
        house.keeper.access = Access()
        kim = house.visitor("10.0.0.2", "PASS x", "JOIN kim")
        assert kim.read() == [Announced("this room needs no password, just JOIN"), Joined("kim")]

    def test_a_full_room(self) -> None:
        """Lets an operator in, and no other who has a name of their own."""
        house = House()
        everyone = [house.person(name) for name in ("a", "b", "c", "d")]
        zoe = house.visitor("10.0.0.9", "PASS zoeword", "JOIN zoe")
        assert zoe.read() == [Full()]
        house.operator()
        assert len(house.room) == len(everyone) + 1

    def test_the_cap_of_connections_holds_for_operators(self) -> None:
        """Who can't connect can't show that they are one."""
        house = House(connections=1)
        house.person("a")
        assert house.visitor("10.9.9.9").codes() == ["too-many-connections"]
