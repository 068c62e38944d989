"""What the room asks of its surroundings. Protocols only, no logic.

None of these may call back into the room before they return: the room may be in
the middle of a change.
"""

from collections.abc import Awaitable
from typing import Protocol

from chatd.errors import Refused
from chatd.events import Private, Public
from chatd.lines import Page, Query
from chatd.names import Name


class Seat(Protocol):
    """One person's place, at whichever door they came in."""

    host: str
    """Where they come from, as ``chatd.addresses`` has it."""
    owns_name: bool
    """Whether they have proven that the name is theirs."""

    def seated(self, name: Name) -> None:
        """They are in, under this name, and hear public events from the next one on."""

    def tell(self, event: Private) -> None:
        """Something for this person alone, after whatever they are already owed."""

    def dismiss(self, refused: Refused, why: str) -> None:
        """Tell them that they can't stay, and let them go in a moment; ``why`` is for the log."""


class Audience(Protocol):
    """Whoever hears every public event, once, in the order of the room: a door, the log."""

    def hear(self, event: Public) -> None:
        """A public event."""


class History(Audience, Protocol):
    """What was said to everyone, for those who ask later. Speakers are names as shown.

    Awaiting any of these may raise Refused, where the history is in trouble.
    """

    def recall(self, query: Query, most: int) -> Awaitable[Page]:
        """The answer's first page, of some ``most`` bytes: from what was said up to now.

        A line that it has is safe: it is there after a crash, too.
        """

    def record(self, speaker: str, on: bool) -> Awaitable[None]:
        """Keep what somebody who is here says from now on, or don't."""

    def records(self, speaker: str) -> bool:
        """Whether what they say is kept."""

    def forget(self, speaker: str) -> Awaitable[int]:
        """Remove what was kept of them since they came; gives how many lines that was."""
