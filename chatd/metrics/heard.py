"""What the room was told, counted: an audience like any other, which is there only while
metrics are on.
"""

from collections import Counter
from collections.abc import Callable

from chatd.boundaries import Audience
from chatd.events import Joined, Left, Public, Said

PUBLIC = "public"
NOTICE = "notice"


class Heard:
    """Public events by kind. ``people`` gives how many are in the room.

    A line is delivered once to each person who is in the room when it is said, the speaker too,
    for these are the people to whom the doors owe it.
    """

    def __init__(self, people: Callable[[], int]) -> None:
        self._people = people
        self.joined = 0
        self.left: Counter[str] = Counter()
        """Those who went, by reason."""
        self.said = 0
        """Lines said to everyone."""
        self.delivered: Counter[str] = Counter()
        """Lines times people: what was said, and what the room itself had to tell."""

    def hear(self, event: Public) -> None:
        """A public event: an addition or two, however many lines and people."""
        if isinstance(event, Said):
            lines = len(event.lines)
            self.said += lines
            self.delivered[PUBLIC] += lines * self._people()
            return
        self.delivered[NOTICE] += self._people()
        if isinstance(event, Joined):
            self.joined += 1
        elif isinstance(event, Left):
            self.left[event.why] += 1


_check: type[Audience] = Heard
