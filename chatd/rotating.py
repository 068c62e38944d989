"""A log file that is put aside when it is large or old, and that outlives a full disk."""

import errno
import os
import stat
import sys
import syslog
import time
from collections.abc import Callable
from contextlib import suppress

from twisted.logger import formatTime
from twisted.python.logfile import LogFile

from chatd.sections import LogSettings

WARN_SECONDS = 60
"""How often to say that the log can't be written, at most."""


def complain(text: str) -> None:
    """Say it where it may be seen when the log is not: standard error, and syslog."""
    if sys.__stderr__ is not None:  # sys.stderr leads into the log
        with suppress(OSError):
            print(f"chatd: {text}", file=sys.__stderr__, flush=True)
    syslog.syslog(syslog.LOG_ERR, f"chatd: {text}")


class RotatingFile(LogFile):
    """A log file with ``keep`` old ones beside it: file.1 is the newest.

    ``rotate_bytes``: put aside at this size (0: never for its size); ``rotate_daily``: when
    ``day`` gives another value than when the file was last written to. A device or a pipe is
    never put aside, and of a link what it leads to.

    Writing never raises: what can't be written is counted, said to ``complain`` once in
    WARN_SECONDS, and made up for by a line, made by ``note``, that says how much is missing.
    """

    def __init__(
        self,
        path: str,
        settings: LogSettings,
        *,
        day: Callable[..., object] = lambda *at: time.localtime(*at)[:3],
        now: Callable[[], float] = time.monotonic,
        complain: Callable[[str], None] = complain,
        note: Callable[[str], str] = lambda text: f"{formatTime(time.time())} [warn] {text}\n",
    ) -> None:
        self._daily = settings.rotate_daily
        self._keep = settings.keep
        self._today = day
        self._now = now
        self._complain = complain
        self._note = note
        self.failures = 0
        """Lines that could not be written, ever."""
        self._missing = 0  # since the last that could be
        self._reason = ""
        self._quiet_until = now()
        path = os.path.realpath(path)
        self._day = day(os.stat(path).st_mtime) if os.path.exists(path) else day()
        directory, name = os.path.split(path)
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
        line = data.encode("utf-8", "replace") if isinstance(data, str) else data
        try:
            self._write(line)
        except OSError as error:
            self._could_not(error)

    def rotate(self) -> None:
        """Put the file aside and begin a new one; too old ones go.

        Whoever may read the one may read the other. If that can't be done it is complained of,
        and the file is written to as before.
        """
        mode = os.fstat(self._file.fileno()).st_mode
        if not self.size or not stat.S_ISREG(mode):
            return
        before = self._file
        try:
            super().rotate()
            if self._file is not before:
                os.fchmod(self._file.fileno(), stat.S_IMODE(mode))
            if not self._keep and os.path.exists(f"{self.path}.1"):
                os.remove(f"{self.path}.1")
        except OSError as error:
            self._say_once(f"cannot put {self.path} aside: {error.strerror}")
            if before.closed:
                self._openFile()
        else:
            if self._file is before:  # LogFile says nothing when it may not
                self._say_once(f"may not put {self.path} aside: is the directory ours to write?")

    def _write(self, line: bytes) -> None:
        if self._is_gone():
            with suppress(OSError):
                self._file.close()
            self._openFile()
        if self.shouldRotate():
            self.rotate()
        if self._missing:
            line = self._gap() + line
        written = self._file.write(line)
        self.size += written
        if written < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._missing = 0
        self._day = self._today()

    def _is_gone(self) -> bool:
        """Whether somebody took the file away, or it could not be opened again."""
        if self._file.closed:
            return True
        try:
            there = os.stat(self.path)
        except OSError:
            return True
        return there.st_ino != os.fstat(self._file.fileno()).st_ino

    def _gap(self) -> bytes:
        text = f"{self._missing} lines are missing here: {self._reason}"
        return f"\n{self._note(text)}".encode()

    def _could_not(self, error: OSError) -> None:
        self.failures += 1
        self._missing += 1
        self._reason = error.strerror or str(error)
        self._say_once(f"cannot write to {self.path}: {self._reason}; the chat goes on")

    def _say_once(self, text: str) -> None:
        if self._now() >= self._quiet_until:
            self._quiet_until = self._now() + WARN_SECONDS
            self._complain(text)
