"""The log: where it goes, how a line looks, and who came and went."""

import os
import signal
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

from chatd.boundaries import Audience
from chatd.config import LogSettings
from chatd.events import Closed, Joined, Left, Public, Said
from chatd.rotating import RotatingFile


class RoomLog:
    """Writes into the log who joined and who left and why."""

    _log = Logger()

    def hear(self, event: Public) -> None:
        """A public event. What was said is none of the log's business."""
        if isinstance(event, Said):
            return
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


def open_log(
    path: str, settings: LogSettings, application: Any, uid: int = -1, gid: int = -1
) -> RotatingFile:
    """Make twistd log to this file, and to this file only. Raises OSError.

    It becomes the file of ``uid`` and ``gid``, if these are given: opened by root, it could not
    be put aside by whom twistd becomes.
    """
    file = RotatingFile(path, settings)
    if (uid, gid) != (-1, -1):
        os.chown(file.path, uid, gid)
    application.setComponent(ILogObserver, FileLogObserver(cast("IO[Any]", file), log_line))
    return file


def rotate_on_signal(file: RotatingFile | None, in_reactor: Callable[..., object]) -> None:
    """On SIGUSR1, put the log aside now; without a file of ours, at least don't die of it."""
    if signal.getsignal(signal.SIGUSR1) is not signal.SIG_DFL:
        return  # twistd has a log of its own, and has seen to it
    rotate = file.rotate if file is not None else lambda: None
    signal.signal(signal.SIGUSR1, lambda *_: in_reactor(rotate))


_check: type[Audience] = RoomLog
