"""The log: a file that is put aside when it is large or old, and who came and went."""

import os
import signal
import time
from collections.abc import Callable
from functools import lru_cache
from typing import IO, Any, cast

from twisted.logger import (
    FileLogObserver,
    ILogObserver,
    LogEvent,
    Logger,
    formatEventAsClassicLogText,
    formatTime,
)
from twisted.python.logfile import LogFile

from chatd.boundaries import Audience
from chatd.config import LogSettings
from chatd.events import Closed, Joined, Left, Public


class RotatingFile(LogFile):
    """A log file with ``keep`` old ones beside it: file.1 is the newest.

    ``rotate_bytes``: put aside at this size (0: never for its size); ``rotate_daily``: when
    ``today`` gives another value than when the file was last written to.
    """

    def __init__(
        self,
        path: str,
        settings: LogSettings,
        today: Callable[[], object] = lambda: time.localtime()[:3],
    ) -> None:
        self._daily = settings.rotate_daily
        self._keep = settings.keep
        self._today = today
        self._day = today()
        directory, name = os.path.split(os.path.abspath(path))
        super().__init__(
            name,
            directory,
            rotateLength=settings.rotate_bytes or None,
            maxRotatedFiles=max(settings.keep, 1),
        )

    def shouldRotate(self) -> bool:
        """Whether it is large, or from another day."""
        return bool(super().shouldRotate()) or (
            self._daily and self.size > 0 and self._today() != self._day
        )

    def write(self, data: str | bytes) -> None:
        """Text is counted in bytes, which LogFile does not."""
        super().write(data.encode("utf-8", "replace") if isinstance(data, str) else data)
        self._day = self._today()

    def rotate(self) -> None:
        """Put the file aside and begin a new one; too old ones go."""
        super().rotate()
        if not self._keep and os.path.exists(f"{self.path}.1"):
            os.remove(f"{self.path}.1")


class RoomLog:
    """Writes into the log who joined and who left and why."""

    _log = Logger()

    def hear(self, event: Public) -> None:
        """A public event. What was said is none of the log's business."""
        if isinstance(event, Joined):
            self._log.info("{name} joined the chat!", name=event.name)
        elif isinstance(event, Left):
            self._log.info("{name} has left the chat: {why}", name=event.name, why=event.why)
        elif isinstance(event, Closed):
            self._log.info("The chat is closing")


_second = lru_cache(maxsize=1)(formatTime)


def log_line(event: LogEvent) -> str | None:
    """An event as Twisted writes it. Ours are plain enough to take a fifth of the time.

    That time counts when a thousand people go at once: two lines for each of them.
    """
    namespace = event.get("log_namespace", "")
    if not namespace.startswith("chatd.") or "log_failure" in event:
        return formatEventAsClassicLogText(event)
    text = event["log_format"].format_map(event).replace("\n", "\n\t")
    when = _second(int(event["log_time"]))
    return f"{when} [{namespace}#{event['log_level'].name}] {text}\n"


def open_log(path: str, settings: LogSettings, application: Any) -> RotatingFile:
    """Make twistd log to this file, and to this file only. Raises OSError."""
    file = RotatingFile(path, settings)
    application.setComponent(ILogObserver, FileLogObserver(cast("IO[Any]", file), log_line))
    return file


def rotate_on_signal(file: RotatingFile | None, in_reactor: Callable[..., object]) -> None:
    """On SIGUSR1, put the log aside now; without a file of ours, at least don't die of it."""
    if signal.getsignal(signal.SIGUSR1) is not signal.SIG_DFL:
        return  # twistd has a log of its own, and has seen to it
    rotate = file.rotate if file is not None else lambda: None
    signal.signal(signal.SIGUSR1, lambda *_: in_reactor(rotate))


_check: type[Audience] = RoomLog
