"""The room: who is in, under which name, and who hears what.

Pure and synchronous. It knows no connection, no clock and no file.
"""

from collections.abc import Callable, Iterator

import attrs

from chatd.boundaries import Audience, History, Seat
from chatd.errors import Refused, RoomFull
from chatd.events import Announced, Closed, Joined, Left, Public, Said, Whispered
from chatd.names import Name, key_of

KEPT = "This room keeps what is said to everyone. RECORD off: what you say is not kept."


@attrs.frozen
class Member:
    """Somebody who is in."""

    name: Name
    seat: Seat


class Room:
    """The shared user map and its cap.

    ``max_users``: how many may be in at once; 0 for no limit. ``guests``: whether
    somebody may come in without a name. ``motd``: lines told to a newcomer. ``replay``: lines of
    before that a newcomer is shown by the door, where there is a history.
    """

    def __init__(self, max_users: int = 10, guests: bool = True, motd: str = "") -> None:
        self.max_users = max_users
        self.guests = guests
        self.motd = motd
        self.replay = 0
        self.history: History | None = None
        self._members: dict[str, Member] = {}  # by name key, in order of joining
        self._looks: dict[str, str] = {}  # how a name looks: its key
        self._muted: dict[str, Callable[[], None]] = {}  # by name key
        self._audiences: list[Audience] = []

    def __len__(self) -> int:
        return len(self._members)

    def add_audience(self, audience: Audience) -> None:
        """Let it hear every public event from now on."""
        self._audiences.append(audience)

    def remove_audience(self, audience: Audience) -> None:
        """Let it hear nothing more."""
        self._audiences.remove(audience)

    def keep(self, history: History) -> None:
        """Have what is said kept there from now on. Every newcomer is told of it."""
        self.history = history
        self.add_audience(history)

    def names(self) -> tuple[str, ...]:
        """Who is in, in order of joining."""
        return tuple(member.name.shown for member in self._members.values())

    def members(self) -> Iterator[Member]:
        """Everyone who is in, in order of joining, whatever happens meanwhile."""
        return iter(tuple(self._members.values()))

    def find(self, name: str) -> Member | None:
        """Who is called that, if anybody is."""
        return self._members.get(key_of(name))

    def member(self, name: str) -> Member:
        """Who is called that. Raises Refused (no-such-user)."""
        member = self.find(name)
        if member is None:
            raise Refused("no-such-user", f"Nobody here is called {name}.")
        return member

    def join(self, seat: Seat, wanted: str, even_if_full: bool = False) -> Name:
        """Let somebody in under the name they want.

        Raises Refused (bad-name, name-taken) or RoomFull; then nothing has changed.
        """
        name = Name.chosen(wanted)
        if not even_if_full:
            self._check_place()
        if name.key in self._members:
            raise Refused("name-taken", f"{name.shown} is here already. Choose another name.")
        for look in name.looks & self._looks.keys():
            taken = self._members[self._looks[look]].name.shown
            raise Refused("name-taken", f"{name.shown} looks too much like {taken}, who is here.")
        return self._seat(seat, name)

    def join_as_guest(self, seat: Seat, address: str) -> Name:
        """Let somebody in who gives no name, called after the address they come from.

        Raises Refused (usage) where guests are not wanted, or RoomFull.
        """
        if not self.guests:
            raise Refused("usage", "This room wants a name: JOIN username")
        self._check_place()
        number = 1
        while (name := Name.guest(address, number)).key in self._members:
            number += 1
        return self._seat(seat, name)

    def leave(self, name: Name, why: str) -> None:
        """Somebody is gone, for the reason ``why`` (for the log). They hear nothing more."""
        host = self._members.pop(name.key).seat.host
        self._muted.pop(name.key, None)
        for look in name.looks:
            self._looks.pop(look, None)
        self._publish(Left(name.shown, why, host))

    def say(self, name: Name, lines: tuple[str, ...]) -> None:
        """Tell everyone, the speaker too. Raises Refused (muted)."""
        if self._muted:
            self._check_voice(name)
        event = Said(name.shown, lines)
        for audience in self._audiences:  # not by a call: see docs/performance.md, step 8
            audience.hear(event)

    def whisper(self, name: Name, to: str, text: str) -> None:
        """Tell one person. Raises Refused (no-such-user, muted)."""
        if self._muted:
            self._check_voice(name)
        member = self.member(to)
        member.seat.tell(Whispered(name.shown, member.name.shown, text))

    def announce(self, text: str) -> None:
        """Tell everyone something in the server's own name."""
        self._publish(Announced(text))

    def mute(self, name: Name, check: Callable[[], None]) -> None:
        """From now on ask ``check`` whenever they want to say something: it raises Refused
        (muted), or calls ``unmute``."""
        self._muted[name.key] = check

    def unmute(self, name: Name) -> None:
        """Let them speak again."""
        self._muted.pop(name.key, None)

    def close(self) -> None:
        """Tell everyone that the room shuts."""
        self._publish(Closed())

    def _check_voice(self, name: Name) -> None:
        if check := self._muted.get(name.key):
            check()

    def _check_place(self) -> None:
        if self.max_users and len(self._members) >= self.max_users:
            raise RoomFull

    def _seat(self, seat: Seat, name: Name) -> Name:
        self._members[name.key] = Member(name, seat)
        self._looks.update(dict.fromkeys(name.looks, name.key))
        seat.seated(name)
        self._publish(Joined(name.shown, seat.host))
        for line in self.motd.splitlines():
            seat.tell(Announced(line))
        if self.history is not None:
            seat.tell(Announced(KEPT))
        return name

    def _publish(self, event: Public) -> None:
        for audience in self._audiences:
            audience.hear(event)
