"""What the reactor has for the thread that writes, in the order of the room."""

from collections.abc import Callable
from threading import Event, Lock
from typing import Literal, NamedTuple

import attrs

MOST_LINES = 50_000
"""Lines that may wait for a disk that is full or slow: some 5 MB, and 60 MB at the worst.
Beyond that the oldest of them are lost."""

GATHER_SECONDS = 0.1
"""How long lines wait for more, to be written with them, while nobody asks for any."""


class Heard(NamedTuple):
    """Something that was said. ``at``: milliseconds since 1970. A tuple is the quickest to make."""

    at: int
    visit: int
    speaker: str
    lines: tuple[str, ...]


@attrs.frozen
class Done:
    """``end``: the number that follows what was said before the wish; ``written``: whether all
    that is in the file, as it should be. ``removed``: lines that were.
    """

    end: int
    written: bool
    removed: int = 0


@attrs.frozen(eq=False)
class Wish:
    """Something to be done after whatever was said before it has been written.

    ``mark``: nothing more; ``drop``: what of ``visit`` is not written yet never is;
    ``forget``: nor does what is written stay; ``close``: nothing will come after this;
    ``broken``: the file that was opened at this count has shown this error to who read it.
    ``done`` is called in the thread that writes.
    """

    what: Literal["mark", "drop", "forget", "close", "broken"]
    done: Callable[[Done], None]
    visit: int = 0
    broken: tuple[int, Exception] | None = None


Entry = Heard | Wish


class Waiting:
    """The queue between the reactor, which never waits for it, and the thread that writes."""

    def __init__(self, most: int = MOST_LINES) -> None:
        self.lost = 0
        """Lines that had no room."""
        self.lines = 0
        """Lines in here."""
        self._most = most
        self._lock = Lock()
        self._entries: list[Entry] = []
        self._asleep = False  # whether the thread has to be woken
        self._something = Event()
        self._urgent = Event()

    def add(self, heard: Heard) -> None:
        """To be written soon."""
        with self._lock:
            self._entries.append(heard)
            self.lines += len(heard.lines)
            if self.lines > self._most:
                self._make_room()
            if self._asleep:
                self._asleep = False
                self._something.set()

    def ask(self, wish: Wish) -> None:
        """To be done at once."""
        with self._lock:
            self._entries.append(wish)
            self._asleep = False
            self._urgent.set()
            self._something.set()

    def take(self) -> list[Entry]:
        """All there is, at once."""
        with self._lock:
            entries, self._entries = self._entries, []
            self.lines = 0
            self._urgent.clear()
            self._something.clear()
        return entries

    def wait(self, seconds: float) -> None:
        """Until there is something, and more of it, or somebody asks; or for so long."""
        with self._lock:
            self._asleep = not self._entries
        if not self._asleep or self._something.wait(seconds):
            self._urgent.wait(GATHER_SECONDS)

    @property
    def is_empty(self) -> bool:
        """Whether there is time for other things."""
        return not self._entries

    def _make_room(self) -> None:
        """Lose the oldest tenth, at once, so that this is not done for each line."""
        kept: list[Entry] = []
        for entry in self._entries:
            if isinstance(entry, Heard) and self.lines > self._most * 0.9:
                self.lines -= len(entry.lines)
                self.lost += len(entry.lines)
            else:
                kept.append(entry)
        self._entries = kept
