"""Who may come in and who is heard, at the line door and without a port."""

from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet import defer
from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.interfaces import IAddress
from twisted.internet.task import Clock
from twisted.logger import capturedLogs

from chatd.access import Access
from chatd.addresses import Networks
from chatd.admission import Admission
from chatd.doorkeeper import Doorkeeper
from chatd.doors.line import LineDoor
from chatd.events import Announced, Full, Helped, Joined, Left, Listed, Rejected, Said, Whispered
from chatd.limits import Limits
from chatd.names import Name
from chatd.operators import SHOWN, Operators
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


class TestKeepingOrder:
    def test_only_operators(self) -> None:
        """Neither others, nor whoever has only their name."""
        house = House()
        bob = house.person("bob")
        house.keeper.access = Access(None, Registered(), frozenset({"dani", "bob"}))
        bob.asks("KICK bob", "BANS", "OPEN", "SAY hi", "MUTE")
        assert bob.codes() == ["not-operator"] * 5
        outside = house.visitor("10.0.0.2", "BANS")
        assert outside.codes() == ["not-joined"]

    def test_kick(self) -> None:
        """They are told why, and so is everybody else; then they are out."""
        house = House()
        dani, bob, eve = house.operator(), house.person("bob"), house.person("eve")
        settle(dani, bob, eve)
        dani.asks("KICK BOB no spam, please", "LIST")
        words = "dani has put bob out: no spam, please"
        assert bob.read() == [
            Announced(words),
            Rejected("kicked", "dani has put you out: no spam, please"),
        ]
        assert bob.transport.disconnecting
        bob.asks("BCST still here")
        heard = eve.read()
        house.clock.advance(0.01)
        assert heard + eve.read() == [Announced(words), Left("bob")]
        assert dani.read()[-1] == Left("bob")

    def test_operators_do_not_fight(self) -> None:
        """Nor does one put themself out by mistake."""
        house = House()
        dani = house.operator()
        dani.asks("KICK dani", "MUTE DANI", "BAN dani", "BAN 10.9.0.0/16", "KICK nobody")
        assert dani.codes() == ["is-operator"] * 4 + ["no-such-user"]
        assert house.room.names() == ("dani",)
        assert not house.changes

    def test_mute(self) -> None:
        """Nobody sees what they say, in whatever way; they are told, for each line."""
        house = House()
        dani, bob, eve = house.operator(), house.person("bob"), house.person("eve", "10.0.0.2")
        neighbour = house.person("neighbour")
        dani.asks("MUTE bob 10")
        neighbour.asks("BCST I am heard")
        assert Said("neighbour", ("I am heard",)) in eve.read()
        neighbour.asks("QUIT")
        settle(dani, eve)
        assert Announced("dani has muted bob for 10 minutes.") in bob.read()
        bob.asks("BCST hi", "BCST ho", "MESG eve psst")
        bob.asks("BCST " + "\u00e9", "LIST")
        told = bob.read()
        assert [event.code for event in told[:4] if isinstance(event, Rejected)] == ["muted"] * 4
        assert isinstance(told[0], Rejected)
        assert told[0].sentence == ("dani has muted you for 10 minutes more. Nobody has seen that.")
        assert isinstance(told[4], Listed)
        assert dani.read() == eve.read() == []
        again = house.visitor("10.0.0.1", "JOIN rob", "BCST hi")
        assert again.codes() == ["muted"]
        settle(dani, eve)
        house.clock.advance(600)
        bob.asks("BCST free")
        again.asks("BCST again")
        assert eve.read() == [Said("bob", ("free",)), Said("rob", ("again",))]

    def test_unmute(self) -> None:
        """Ends it; a mute without minutes ends in no other way."""
        house = House()
        dani, bob = house.operator(), house.person("bob")
        dani.asks("MUTE bob")
        house.clock.advance(10 * 365 * 86400)
        bob.asks("BCST hi")
        assert bob.codes() == ["muted"]
        dani.asks("UNMUTE bob", "UNMUTE bob")
        assert dani.codes() == ["no-such-user"]
        bob.asks("BCST hi")
        assert Said("bob", ("hi",)) in dani.read()

    def test_ban_of_a_name(self) -> None:
        """They go, and neither the name, nor one like it, nor their address comes back; whoever
        else is there from that address stays.
        """
        house = House()
        dani, bob = house.operator(), house.person("bob")
        neighbour = house.person("neighbour")
        dani.asks("BAN bob 3 spam")
        refused = Rejected("banned", "You are banned from this room for 3 days: spam")
        assert bob.read()[-1] == refused
        assert bob.transport.disconnecting
        assert house.visitor("10.0.0.1").read() == [refused]
        elsewhere = house.visitor("10.0.0.2", "JOIN B0B", "JOIN BOB")
        assert elsewhere.codes() == ["banned"] * 2
        neighbour.asks("LIST")
        assert Listed(("dani", "neighbour")) in neighbour.read()
        house.clock.advance(3 * 86400)
        house.person("bob")

    def test_ban_of_a_network(self) -> None:
        """Everyone from there goes, and nobody connects from there."""
        house = House()
        dani, bob, eve = house.operator(), house.person("bob"), house.person("eve", "10.0.1.1")
        dani.asks("BAN 10.0.0.77/24 why not")
        assert bob.codes() == ["banned"]
        assert house.visitor("10.0.0.200").codes() == ["banned"]
        assert eve.codes() == []
        dani.asks("UNBAN 10.0.0.0/24", "UNBAN 10.0.0.0/24")
        assert dani.codes() == ["no-such-user"]
        house.person("bob")

    def test_what_a_ban_leaves_out(self) -> None:
        """An address that an operator shares, or many; a local socket has none."""
        house = House()
        dani = house.operator("10.0.0.1")
        house.operators.shared = Networks(["10.7.0.0/16"])
        for name, host in (("bob", "10.0.0.1"), ("eve", "10.7.0.1"), ("kim", "")):
            house.person(name, host)
            dani.asks(f"BAN {name}")
            settle(dani)
            assert house.visitor(host, f"JOIN {name}").codes() == ["banned"]
            house.person("free", host).asks("QUIT")
        guest = house.visitor("", "JOIN")
        dani.asks("BAN <local>", "MUTE <local>")
        assert dani.codes() == ["usage"] * 2
        assert guest.codes() == []

    def test_ban_of_a_guest(self) -> None:
        """It is the address that is banned; and it can be lifted by the guest's name."""
        house = House()
        dani = house.operator()
        house.visitor("10.0.0.5", "JOIN")
        dani.asks("BAN <10.0.0.5>")
        assert house.visitor("10.0.0.5").codes() == ["banned"]
        dani.asks("UNBAN <10.0.0.5>")
        house.person("bob", "10.0.0.5")

    def test_ban_of_somebody_who_is_not_here(self) -> None:
        """Holds for the name; what can be no name is refused."""
        house = House()
        dani = house.operator()
        dani.asks("BAN eve 0.5", "BAN a:b", "BAN eve 99999999")
        assert dani.codes() == ["bad-name", "usage"]
        assert house.visitor("10.0.0.2", "JOIN EVE").codes() == ["banned"]
        dani.asks("BANS")
        assert dani.read() == [Announced("banned: eve, by dani, 12 hours left")]

    def test_somebody_called_like_an_address(self) -> None:
        """Can be banned by that name, and no address is banned in their place."""
        house = House()
        dani, sly = house.operator(), house.person("10.8.8.8")
        dani.asks("BAN 10.8.8.8")
        assert sly.codes() == ["banned"]
        house.person("bob", "10.8.8.8")

    def test_bans(self) -> None:
        """Are told to operators: the last of them, and any by a word."""
        house = House()
        dani = house.operator()
        dani.asks("BANS", *(f"BAN 192.0.2.{n}" for n in range(SHOWN + 10)), "CLOSE")
        assert dani.read()[0] == Announced("nobody is banned or muted")
        dani.asks("BANS")
        told = dani.read()
        assert told[0] == Announced("10 older ones are left out: BANS word")
        assert len(told) == 1 + SHOWN + 1
        assert told[-1] == Announced("closed to newcomers by dani")
        dani.asks("BANS 2.7,")
        assert dani.read() == [Announced("banned: 192.0.2.7, by dani")]

    def test_close_and_open(self) -> None:
        """Nobody new comes in but an operator; who is in, stays."""
        house = House()
        dani, bob = house.operator(), house.person("bob")
        dani.asks("CLOSE", "CLOSE")
        assert dani.codes() == ["usage"]
        assert bob.read()[-1] == Announced("dani has closed the room: nobody new comes in.")
        outside = house.visitor("10.0.0.2", "JOIN eve", "JOIN", "PASS zoeword", "JOIN zoe")
        assert outside.codes() == ["room-closed"] * 3
        dani.asks("QUIT")
        dani = house.operator()
        dani.asks("OPEN", "OPEN")
        assert dani.codes() == ["usage"]
        outside.asks("JOIN eve")
        assert house.room.names() == ("bob", "dani", "eve")
        assert house.changes == 2

    def test_say(self) -> None:
        """As the server; but not so that anybody takes it for news of the server's own."""
        house = House()
        dani, bob = house.operator(), house.person("bob")
        settle(dani, bob)
        dani.asks("SAY tea at five", "SAY the chat is closing", "SAY eve joined the chat!", "SAY")
        assert bob.read() == [Announced("tea at five")]
        assert dani.codes() == ["usage"] * 3

    def test_help(self) -> None:
        """Tells an operator more than others."""
        house = House()
        house.person("bob").asks("HELP")
        dani, bob = house.operator(), house.person("eve")
        dani.asks("HELP")
        bob.asks("HELP")
        assert any("KICK" in line for event in dani.read() for line in _help(event))
        assert not any("KICK" in line for event in bob.read() for line in _help(event))

    def test_a_thousand_put_out_at_once(self) -> None:
        """Are put out slice by slice, and say nothing meanwhile."""
        house = House()
        house.room.max_users = 0
        dani = house.operator()
        crowd = [house.person(f"p{n}", f"10.1.{n // 250}.{n % 250}") for n in range(300)]
        dani.protocol.dataReceived(b"BAN 10.1.0.0/16\r\n")
        crowd[-1].protocol.dataReceived(b"BCST hi\r\n")
        for _ in range(400):
            house.clock.advance(0.001)
        assert house.room.names() == ("dani",)
        assert not any(isinstance(event, Said) for event in dani.read())


