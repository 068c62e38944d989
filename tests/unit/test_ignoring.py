"""Who is heard by whom, at the line door and without a port."""

from chatd.events import Announced, Said, Whispered
from tests.unit.guarded_house import House, settle


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
