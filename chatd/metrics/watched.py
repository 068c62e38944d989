"""Whose figures they are."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import attrs

from chatd.room import Room
from chatd.tally import Tally


class Counting(Protocol):
    """What is asked of a door."""

    @property
    def tally(self) -> Tally:
        """What has happened there."""

    def owed(self) -> Iterable[int]:
        """Bytes that wait for each connection."""


class Kept(Protocol):
    """What is asked of a history in a file."""

    @property
    def waiting(self) -> int:
        """Lines not written yet."""

    @property
    def written(self) -> int:
        """Lines written since the start."""

    @property
    def lost(self) -> int:
        """Lines that had no room to wait in."""

    @property
    def trouble(self) -> str:
        """What is wrong with the file; empty if nothing is."""


@attrs.frozen
class Watched:
    """``doors`` by name. The rest is asked at each scrape, and only then."""

    room: Room
    doors: Mapping[str, Counting]
    log_failures: Callable[[], int] = lambda: 0
    """Log lines that could not be written."""
    history: Callable[[], Kept | None] = lambda: None
    """None where there is no history in a file."""
