"""The SQLite file as its one writer has it: it may fail, break or go at any time."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from chatd.history import CannotKeep, file, rows

RETRY_SECONDS = 1.0
"""How long a file that could not be written is left alone."""

WARN_SECONDS = 60.0
"""Between two lines of the log about the same trouble."""

SQLITE_CORRUPT_VTAB = 267
"""Damage in an index for searching, and in nothing else."""

_REFUSED = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY)

T = TypeVar("T")
Clock = Callable[[], float]


class Holding:
    """A connection to the file at ``path``, for one daemon alone.

    ``now``: seconds since 1970; ``clock``: seconds of a clock that never goes back. ``warn`` is
    told of trouble, and of its end, in a sentence; ``plight`` gives the sentence about what
    it does to the lines.
    """

    def __init__(
        self,
        path: Path,
        now: Clock,
        clock: Clock,
        warn: Callable[[str], None],
        plight: Callable[[], str],
    ) -> None:
        self.opened = 0
        """How many times a file was opened: it may be another one."""
        self.trouble = ""
        """What is wrong with the file; empty if nothing is."""
        self.sync = "normal"
        """How surely what is written stays: see ``file.set_sync``."""
        self.path = path
        self._now = now
        self._clock = clock
        self._warn = warn
        self._plight = plight
        self._warned_at: float | None = None
        self._told = False  # whether the trouble that there is has been warned of
        self._retry_at: float | None = None
        self._connection: sqlite3.Connection | None = None
        self._identity = (0, 0)
        self._sync = ""
        self._lock: int | None = None

    def open(self) -> None:
        """Begin. A broken file is moved aside; one that can't be written just now will be.

        Raises CannotKeep where the operator has to do something about it.
        """
        self._lock = file.claim(self.path)
        try:
            self._open()
        except CannotKeep:
            self.close()
            raise
        except (sqlite3.Error, OSError) as error:
            if _is_refused(error):
                self.close()
                raise CannotKeep(f"cannot write {self.path}: {error}") from None
            self.failed(error)

    def close(self) -> None:
        """End. Another daemon may have the file from now on."""
        self._disconnect()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def do(self, what: Callable[[sqlite3.Connection], T]) -> T | None:
        """What it gives; None where the file can't be written just now."""
        if self._retry_at is not None and self._clock() < self._retry_at:
            return None
        for _ in (1, 2):  # again where a broken file has just been dealt with
            try:
                done = what(self._ready())
            except (sqlite3.Error, OSError, CannotKeep) as error:
                self.failed(error)
                if self._retry_at is not None:
                    break
            else:
                self._works()
                return done
        return None

    def _ready(self) -> sqlite3.Connection:
        if self._connection is not None and _identity(self.path) != self._identity:
            self._warn(f"{self.path} has gone; a new one is begun")
            self._complete(self._connection)
            self._disconnect()
        if self._connection is None:
            self._open()
        assert self._connection is not None
        if self._sync != self.sync:
            self._sync = self.sync
            file.set_sync(self._connection, self._sync)
        return self._connection

    def _open(self) -> None:
        try:
            self._connection = file.open_to_write(self.path)
        except sqlite3.Error as error:
            if not file.is_broken(error):
                raise
            self._move_aside(error)
            self._connection = file.open_to_write(self.path)
        self.opened += 1
        self._sync = ""
        self._identity = _identity(self.path)

    def failed(self, error: Exception) -> None:
        """The file has shown this error: deal with it, or leave it alone for a while."""
        code = getattr(error, "sqlite_errorcode", 0)
        if isinstance(error, sqlite3.Error) and file.is_broken(error) and self._mend(error, code):
            return
        self.trouble = str(error)
        self._retry_at = self._clock() + RETRY_SECONDS
        if code & 0xFF not in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY):
            self._disconnect()
        if self._warned_at is None or self._clock() >= self._warned_at + WARN_SECONDS:
            self._warned_at, self._told = self._clock(), True
            self._warn(f"cannot write to {self.path}: {error}; {self._plight()}")

    def _works(self) -> None:
        if self._told:
            self._warn(f"{self.path} can be written again; {self._plight()}")
        self.trouble, self._told, self._retry_at = "", False, None

    def _mend(self, error: sqlite3.Error, code: int) -> bool:
        """The index can be made again; for anything else there is only a new file."""
        try:
            if code == SQLITE_CORRUPT_VTAB and self._connection is not None:
                rows.forget_index(self._connection)
            else:
                self._move_aside(error)
        except (sqlite3.Error, OSError):
            return False
        return True

    def _move_aside(self, error: sqlite3.Error) -> None:
        self._disconnect()
        place = file.move_aside(self.path, self._now())
        self._warn(f"{self.path} is broken ({error}); it is now {place}, and a new one is begun")

    def _complete(self, connection: sqlite3.Connection) -> None:
        """Give a file that was moved away what is in its journal, which stays behind empty: SQLite
        would throw it away, or take it for that of whatever file comes there next."""
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None


def _is_refused(error: Exception) -> bool:
    return isinstance(error, OSError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _REFUSED


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return 0, 0
    return found.st_dev, found.st_ino
