"""IGNORE and UNIGNORE: what they do, and the answer in words."""

from typing import Protocol

from chatd.errors import Refused
from chatd.events import Private, Recalled, Whispered
from chatd.ignoring import Ignoring
from chatd.names import Name, key_of
from chatd.outbox import Outbox
from chatd.room import Room


class House(Protocol):
    """Where somebody ignores somebody."""

    room: Room
    ignoring: Ignoring[Outbox]


def heard(ignoring: Ignoring[Outbox], listener: Outbox, event: Private) -> Private | None:
    """What is left of it without whom they ignore; None: nothing."""

    def is_heard(speaker: str) -> bool:
        return listener not in ignoring.deaf_to(key_of(speaker))

    if isinstance(event, Whispered):
        return event if is_heard(event.speaker) else None
    if isinstance(event, Recalled):
        lines = tuple(line for line in event.lines if is_heard(line.speaker))
        return Recalled(lines) if lines else None
    return event


def ignore(house: House, listener: Outbox, own: Name, whom: str) -> str:
    """Raises Refused (usage, no-such-user)."""
    if not whom:
        return f"you ignore {', '.join(house.ignoring.ignored_by(listener)) or 'nobody'}"
    if key_of(whom) in (own.key, "server"):
        raise Refused("usage", f"{whom} can't be ignored.")
    other = house.room.member(whom).name
    if not house.ignoring.ignore(listener, other.key, other.shown):
        raise Refused("usage", "That is more people than anybody can ignore.")
    return f"you see no more of what {other.shown} says"


def unignore(house: House, listener: Outbox, whom: str) -> str:
    """Raises Refused (usage, no-such-user)."""
    if not whom:
        raise Refused("usage", "Please type: UNIGNORE name")
    if not house.ignoring.hear(listener, key_of(whom)):
        raise Refused("no-such-user", f"You do not ignore {whom}.")
    return f"you see what {whom} says again"
