"""The file that keeps what operators have ordered over a restart."""

import os
import time
from collections.abc import Callable
from typing import Any

from twisted.internet import defer
from twisted.logger import Logger

from chatd.orders import Orders
from chatd.whole_file import read_text, replace_file

AGAIN_SECONDS = 60.0
"""After so long it is tried again where the disk was full."""

FRESH_SECONDS = 3600.0
"""What ends by itself is written so often, so that a clock set meanwhile matters little."""

Run = Callable[[Callable[[], None]], "defer.Deferred[None]"]


class OrdersFile:
    """``path``: empty: nothing is kept. ``run`` calls a function off the reactor, ``later`` in so
    many seconds. ``now``: a clock that never goes back, ``wall``: the one that people set.
    """

    _log = Logger()

    def __init__(
        self,
        path: str,
        run: Run,
        later: Callable[..., Any],
        now: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.path = path
        self.orders = Orders()
        self._run = run
        self._later = later
        self._now = now
        self._wall = wall
        self._writing: defer.Deferred[None] | None = None
        self._changed = False  # since what is being written
        self._failing = False
        self._timer: Any = None

    def load(self) -> Orders:
        """What was kept. A file that can't be read is put aside, and the log says so."""
        if self.path and os.path.lexists(self.path):
            try:
                text = read_text(self.path)
                self.orders = Orders.read(text, self._now(), self._wall())
            except ValueError as wrong:
                self._put_aside(str(wrong))
        self._write_in_time()
        return self.orders

    def save(self) -> None:
        """There is something new: write it, or when what is being written is done."""
        self._changed = True
        if self.path and self._writing is None:
            self._write()

    def close(self) -> "defer.Deferred[None]":
        """Write it a last time; fires when that is done, or can't be."""
        self._stop_timer()
        if self.path and (self.orders or self._changed):
            self.save()
        self._stop_timer()
        done: defer.Deferred[None] = defer.Deferred()
        if self._writing is None:
            done.callback(None)
        else:
            self._writing.addCallback(done.callback)
        return done

    def _write(self) -> None:
        self._stop_timer()
        self._changed = False
        snapshot, path = self.orders.snapshot(self._now(), self._wall()), self.path
        self._writing = defer.Deferred()
        written = self._run(lambda: replace_file(path, snapshot.text()))
        written.addCallbacks(self._written, self._failed)

    def _written(self, _: None) -> None:
        if self._failing:
            self._failing = False
            self._log.info(
                "Bans and mutes are kept in {path} again", event="orders", path=self.path
            )
        self._go_on()

    def _failed(self, reason: Any) -> None:
        if not self._failing:
            self._failing = True
            self._log.error(
                "Bans and mutes are not kept, they end with the daemon: cannot write {path}: {why}",
                event="orders",
                path=self.path,
                why=getattr(reason.value, "strerror", None) or str(reason.value),
            )
        self._go_on()

    def _go_on(self) -> None:
        writing, self._writing = self._writing, None
        if self._changed and not self._failing:
            self._write()
            assert self._writing is not None
            if writing is not None:
                self._writing.addCallback(writing.callback)
            return
        self._write_in_time()
        if writing is not None:
            writing.callback(None)

    def _write_in_time(self) -> None:
        self._stop_timer()
        if self.path and self._failing:
            self._timer = self._later(AGAIN_SECONDS, self.save)
        elif self.path and self.orders.is_timed:
            self._timer = self._later(FRESH_SECONDS, self.save)

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    def _put_aside(self, why: str) -> None:
        aside = time.strftime(f"{self.path}.broken-%Y%m%dT%H%M%S", time.gmtime(self._wall()))
        try:
            os.rename(self.path, aside)
        except OSError as error:
            self._log.error(
                "Bans and mutes are lost and new ones not kept: {why}; cannot move it: {more}",
                event="orders",
                why=why,
                more=error.strerror,
            )
            self.path = ""
            return
        text = "Bans and mutes are lost: {why}; it is now {aside}"
        self._log.error(text, event="orders", why=why, aside=aside)
