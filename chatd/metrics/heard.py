"""What the room was told, counted: an audience like any other, which is there only while
metrics are on.
"""

from collections import Counter

from chatd.boundaries import Audience
from chatd.events import Joined, Left, Public, Said


class Heard:
    """Public events by kind, from ``begin`` on.

    A line is delivered once to each person who is in the room when it is said, the speaker too,
    for these are the people to whom the doors owe it.
    """

    def __init__(self) -> None:
        self._people = 0
        self.joined = 0
        self.left: Counter[str] = Counter()
        """Those who went, by reason."""
        self.said = 0
        """Lines said to everyone."""
        self.public = 0
        """These lines times people…"""
        self.notices = 0
        """…and what the room itself had to tell, times people."""

    def begin(self, people: int) -> None:
        """So many are in the room. Who comes and goes from now on is heard of."""
        self._people = people

    def hear(self, event: Public) -> None:
        """A public event: an addition or two, however many lines and people."""
        if isinstance(event, Said):
            lines = len(event.lines)
            self.said += lines
            self.public += lines * self._people
            return
        if isinstance(event, Joined):
            self._people += 1
            self.joined += 1
        elif isinstance(event, Left):
            self._people -= 1
            self.left[event.why] += 1
        self.notices += self._people


_check: type[Audience] = Heard
