"""The one who writes to the SQLite file, and goes on when that can't be written.

No thread and no reactor here; ``threads`` has the thread that calls this.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import attrs

from chatd.history import rows
from chatd.history.holding import Clock, Holding
from chatd.history.reading import end_of, milliseconds
from chatd.history.waiting import MOST_LINES, Done, Heard, Waiting, Wish

DAY = 86400.0
INDEX_LINES = 300
"""Lines that are made searchable in one step; fewer have to wait for more."""

BUSY_LINES = 100
"""While more than this is written at a time, nothing is made searchable: that takes ten times as
long as writing, and there will be a quieter moment."""


@attrs.frozen
class Keep:
    """What is kept: so many lines, of so many days (0: of any), written so surely."""

    lines: int
    days: int = 0
    sync: str = "normal"


class Writer:
    """Writes what is ``waiting``. ``keep`` may be replaced at any time.

    ``clocks``: seconds since 1970, and of a clock that never goes back. ``warn``: see Holding.
    """

    def __init__(
        self,
        path: Path,
        keep: Keep,
        waiting: Waiting,
        clocks: tuple[Clock, Clock],
        warn: Callable[[str], None],
    ) -> None:
        self.keep = keep
        self.lines = 0
        """Lines that could not be written yet."""
        self.written = 0
        """Lines written since the start."""
        self.closed = False
        self.index_lines = INDEX_LINES
        self.is_busy = False
        self._waiting = waiting
        self._now, _ = clocks
        self._file = Holding(path, *clocks, warn, self._plight)
        self._end = 1
        self._unwritten: list[Heard] = []
        self._to_forget: list[int] = []

    @property
    def opened(self) -> int:
        """How many times a file was opened: it may be another one."""
        return self._file.opened

    @property
    def trouble(self) -> str:
        """What is wrong with the file; empty if nothing is."""
        return self._file.trouble

    def open(self) -> None:
        """Begin; see ``Holding.open``."""
        self._file.sync = self.keep.sync
        self._file.open()

    def work(self) -> None:
        """Write what waits, and do what is wished, in this order. Never raises sqlite3.Error."""
        before = self.written
        for entry in self._waiting.take():
            if isinstance(entry, Heard):
                self._unwritten.append(entry)
                self.lines += len(entry.lines)
            else:
                entry.done(self._fulfil(entry))
        if not self.closed:
            self._file.sync = self.keep.sync
            self._write()
        self.is_busy = self.written - before > BUSY_LINES

    def tidy(self) -> bool:
        """A small step of what is done when there is time; whether there may be more to do."""
        return not self.closed and self._file.do(self._tidy) is True

    def _fulfil(self, wish: Wish) -> Done:
        removed = self._drop(wish.visit) if wish.what in ("drop", "forget") else 0
        written = self._write()
        if wish.what == "forget":
            self._to_forget.append(wish.visit)
            gone = self._file.do(self._forget)
            removed, written = removed + (gone or 0), gone is not None
        elif wish.what == "close":
            self.closed = True
            self._file.close()
        elif wish.broken is not None and wish.broken[0] == self.opened:
            self._file.failed(wish.broken[1])
        elif wish.what == "mark":
            written = self._file.do(self._look) is not None and written
        return Done(self._end, written, removed)

    def _look(self, connection: sqlite3.Connection) -> int:
        """Where the file ends: somebody may have imported lines."""
        self._end = max(self._end, end_of(connection))
        return self._end

    def _forget(self, connection: sqlite3.Connection) -> int:
        """Remove those who wanted it; how many lines that was."""
        removed = 0
        while self._to_forget:
            removed += _remove_visit(connection, self._to_forget[0])
            del self._to_forget[0]
        return removed

    def _drop(self, visit: int) -> int:
        before = self.lines
        self._unwritten = [heard for heard in self._unwritten if heard.visit != visit]
        self.lines = sum(len(heard.lines) for heard in self._unwritten)
        return before - self.lines

    def _write(self) -> bool:
        """Whether there is nothing left to write."""
        if self._unwritten and self._file.do(self._add) is None:
            self._make_room()
        return not self._unwritten

    def _add(self, connection: sqlite3.Connection) -> bool:
        heard, passed = newest(self._unwritten, self.keep.lines)
        with rows.transaction(connection):
            end = rows.add(connection, heard, self._look(connection) + passed)
            rows.remove_below(connection, end - self.keep.lines, rows.STEP_ROWS + 2 * len(heard))
        self._end = end
        self.written += self.lines
        self.lines = 0
        self._unwritten.clear()
        return True

    def _tidy(self, connection: sqlite3.Connection) -> bool:
        oldest = milliseconds(self._now() - self.keep.days * DAY)
        return (
            self._forget(connection) > 0
            or rows.remove_below(connection, self._end - self.keep.lines)
            or (self.keep.days > 0 and rows.remove_before(connection, oldest))
            or (not self.is_busy and rows.make_searchable(connection, self.index_lines))
            or rows.give_back(connection)
        )

    def _make_room(self) -> None:
        while self.lines > MOST_LINES:
            lost = len(self._unwritten.pop(0).lines)
            self.lines -= lost
            self._waiting.lost += lost

    def _plight(self) -> str:
        waiting, lost = self.lines + self._waiting.lines, self._waiting.lost
        return f"{waiting} lines wait in memory, {lost} were lost since the start"


def newest(heard: list[Heard], lines: int) -> tuple[list[Heard], int]:
    """What counts of it where so many lines are kept, and how many lines come before that."""
    counted = start = 0
    for place in range(len(heard) - 1, -1, -1):
        if counted >= lines:
            start = place + 1
            break
        counted += len(heard[place].lines)
    return heard[start:], sum(len(one.lines) for one in heard[:start])


def _remove_visit(connection: sqlite3.Connection, visit: int) -> int:
    lines = rows.lines_of(connection, visit)
    while rows.remove_visit(connection, visit):
        pass
    # What was removed is overwritten in the file; this empties the journal beside it, too.
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return lines
