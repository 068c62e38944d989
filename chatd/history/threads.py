"""The two threads of a history in a file: one that writes and one that reads."""

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from twisted.internet import defer
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.threadpool import ThreadPool

from chatd.history.holding import RETRY_SECONDS
from chatd.history.sqlite import SqliteHistory
from chatd.history.visits import Visits
from chatd.history.waiting import Waiting
from chatd.history.writing import Keep, Writer
from chatd.lines import Page

IDLE_SECONDS = 60.0
"""How often lines that have become too old are looked for when nothing is said."""


class _Thread(threading.Thread):
    """One that does not hold up the end of the process, whatever its disk does."""

    def __init__(self, target: Callable[[], None], name: str) -> None:
        super().__init__(target=target, name=name, daemon=True)


class TwoThreads:
    """One for ``writer``, one that answers what is asked, in the order of asking."""

    _log = Logger()

    def __init__(self, reactor: Any, waiting: Waiting, writer: Writer) -> None:
        self.clock = reactor
        self._waiting = waiting
        self._writer = writer
        self._readers = ThreadPool(1, 1, "history reader")
        self._readers.threadFactory = cast("Any", _Thread)

    def start(self) -> None:
        """Run until the writer is closed."""
        self._readers.start()
        _Thread(self._write, "history writer").start()

    def stop(self) -> None:
        """No more is asked."""
        self._readers.stop()

    def read(self, what: Callable[[], Page]) -> "defer.Deferred[Page]":
        """See ``sqlite.Threads``."""
        return deferToThreadPool(self.clock, self._readers, what)

    def in_reactor(self, what: Callable[[], object]) -> None:
        """See ``sqlite.Threads``."""
        self.clock.callFromThread(what)

    def _write(self) -> None:
        while not self._writer.closed:
            soon = self._writer.trouble or self._writer.is_busy
            self._waiting.wait(RETRY_SECONDS if soon else IDLE_SECONDS)
            try:
                self._writer.work()
                while self._waiting.is_empty and self._writer.tidy():
                    pass
            except Exception:
                self.in_reactor(partial(self._log.failure, "Could not write what was said"))
                time.sleep(RETRY_SECONDS)


class FileHistory:
    """A history in a file, ready to be opened. ``reactor`` is the one it lives in."""

    _log = Logger()

    def __init__(self, path: Path, keep: Keep, reactor: Any) -> None:
        waiting = Waiting()
        clocks = (time.time, time.monotonic)
        self._writer = Writer(path, keep, waiting, clocks, self._warn)
        self._threads = TwoThreads(reactor, waiting, self._writer)
        # A number that no earlier daemon has given to somebody's stay.
        visits = Visits(random.SystemRandom().getrandbits(62))
        self.history = SqliteHistory(path, waiting, self._writer, visits, self._threads, time.time)

    def start(self) -> None:
        """Raises CannotKeep."""
        self._writer.open()
        self._threads.start()

    def take(self, keep: Keep) -> None:
        """Go by this from now on."""
        self._writer.keep = keep

    async def stop(self) -> None:
        """Write everything."""
        if await self.history.close():
            self._threads.stop()
            return
        figures = self.history.figures()
        self._log.error(  # and nobody waits for threads whose disk may never come back
            "History: {waiting} lines could not be written: {trouble}",
            waiting=figures.waiting,
            trouble=figures.trouble or "the disk takes too long",
        )

    def _warn(self, sentence: str) -> None:
        self._threads.in_reactor(partial(self._log.warn, "History: {what}", what=sentence))
