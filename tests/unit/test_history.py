"""The contract of every history: the one in memory, and the one in a file without its threads."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from twisted.internet import defer
from twisted.internet.task import Clock, deferLater
from twisted.trial.unittest import SynchronousTestCase

from chatd.history.memory import MemoryHistory
from chatd.history.sqlite import SqliteHistory
from chatd.history.visits import Visits
from chatd.history.waiting import Waiting, Wish
from chatd.history.writing import Keep, Writer
from chatd.lines import Page
from tests.unit.history_contract import HistoryContract


class TestMemoryHistory(HistoryContract, SynchronousTestCase):
    """In memory."""

    def open_history(self, lines: int = 100, days: int = 0) -> MemoryHistory:
        self.clock = Clock()

        def turn() -> "defer.Deferred[None]":
            return deferLater(self.clock, 0)

        return MemoryHistory(lines, days, self.now, turn)

    def let_pass(self) -> None:
        self.clock.pump([0] * 100)


class AtOnce(Waiting):
    """Whoever asks is answered by the writer at once."""

    writer: Writer

    def ask(self, wish: Wish) -> None:
        super().ask(wish)
        self.writer.work()


class NoThreads:
    """Everything is done where it is asked for."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock

    def read(self, what: Callable[[], Page]) -> "defer.Deferred[Page]":
        return defer.execute(what)

    def in_reactor(self, what: Callable[[], object]) -> None:
        what()


class FileHouse:
    """Somewhere to open histories in a file, with all of their clocks at hand."""

    history: SqliteHistory

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = Clock()
        self.time = 1000.0
        self.warnings: list[str] = []
        self.visits = 0

    def open(self, lines: int = 100, days: int = 0, now: Any = None) -> SqliteHistory:
        """As a daemon that starts does."""
        now = now or (lambda: self.time)
        self.waiting = AtOnce()
        clocks = (now, self.clock.seconds)
        keep = Keep(lines, days)
        self.writer = Writer(self.path, keep, self.waiting, clocks, self.warnings.append)
        self.waiting.writer = self.writer
        self.writer.open()
        self.visits += 1000
        visits, threads = Visits(self.visits), NoThreads(self.clock)
        return SqliteHistory(self.path, self.waiting, self.writer, visits, threads, now)


class TestSqliteHistory(HistoryContract, SynchronousTestCase):
    """In a file."""

    def open_history(self, lines: int = 100, days: int = 0) -> SqliteHistory:
        folder = TemporaryDirectory()  # trial's own mktemp would leave it in the repository
        self.addCleanup(folder.cleanup)
        self.house = FileHouse(Path(folder.name) / "history")
        self.addCleanup(self.close_and_look)
        return self.house.open(lines, days, self.now)

    def close_and_look(self) -> None:
        self.wait(self.history.close())
        connection = sqlite3.connect(self.house.path)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        assert self.house.warnings == []

    def let_pass(self) -> None:
        pass

    def tidy(self) -> None:
        self.house.writer.work()
        while self.house.writer.tidy():
            pass


class TestSearchableHistory(TestSqliteHistory):
    """In a file in which everything has been made searchable as soon as it is written."""

    def let_pass(self) -> None:
        self.house.writer.index_lines = 1
        self.tidy()