class TestIgnoring:
    def test_lines_of_one_person(self) -> None:
        """Public and private ones do not reach whoever ignores them; all others do, in order."""
        house = House()
        bob, eve, kim = (house.person(name) for name in ("bob", "eve", "kim"))
        settle(bob, eve, kim)
        bob.asks("IGNORE EVE")
        assert bob.read() == [Announced("you see no more of what eve says")]
        for person in (eve, kim, bob):
            person.protocol.dataReceived(b"BCST 1\r\nMESG bob 2\r\nBCST 3\r\n")
        said = {name: [Said(name, ("1",)), Said(name, ("3",))] for name in ("eve", "kim", "bob")}
        whispers = [Whispered(name, "bob", "2") for name in ("kim", "bob")]
        assert bob.read() == [
            said["kim"][0], whispers[0], said["kim"][1],
            said["bob"][0], whispers[1], said["bob"][1],
        ]  # fmt: skip
        assert kim.read() == said["eve"] + said["kim"] + said["bob"]
        assert eve.codes() == []

    def test_hearing_them_again(self) -> None:
        """From then on; whom one ignores can be asked."""
        house = House()
        bob, eve = house.person("bob"), house.person("eve")
        bob.asks("IGNORE", "IGNORE eve", "IGNORE")
        eve.asks("BCST 1")
        bob.asks("UNIGNORE Eve", "UNIGNORE eve", "UNIGNORE")
        eve.asks("BCST 2")
        told = bob.read()
        assert [event for event in told if isinstance(event, Said)] == [Said("eve", ("2",))]
        words = [event.text for event in told if isinstance(event, Announced)]
        assert words[0] == "you ignore nobody"
        assert words[2] == "you ignore eve"
        assert not house.door.ignoring.anybody

    def test_a_rejoin(self) -> None:
        """Whoever comes back under that name, in any case, stays ignored."""
        house = House()
        bob, eve = house.person("bob"), house.person("eve")
        bob.asks("IGNORE eve")
        eve.asks("QUIT")
        eve = house.person("EVE")
        settle(bob)
        eve.asks("BCST hi")
        assert bob.read() == []

    def test_who_can_not_be_ignored(self) -> None:
        """The server, oneself, and nobody."""
        house = House()
        bob = house.person("bob")
        bob.asks("IGNORE server", "IGNORE BOB", "IGNORE eve")
        assert bob.codes() == ["usage", "usage", "no-such-user"]
        assert house.visitor("10.0.0.2", "IGNORE bob", "UNIGNORE x").codes() == ["not-joined"] * 2

    def test_it_ends_with_the_connection(self) -> None:
        """Nothing is left of it."""
        house = House()
        bob, eve = house.person("bob"), house.person("eve")
        bob.asks("IGNORE eve")
        assert house.door.ignoring.anybody
        bob.asks("QUIT")
        assert not house.door.ignoring.anybody
        eve.asks("BCST hi")
        assert eve.read()[-1] == Said("eve", ("hi",))


def _help(event: object) -> tuple[str, ...]:
    return event.lines if isinstance(event, Helped) else ()


@pytest.mark.parametrize("word", ["KICK", "UNMUTE", "UNBAN", "BAN", "SAY"])
def test_something_is_missing(word: str) -> None:
    """It is said what."""
    dani = House().operator()
    dani.asks(word)
    (refused,) = dani.read()
    assert isinstance(refused, Rejected)
    assert refused.code == "usage"
    assert refused.sentence.startswith(f"Please type: {word} ")
