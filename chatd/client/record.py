"""The file of ``--log``: the conversation as text, each line with its date.

Lines of the past belong to it, each behind a bar and with its own date, unless they stand
in it already. What somebody has looked up (/history, /search) does not.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO

from chatd.client import facts, past
from chatd.client.past_words import BAR, local
from chatd.client.screen import Screen, plain
from chatd.client.session import Face
from chatd.client.written import Written

_NOT_KEPT = (
    facts.Question,
    facts.Connecting,
    facts.HelpShown,
    facts.InterruptedOnce,
    facts.Stayed,
    past.Began,
    past.Ended,
)


class Record:
    """A face that nobody looks at. ``file``: opened for appending text. ``written``: what
    stands there already."""

    def __init__(self, file: TextIO, now: Callable[[], datetime], written: Written) -> None:
        self._file: TextIO | None = file
        self._now = now
        self._written = written
        self._screen = Screen(now, times=False)

    def show(self, fact: facts.Fact) -> None:
        """Write it down at once."""
        if self._file is None or isinstance(fact, _NOT_KEPT):
            return
        at = local(fact.at) if isinstance(fact, past.Said) else self._now()
        lines = [plain(line) for line in self._screen.lines(fact)]
        if isinstance(fact, past.Said) and (fact.why.is_asked or self._has(at, fact)):
            return
        try:
            for line in lines:
                self._file.write(f"{at.isoformat(' ', 'seconds')} {line}\n")
                self._written.add(at, line.removeprefix(BAR))
            self._file.flush()
        except OSError as error:
            self._file = None
            print(f"chat: the log ends here: {error.strerror}", file=sys.stderr)

    def _has(self, at: datetime, line: past.Said) -> bool:
        return self._written.has(at, f"{line.speaker}: {line.text}", f"You: {line.text}")

    def refresh(self) -> None:
        """Nothing to draw."""

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()


def recorded(path: Path) -> Record:
    """Written to the end of this file. Raises OSError."""
    file = path.open("a", encoding="utf-8")
    written = Written()
    written.look_at(path)
    return Record(file, datetime.now, written)


_check: type[Face] = Record
