"""The file of ``--log``: the conversation as text, each line with its date."""

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TextIO

from chatd.client import facts
from chatd.client.screen import Screen, plain
from chatd.client.session import Face

_NOT_KEPT = (facts.Question, facts.Connecting, facts.HelpShown, facts.InterruptedOnce, facts.Stayed)


class Record:
    """A face that nobody looks at. ``file``: opened for appending text."""

    def __init__(self, file: TextIO, now: Callable[[], datetime]) -> None:
        self._file: TextIO | None = file
        self._now = now
        self._screen = Screen(now, times=False)

    def show(self, fact: facts.Fact) -> None:
        """Write it down at once."""
        if self._file is None or isinstance(fact, _NOT_KEPT):
            return
        stamp = self._now().isoformat(" ", "seconds")
        try:
            for line in self._screen.lines(fact):
                self._file.write(f"{stamp} {plain(line)}\n")
            self._file.flush()
        except OSError as error:
            self._file = None
            print(f"chat: the log ends here: {error.strerror}", file=sys.stderr)

    def refresh(self) -> None:
        """Nothing to draw."""

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()


_check: type[Face] = Record
