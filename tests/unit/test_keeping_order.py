"""What operators can do at the line door, without a port."""

import pytest

from chatd.access import Access
from chatd.addresses import Networks
from chatd.events import Announced, Helped, Left, Listed, Rejected, Said
from chatd.operators import SHOWN
from chatd.registered import Registered
from tests.unit.guarded_house import House, settle


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

    def test_ban_of_what_is_nearly_a_network(self) -> None:
        """Is refused, unless somebody here is called so."""
        house = House()
        dani, _ = house.operator(), house.person("1.2.3.999")
        dani.asks("BAN 10.0.0.0/33", "BAN 10.0.0.256", "BAN fe80::/200", "BAN 1.2.3.999 1")
        assert dani.codes() == ["usage"] * 3
        assert house.visitor("10.0.0.2", "JOIN 1.2.3.999").codes() == ["banned"]

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
