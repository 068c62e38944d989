"""Less of a history: in small steps, between which a daemon can write to the same file."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial

from chatd.history import rows
from chatd.history.reading import end_of
from chatd.names import key_of

PAUSE_SECONDS = 0.01
"""Between two steps, for whoever else writes."""

_COUNT = "SELECT coalesce(sum(lines), 0) FROM said"
_BACKWARDS = "SELECT id, lines FROM said ORDER BY id DESC"
_OF_SPEAKER = "DELETE FROM said WHERE id IN (SELECT id FROM said WHERE speaker = ? LIMIT ?)"


class Pruning:
    """Of a connection that may write. All of it may raise sqlite3.Error."""

    def __init__(
        self, connection: sqlite3.Connection, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._connection = connection
        self._sleep = sleep

    def count(self) -> int:
        """Lines that are there."""
        return int(self._connection.execute(_COUNT).fetchone()[0])

    def before(self, at: float) -> None:
        """Remove what was said before this time, in seconds since 1970."""
        self._all(lambda: rows.remove_before(self._connection, round(at * 1000)))

    def all_but(self, lines: int) -> None:
        """Remove all but the last so many lines. (Of lines said at once, all stay or none.)"""
        lowest = self._where_the_last_begin(lines)
        self._all(lambda: rows.remove_below(self._connection, lowest))

    def of(self, name: str) -> None:
        """Remove what somebody of this name, in any spelling, has said."""
        found = self._connection.execute("SELECT DISTINCT speaker FROM said").fetchall()
        for (speaker,) in found:
            if key_of(speaker) == key_of(name):
                self._all(partial(self._of_speaker, speaker))

    def give_back(self) -> None:
        """Give the room to the disk, and leave nothing of it in the journal either."""
        while self._connection.execute("PRAGMA freelist_count").fetchone()[0]:
            before = self._connection.execute("PRAGMA page_count").fetchone()[0]
            self._connection.execute("PRAGMA incremental_vacuum(1000)").fetchall()
            if self._connection.execute("PRAGMA page_count").fetchone()[0] == before:
                break
            self._sleep(PAUSE_SECONDS)
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _where_the_last_begin(self, lines: int) -> int:
        lowest, counted = end_of(self._connection), 0
        with closing(self._connection.execute(_BACKWARDS)) as found:
            for number, count in found:
                if counted >= lines:
                    break
                lowest, counted = number, counted + count
        return lowest

    def _of_speaker(self, speaker: str) -> bool:
        done = self._connection.execute(_OF_SPEAKER, (speaker, rows.STEP_ROWS))
        return done.rowcount == rows.STEP_ROWS

    def _all(self, step: Callable[[], bool]) -> None:
        while step():
            self._sleep(PAUSE_SECONDS)
