"""Who is here, and whether what they say is kept."""

from chatd.events import Joined, Left, Public


class Visits:
    """A number for each stay of each person, from ``first`` on.

    RECORD counts for one stay: whoever comes again is kept again, and nobody can have
    forgotten what somebody of the same name said before.
    """

    def __init__(self, first: int = 1) -> None:
        self._next = first
        self._numbers: dict[str, int] = {}
        self.recorded: dict[str, int] = {}
        """Those whose lines are kept: names as shown, and their numbers."""

    def hear(self, event: Public) -> None:
        """Somebody may have come or gone."""
        if isinstance(event, Joined):
            self._numbers[event.name] = self.recorded[event.name] = self._next
            self._next += 1
        elif isinstance(event, Left):
            self._numbers.pop(event.name, None)
            self.recorded.pop(event.name, None)

    def record(self, speaker: str, on: bool) -> None:
        """Keep what they say from now on, or don't."""
        if on:
            self.recorded[speaker] = self._numbers[speaker]
        else:
            self.recorded.pop(speaker, None)

    def number(self, speaker: str) -> int:
        """Of the stay of somebody who is here."""
        return self._numbers[speaker]
