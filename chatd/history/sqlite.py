"""A history in an SQLite file: the reactor's side of it.

One thread writes and one reads (``threads``); the reactor waits for neither.
"""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

import attrs
from twisted.internet import defer
from twisted.internet.interfaces import IReactorTime

from chatd.boundaries import History
from chatd.errors import Refused
from chatd.events import Public, Said
from chatd.history import CannotKeep
from chatd.history.file import is_broken, open_to_read
from chatd.history.reading import Reader
from chatd.history.visits import Visits
from chatd.history.waiting import Done, Heard, Waiting, Wish
from chatd.history.writing import Writer
from chatd.lines import Between, Page, Query

PATIENCE_SECONDS = 2.0
"""How long somebody who asks waits for what was said last to be written."""

READ_SECONDS = 10.0
"""How long they wait for an answer at all."""

BEHIND = "What was said last could not be written yet, and is not shown."
UNREADABLE = "What was said cannot be read just now. Please try again later."
NOT_YET = "What was kept of you will be removed as soon as the disk allows it."


class Threads(Protocol):
    """Who does what where."""

    clock: IReactorTime

    def read(self, what: Callable[[], Page]) -> "defer.Deferred[Page]":
        """Call it in the thread that reads."""

    def in_reactor(self, what: Callable[[], object]) -> None:
        """Call it in the reactor's thread, from any other."""


@attrs.frozen
class Figures:
    """How a history does. ``waiting``: lines not written yet; ``written`` and ``lost``: since the
    start; ``trouble``: what is wrong with the file, empty if nothing is.
    """

    waiting: int
    written: int
    lost: int
    trouble: str


class SqliteHistory:
    """What was said, in the file at ``path``. ``now``: seconds since 1970."""

    def __init__(
        self,
        path: Path,
        waiting: Waiting,
        writer: Writer,
        visits: Visits,
        threads: Threads,
        now: Callable[[], float],
    ) -> None:
        self._path = path
        self._waiting = waiting
        self._writer = writer
        self._visits = visits
        self._threads = threads
        self._now = now
        self._reader: Reader | None = None
        self._reader_of = 0  # which of the files that were opened
        self._end = 1  # as the last answer had it

    def hear(self, event: Public) -> None:
        """To be kept, if it was said by somebody who wants that."""
        if type(event) is not Said:
            self._visits.hear(event)
        elif visit := self._visits.recorded.get(event.speaker):
            self._waiting.add(Heard(int(self._now() * 1000), visit, event.speaker, event.lines))

    async def recall(self, query: Query, most: int) -> Page:
        """See ``boundaries.History``. Raises Refused where the file can't be read."""
        done = None if isinstance(query, Between) else await self._wish("mark")
        end = self._end
        page = await self._read(lambda: self._page(query, end, most))
        if done is not None and not done.written:
            return attrs.evolve(page, note=page.note or BEHIND)
        return page

    async def record(self, speaker: str, on: bool) -> None:
        """See ``boundaries.History``. From the answer on, nothing of theirs is written."""
        visit = self._visits.number(speaker)
        self._visits.record(speaker, on)
        if not on:
            await self._wish("drop", visit)

    def records(self, speaker: str) -> bool:
        """See ``boundaries.History``."""
        return speaker in self._visits.recorded

    async def forget(self, speaker: str) -> int:
        """See ``boundaries.History``. Raises Refused where it can only be done later."""
        done = await self._wish("forget", self._visits.number(speaker))
        if not done.written:
            raise Refused("history-off", NOT_YET)
        return done.removed

    def figures(self) -> Figures:
        """How it does."""
        return Figures(
            self._waiting.lines + self._writer.lines,
            self._writer.written,
            self._waiting.lost,
            self._writer.trouble,
        )

    async def close(self) -> bool:
        """Write everything; whether that was done. The file is whole by itself after it."""
        with suppress(Refused):
            await self._read(self._forget_reader, PATIENCE_SECONDS)
        return (await self._wish("close")).written

    async def _wish(self, what: Literal["mark", "drop", "forget", "close"], visit: int = 0) -> Done:
        fulfilled: defer.Deferred[Done] = defer.Deferred()

        def answer(done: Done) -> None:
            self._threads.in_reactor(partial(fulfilled.callback, done))

        self._waiting.ask(Wish(what, answer, visit))
        fulfilled.addTimeout(PATIENCE_SECONDS, self._threads.clock)
        try:
            done = await fulfilled
        except defer.TimeoutError:
            return Done(self._end, False)
        self._end = done.end
        return done

    async def _read(self, what: Callable[[], Page], seconds: float = READ_SECONDS) -> Page:
        reading = self._threads.read(what)
        reading.addTimeout(seconds, self._threads.clock)
        try:
            return await reading
        except (sqlite3.Error, OSError, CannotKeep, defer.TimeoutError):
            raise Refused("history-off", UNREADABLE) from None

    def _page(self, query: Query, end: int, most: int) -> Page:
        """In the thread that reads."""
        opened = self._writer.opened
        if self._reader is None or self._reader_of != opened:
            self._forget_reader()
            self._reader = Reader(open_to_read(self._path))
            self._reader_of = opened
        self._reader.lines = self._writer.keep.lines
        try:
            return self._reader.page(query, end, most)
        except sqlite3.Error as error:
            self._forget_reader()
            if is_broken(error):
                self._waiting.ask(Wish("broken", lambda _: None, broken=(opened, error)))
            raise

    def _forget_reader(self) -> Page:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        return Page(())


_check: type[History] = SqliteHistory
