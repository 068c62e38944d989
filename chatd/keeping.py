"""Which history a config asks for, and what of it can change while the daemon runs.

SQLite is loaded where there is to be a file: most rooms keep none, and should start soon.
"""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twisted.internet import defer
from twisted.internet.task import deferLater

from chatd.boundaries import History
from chatd.config import Config
from chatd.history.memory import MemoryHistory
from chatd.reloading import Change
from chatd.room import Room

if TYPE_CHECKING:
    from chatd.history.sqlite import Figures
    from chatd.history.threads import FileHistory
    from chatd.history.writing import Keep


class Keeping:
    """The history of ``room``, if it is to have one."""

    def __init__(self, settings: Config, room: Room, reactor: Any) -> None:
        self._room = room
        self._settings = settings.history
        self._file: FileHistory | None = None
        self._memory: MemoryHistory | None = None
        if settings.history.lines:
            self._room.keep(self._made(settings, reactor))
        room.replay = settings.history.replay

    def _made(self, settings: Config, reactor: Any) -> History:
        kept = settings.history
        if kept.file:
            from chatd.history.threads import FileHistory

            self._file = FileHistory(Path(kept.file), _keep(settings), reactor)
            return self._file.history

        def turn() -> "defer.Deferred[None]":
            return deferLater(reactor, 0)

        self._memory = MemoryHistory(kept.lines, kept.days, time.time, turn)
        return self._memory

    def figures(self) -> "Figures | None":
        """How that one does."""
        return None if self._file is None else self._file.history.figures()

    def start(self) -> None:
        """Raises CannotKeep."""
        if self._file is not None:
            self._file.start()

    def prepare(self, settings: Config) -> Change:
        """Keep more or less of it, or more surely. On, off and elsewhere wait for a restart."""
        old, new = self._settings, settings.history
        stays = ["file"] if new.file != old.file else []
        stays += ["lines"] if bool(new.lines) != bool(old.lines) else []
        return Change(
            lambda: self._take(settings), stays=tuple(f"[history] {one}" for one in stays)
        )

    def _take(self, settings: Config) -> None:
        self._room.replay = settings.history.replay
        if not settings.history.lines:
            return
        if self._file is not None:
            self._file.take(_keep(settings))
        elif self._memory is not None:
            self._memory.lines, self._memory.days = settings.history.lines, settings.history.days

    async def stop(self) -> None:
        """Write everything that was said."""
        if self._file is not None:
            await self._file.stop()


def fault(settings: Config) -> str:
    """Why there can be no history in that file, as far as can be said beforehand; or empty."""
    path = Path(settings.history.file)
    if not settings.history.lines or not settings.history.file:
        return ""
    if not path.parent.is_dir() or path.is_dir():
        return f"there can be no file {path}"
    return ""


def probe(settings: Config) -> str:
    """Why it can't be used just now; empty if it can."""
    if not settings.history.lines or not settings.history.file:
        return ""
    from chatd.history.file import is_claimed

    path = Path(settings.history.file)
    return f"another chatd keeps its history in {path}" if is_claimed(path) else ""


def effect(settings: Config) -> str:
    """What a config does, for people."""
    kept = settings.history
    if not kept.lines:
        return "none is kept"
    days = f", of {kept.days} days at most" if kept.days else ""
    place = f"in {os.path.abspath(kept.file)}, sync {kept.sync}" if kept.file else "in memory"
    shown = f"; a newcomer is shown {kept.replay}" if kept.replay else ""
    return f"the last {kept.lines} lines{days}; {place}{shown}"


def _keep(settings: Config) -> "Keep":
    from chatd.history.writing import Keep

    kept = settings.history
    return Keep(kept.lines, kept.days, kept.sync)
