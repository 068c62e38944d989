"""The room: who is in, who hears what; and that it holds whatever people do."""

from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chatd.errors import Refused, RoomFull
from chatd.events import Announced, Closed, Joined, Left, Private, Public, Said, Whispered
from chatd.names import Name
from chatd.room import Room


class Listener:
    """An audience, and a seat, that remember what they were told."""

    host = "10.0.0.1"
    owns_name = False

    def __init__(self) -> None:
        self.dismissed: Refused | None = None
        self.heard: list[Public] = []
        self.told: list[Private] = []
        self.name: Name | None = None
        self.host = "10.0.0.1"

    def hear(self, event: Public) -> None:
        self.heard.append(event)

    def seated(self, name: Name) -> None:
        self.name = name

    def tell(self, event: Private) -> None:
        self.told.append(event)

    def dismiss(self, refused: Refused, why: str) -> None:
        self.dismissed = refused


def room_with(*names: str, max_users: int = 10) -> tuple[Room, Listener, dict[str, Listener]]:
    room, everyone = Room(max_users), Listener()
    room.add_audience(everyone)
    seats = {name: Listener() for name in names}
    for name, seat in seats.items():
        room.join(seat, name)
    return room, everyone, seats


def test_joining_is_told_and_listed_in_order() -> None:
    """People are listed in the order in which they came, and everyone hears of each."""
    room, everyone, _ = room_with("dani", "drew")
    assert room.names() == ("dani", "drew")
    assert everyone.heard == [Joined("dani"), Joined("drew")]


def test_the_cap() -> None:
    """A full room lets nobody in, whatever their name, until somebody leaves."""
    room, _, seats = room_with("dani", "drew", max_users=2)
    with pytest.raises(RoomFull):
        room.join(Listener(), "zoe")
    with pytest.raises(RoomFull):
        room.join_as_guest(Listener(), "::1")
    name = seats["dani"].name
    assert name is not None
    room.leave(name, "quit")
    room.join(Listener(), "zoe")
    assert room.names() == ("drew", "zoe")


@pytest.mark.parametrize("taken", ["dani", "DANI", "ｄａｎｉ"])
def test_a_name_is_taken_in_every_spelling(taken: str) -> None:
    """The second one is refused, and nothing changes for the first."""
    room, everyone, _ = room_with("dani")
    with pytest.raises(Refused) as caught:
        room.join(Listener(), taken)
    assert caught.value.code == "name-taken"
    assert room.names() == ("dani",)
    assert everyone.heard == [Joined("dani")]


def test_a_look_alike_is_refused_while_the_other_is_here() -> None:
    """A name of another script that looks the same has to wait until the first has gone."""
    room, _, seats = room_with("coco")
    with pytest.raises(Refused, match="looks too much like coco"):
        room.join(Listener(), "сосо")
    name = seats["coco"].name
    assert name is not None
    room.leave(name, "quit")
    room.join(Listener(), "сосо")


def test_guests_are_numbered_from_the_lowest_free() -> None:
    """A guest has the address for a name; the number of one who left is free again."""
    room, _, _ = room_with()
    first, second, third = Listener(), Listener(), Listener()
    names = [room.join_as_guest(seat, "10.0.0.1") for seat in (first, second)]
    assert room.names() == ("<10.0.0.1>", "<10.0.0.1#2>")
    room.leave(names[0], "quit")
    room.join_as_guest(third, "10.0.0.1")
    assert room.names() == ("<10.0.0.1#2>", "<10.0.0.1>")


def test_guests_can_be_switched_off() -> None:
    """Then JOIN wants a name."""
    with pytest.raises(Refused) as caught:
        Room(guests=False).join_as_guest(Listener(), "10.0.0.1")
    assert caught.value.code == "usage"


def test_whispering_reaches_one_person() -> None:
    """A private line is told to its recipient, however the name is spelt."""
    room, everyone, seats = room_with("dani", "drew")
    sender = seats["dani"].name
    assert sender is not None
    room.whisper(sender, "DREW", "hi")
    assert seats["drew"].told == [Whispered("dani", "drew", "hi")]
    assert not seats["dani"].told
    assert not [event for event in everyone.heard if not isinstance(event, Joined)]
    with pytest.raises(Refused) as caught:
        room.whisper(sender, "zoe", "hi")
    assert caught.value.code == "no-such-user"


def test_the_motd_is_told_to_the_newcomer() -> None:
    """Line by line, after they are in."""
    room, seat = Room(motd="Welcome.\nBe kind."), Listener()
    room.join(seat, "dani")
    assert seat.told == [Announced("Welcome."), Announced("Be kind.")]


def test_closing_is_told() -> None:
    """Everyone hears that the room shuts."""
    room, everyone, _ = room_with("dani")
    room.close()
    assert everyone.heard[-1] == Closed()


NAMES = st.sampled_from(["dani", "Dani", "drew", "coco", "сосо", "zoe", "ZOE", "bob", "b0b", "x"])


class RoomMachine(RuleBasedStateMachine):
    """Anybody may try anything in any order."""

    @initialize(cap=st.integers(1, 4))
    def open(self, cap: int) -> None:
        self.cap = cap
        self.room = Room(cap)
        self.everyone = Listener()
        self.room.add_audience(self.everyone)
        self.members: list[Name] = []
        self.expected: list[Public] = []

    @rule(wanted=NAMES)
    def join(self, wanted: str) -> None:
        try:
            name = self.room.join(Listener(), wanted)
        except RoomFull:
            assert len(self.members) == self.cap
        except Refused:
            assert any(Name.chosen(wanted).looks & member.looks for member in self.members)
        else:
            self.members.append(name)
            self.expected.append(Joined(wanted))

    @rule()
    def join_as_guest(self) -> None:
        try:
            name = self.room.join_as_guest(Listener(), "10.0.0.1")
        except RoomFull:
            assert len(self.members) == self.cap
        else:
            self.members.append(name)
            self.expected.append(Joined(name.shown))

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.members))
        self.members.remove(name)
        self.room.leave(name, "quit")
        self.expected.append(Left(name.shown, "quit"))

    @precondition(lambda self: self.members)
    @rule(data=st.data(), text=st.text(max_size=5))
    def say(self, data: st.DataObject, text: str) -> None:
        name = data.draw(st.sampled_from(self.members))
        self.room.say(name, (text,))
        self.expected.append(Said(name.shown, (text,)))

    @invariant()
    def names_are_unique_and_in_order(self) -> None:
        if hasattr(self, "room"):
            assert self.room.names() == tuple(name.shown for name in self.members)
            assert not [n for n, count in Counter(m.key for m in self.members).items() if count > 1]

    @invariant()
    def the_cap_holds(self) -> None:
        if hasattr(self, "room"):
            assert len(self.room) <= self.cap

    @invariant()
    def everyone_hears_everything_once_and_in_order(self) -> None:
        if hasattr(self, "room"):
            assert self.everyone.heard == self.expected


TestRoomMachine = RoomMachine.TestCase
