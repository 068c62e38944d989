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


@attrs.frozen
class Watched:
    """``doors`` by name. The rest is asked at each scrape, and only then."""

    room: Room
    doors: Mapping[str, Counting]
    log_failures: Callable[[], int] = lambda: 0
    """Log lines that could not be written."""
    history_queue: Callable[[], int] = lambda: 0
    """Lines that wait to be written to the history."""
