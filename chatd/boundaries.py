"""What the room asks of its surroundings. Protocols only, no logic.

None of these may call back into the room before they return: the room may be in
the middle of a change.
"""

from typing import Protocol

from chatd.events import Private, Public
from chatd.names import Name


class Seat(Protocol):
    """One person's place, at whichever door they came in."""

    host: str
    """Where they come from."""

    def seated(self, name: Name) -> None:
        """They are in, under this name, and hear public events from the next one on."""

    def tell(self, event: Private) -> None:
        """Something for this person alone, after whatever they are already owed."""


class Audience(Protocol):
    """Whoever hears every public event, once, in the order of the room: a door, the log."""

    def hear(self, event: Public) -> None:
        """A public event."""
