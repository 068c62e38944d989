"""What every door promises, whatever it speaks: a door's test class gives it people."""

from typing import Any, Protocol

from chatd.errors import Refused
from chatd.events import (
    Closed,
    Event,
    Full,
    Joined,
    Left,
    Listed,
    Private,
    Rejected,
    Said,
    Whispered,
)
from chatd.limits import Limits
from chatd.names import Name
from chatd.room import Room


class Person(Protocol):
    """Somebody at the door under test."""

    def asks(self, *words: str) -> None:
        """Does what the words of the line protocol say, in whatever way the door speaks."""

    def read(self) -> list[Event]:
        """What they were told since they last looked, the greeting left out."""

    def vanish(self) -> None:
        """Goes without a word."""


class BrokenSeat:
    """A seat with a bug: telling it something raises."""

    host = "10.0.0.1"
    owns_name = False

    def seated(self, name: Name) -> None:
        pass

    def tell(self, event: Private) -> None:
        raise RuntimeError("a bug")

    def dismiss(self, refused: Refused, why: str) -> None:
        pass


class DoorContract:
    """Mix this into a TestCase that has ``open_door``, ``connect`` and ``expect_logged``.

    They raise here, and are not abstract: pytest leaves out an abstract TestCase without a word,
    and with it all that it should have promised.
    """

    def open_door(self, room: Room, limits: Limits) -> Any:
        """The door under test, to this room."""
        raise NotImplementedError("the test class of each door has its own")

    def connect(self) -> Any:
        """A Person who has just come to it."""
        raise NotImplementedError("the test class of each door has its own")

    def expect_logged(self, error: type[Exception]) -> None:
        """Such an error is in the log, and was meant to be."""
        raise NotImplementedError(f"the test class of each door looks for {error}")

    def people(self, *names: str, **limits: Any) -> list[Any]:
        """A room, and people in it who have read all there was."""
        self.room = Room(max_users=3)
        self.door = self.open_door(self.room, Limits(**limits))
        everyone = [self.connect() for _ in names]
        for person, name in zip(everyone, names, strict=True):
            person.asks(f"JOIN {name}")
        for person in everyone:
            person.read()
        return everyone

    def test_everyone_hears_of_a_newcomer(self) -> None:
        """The newcomer too."""
        (dani,) = self.people("dani")
        drew = self.connect()
        drew.asks("JOIN drew")
        assert dani.read() == drew.read() == [Joined("drew")]

    def test_everyone_hears_a_public_line(self) -> None:
        """The speaker too; whoever has not joined does not."""
        dani, drew = self.people("dani", "drew")
        outside = self.connect()
        dani.asks("BCST hello, everyone!")
        assert dani.read() == drew.read() == [Said("dani", ("hello, everyone!",))]
        assert outside.read() == []

    def test_one_person_hears_a_private_line(self) -> None:
        """And nobody else, not even the sender."""
        dani, drew, zoe = self.people("dani", "drew", "zoe")
        dani.asks("MESG drew hi, drew")
        assert drew.read() == [Whispered("dani", "drew", "hi, drew")]
        assert dani.read() == zoe.read() == []

    def test_lines_and_answers_come_in_order(self) -> None:
        """An answer never overtakes what was said before it."""
        dani, drew = self.people("dani", "drew")
        dani.asks("BCST 1", "MESG drew 2", "LIST", "BCST 3")
        said = [Said("dani", ("1",)), Said("dani", ("3",))]
        assert dani.read() == [said[0], Listed(("dani", "drew")), said[1]]
        assert drew.read() == [said[0], Whispered("dani", "drew", "2"), said[1]]

    def test_leaving_is_told_to_the_others(self) -> None:
        """Alike with QUIT and without."""
        dani, drew, zoe = self.people("dani", "drew", "zoe")
        drew.asks("QUIT")
        assert dani.read() == [Left("drew")]
        zoe.vanish()
        assert dani.read() == [Left("zoe")]
        assert self.room.names() == ("dani",)

    def test_a_full_room(self) -> None:
        """Says so, and lets them in when there is a place."""
        dani, *_ = self.people("dani", "drew", "zoe")
        late = self.connect()
        late.asks("JOIN late")
        assert late.read() == [Full()]
        dani.asks("QUIT")
        late.asks("JOIN late")
        assert late.read() == [Joined("late")]

    def test_a_taken_name(self) -> None:
        """Is refused, and the one who has it notices nothing."""
        (dani,) = self.people("dani")
        other = self.connect()
        other.asks("JOIN DANI")
        assert [event.code for event in other.read()] == ["name-taken"]
        assert dani.read() == []

    def test_what_needs_joining(self) -> None:
        """Is refused before."""
        self.people()
        person = self.connect()
        person.asks("BCST hi", "MESG dani hi", "LIST")
        assert [event.code for event in person.read()] == ["not-joined"] * 3

    def test_refusals(self) -> None:
        """Each has its code and a sentence, and reaches nobody else."""
        dani, drew = self.people("dani", "drew")
        dani.asks("JOIN again", "BCST", "MESG zoe hi", "HIST 5")
        refusals = dani.read()
        assert all(isinstance(event, Rejected) and " " in event.sentence for event in refusals)
        codes = [event.code for event in refusals]
        assert codes == ["already-joined", "empty", "no-such-user", "history-off"]
        assert drew.read() == []

    def test_the_end(self) -> None:
        """Everyone is told before their connection ends."""
        dani, drew = self.people("dani", "drew")
        self.room.close()
        self.door.close()
        assert dani.read()[0] == drew.read()[0] == Closed()

    def test_our_own_fault_harms_one_person(self) -> None:
        """They get an apology and are let go; the others lose nothing."""
        dani, drew = self.people("dani", "drew")
        self.room.join(BrokenSeat(), "zoe")
        for person in (dani, drew):
            person.read()
        dani.asks("BCST before", "MESG zoe hi")
        told = dani.read()
        assert told[0] == Said("dani", ("before",))
        assert isinstance(told[1], Rejected)
        assert told[1].code == "internal"
        assert drew.read() == [Said("dani", ("before",)), Left("dani")]
        self.expect_logged(RuntimeError)
