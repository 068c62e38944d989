"""Where the log goes, and what of it: file or screen, text or JSON, from which level on."""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

import attrs
from twisted.logger import ILogObserver, LogEvent, LogLevel
from zope.interface import implementer

from chatd.config import Config, ConfigError
from chatd.log_lines import LineMaker, json_line, text_line
from chatd.reloading import Change
from chatd.repeats import Repeats
from chatd.rotating import RotatingFile
from chatd.sections import LogSettings

_FORMATS: dict[str, LineMaker] = {"text": text_line, "json": json_line}
COUNTED_SECONDS = 1.0
"""After which it is said what was left out."""


class Sink(Protocol):
    """Where lines go."""

    failures: int
    """Lines that could not be written, ever."""

    def write(self, line: str) -> None:
        """A line, with its end. Never raises."""

    def rotate(self) -> None:
        """Put aside what was written, where that can be done."""

    def close(self) -> None:
        """There will be no more."""


class Screen:
    """Standard output, as it is when this is made: a moment later it leads into the log."""

    def __init__(self) -> None:
        self._out = getattr(sys.stdout, "buffer", None)
        self.failures = 0

    def write(self, line: str) -> None:
        """Nobody may be there to read it."""
        if self._out is not None:
            try:
                self._out.write(line.encode("utf-8", "replace"))
                self._out.flush()
            except OSError:
                self.failures += 1

    def rotate(self) -> None:
        """There is nothing to put aside."""

    def close(self) -> None:
        """It stays."""


@attrs.frozen
class LogPlace:
    """What twistd's own words say of the log.

    ``elsewhere``: whether it has been told where to log; then the config counts for nothing.
    ``file``: where it would log; None for the screen. ``base``: where paths start.
    """

    elsewhere: bool = False
    file: str | None = None
    base: str = ""

    def path(self, settings: LogSettings) -> str | None:
        """The file to log to; None for the screen."""
        return os.path.join(self.base, settings.file) if settings.file else self.file


@implementer(ILogObserver)
class LogOutput:
    """The log. ``later`` and ``now`` are the reactor's.

    Raises OSError when it is made, if its file can't be written.
    """

    def __init__(
        self,
        settings: LogSettings,
        place: LogPlace,
        later: Callable[..., object],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._place = place
        self._later = later
        self._screen = Screen()
        self._repeats = Repeats(now)
        self._counting = False
        self._failures = 0  # of those that are no longer written to
        self._settings = settings
        self._sink = self._opened(settings)
        self._take(settings, self._sink)

    def __call__(self, event: LogEvent) -> None:
        """An event, from whomever."""
        if event.get("log_level", LogLevel.info) < self._level:
            return
        if self._repeats.allows(event):
            self._sink.write(self._line(event))
        elif not self._counting:
            self._counting = True
            self._later(COUNTED_SECONDS, self.count)

    def count(self) -> None:
        """Say what was left out, if anything was."""
        self._counting = False
        if words := self._repeats.left_out():
            self._sink.write(self._noted(f"Left out of the log, as there was so much: {words}"))

    @property
    def failures(self) -> int:
        """Lines that could not be written, since the start."""
        return self._failures + self._sink.failures

    def rotate(self) -> None:
        """Put the file aside now."""
        self._sink.rotate()

    def give_to(self, uid: int, gid: int) -> None:
        """Make the file theirs (-1: as it is): one of root's they can't put aside.

        Raises OSError.
        """
        if isinstance(self._sink, RotatingFile) and (uid, gid) != (-1, -1):
            os.chown(self._sink.path, uid, gid)

    def prepare(self, settings: Config) -> Change:
        """Log as this config wants it. Raises ConfigError where that file can't be written."""
        log = settings.log
        if not self._is_elsewhere(log):
            return Change(lambda: self._take(log, self._sink))
        try:
            sink = self._opened(log)
        except OSError as error:
            path = self._place.path(log)
            raise ConfigError([f"[log] file: cannot log to {path}: {error.strerror}"]) from None
        return Change(lambda: self._move(log, sink), sink.close)

    def _is_elsewhere(self, log: LogSettings) -> bool:
        same = attrs.evolve(log, format=self._settings.format, level=self._settings.level)
        return same != self._settings

    def _opened(self, log: LogSettings) -> Sink:
        path = self._place.path(log)
        return RotatingFile(path, log, note=self._noted) if path else self._screen

    def _move(self, log: LogSettings, sink: Sink) -> None:
        before = self._sink
        self._failures += before.failures
        self._take(log, sink)
        before.close()

    def _take(self, log: LogSettings, sink: Sink) -> None:
        self._settings, self._sink = log, sink
        self._level = LogLevel.levelWithName(log.level)
        self._line = _FORMATS[log.format]

    def _noted(self, text: str) -> str:
        event: dict[str, Any] = {"log_format": "{note}", "note": text, "log_time": time.time()}
        return self._line({**event, "log_namespace": "chatd.log", "log_level": LogLevel.warn})


def rotate_on_signal(output: LogOutput | None, in_reactor: Callable[..., object]) -> None:
    """On SIGUSR1, put the log aside now; without a log of ours, at least don't die of it."""
    if signal.getsignal(signal.SIGUSR1) is not signal.SIG_DFL:
        return  # twistd has a log of its own, and has seen to it
    rotate = output.rotate if output is not None else lambda: None
    signal.signal(signal.SIGUSR1, lambda *_: in_reactor(rotate))
