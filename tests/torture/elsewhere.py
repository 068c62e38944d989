"""Work done in another process, so that load and daemon do not share an interpreter."""

import multiprocessing
import os
import resource
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

LONGEST = 900.0
"""Seconds after which any work is told to stop, whatever happened to who asked for it."""


class Signals:
    """What the work and whoever waits for it have to say to each other: the work's end."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._until = time.monotonic() + LONGEST
        self._stopped = False

    def ready(self, what: Any = None) -> None:
        """Everything is set up."""
        self._pipe.send(("ready", what))

    @property
    def stopped(self) -> bool:
        """Whether it is time to end; a pipe without an other end says so too."""
        self._stopped = self._stopped or self._pipe.poll() or time.monotonic() > self._until
        return self._stopped


class Elsewhere:
    """``work(signals, *args)`` in a process of its own. What it returns is given by ``stop``."""

    def __init__(self, work: Callable[..., Any], *args: Any, nice: int = 0) -> None:
        ours, theirs = multiprocessing.Pipe()
        self._pipe = ours
        spawning = multiprocessing.get_context("spawn")
        self._process = spawning.Process(target=_do, args=(theirs, nice, work, *args), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def ready(self, within: float = 120.0) -> Any:
        """Wait until everything is set up."""
        return self._next("ready", within)

    def result(self, within: float = LONGEST) -> Any:
        """What the work returns when it ends by itself."""
        result = self._next("result", within)
        self._process.join(10)
        return result

    def stop(self, within: float = 60.0) -> Any:
        """Tell it to end, and wait for what it returns."""
        self._pipe.send("stop")
        return self.result(within)

    def kill(self) -> None:
        """End it, without a word to anyone."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join(10)
        self._pipe.close()

    def _next(self, kind: str, within: float) -> Any:
        assert self._pipe.poll(within), f"nothing from elsewhere within {within:g} seconds"
        try:
            got, what = self._pipe.recv()
        except EOFError:
            raise AssertionError("the process elsewhere is gone") from None
        assert got == kind, what
        return what


@contextmanager
def elsewhere(work: Callable[..., Any], *args: Any, nice: int = 0) -> Iterator[Elsewhere]:
    """Work elsewhere, which is killed at the end if it has not ended."""
    process = Elsewhere(work, *args, nice=nice)
    try:
        yield process
    finally:
        process.kill()


def _do(pipe: Connection, nice: int, work: Callable[..., Any], *args: Any) -> None:
    try:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        if nice > 0 or os.geteuid() == 0:
            os.nice(nice)
        pipe.send(("result", work(Signals(pipe), *args)))
    except BaseException:
        pipe.send(("failed", traceback.format_exc()))
