"""Which lines stand in the file of ``--log`` already, so that none of the past is written twice."""

import os
import re
from collections import deque
from contextlib import suppress
from datetime import datetime
from pathlib import Path

MOST_LINES = 5000
TAIL_BYTES = 1 << 20
APART_SECONDS = 300.0
"""The server's clock and ours may differ by so much, or a line have been on its way for so long."""

_DATED = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:! )?(?:\| )?(.+)")


class Written:
    """The last lines of the file, each with its date, without the sign of the past."""

    def __init__(self) -> None:
        self._lines: deque[tuple[datetime, str]] = deque(maxlen=MOST_LINES)

    def look_at(self, path: Path) -> None:
        """What earlier runs have left, if it is a file that can be read."""
        if not path.is_file():
            return
        with suppress(OSError), path.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL_BYTES))
            for line in file.read(TAIL_BYTES).decode("utf-8", "replace").split("\n"):
                self._note(line)

    def add(self, at: datetime, text: str) -> None:
        """Written now."""
        self._lines.append((at, text))

    def has(self, at: datetime, *texts: str) -> bool:
        """Whether one of these, all ways to write one line, was written about then. It counts
        once: the same words may have been said twice."""
        for written in self._lines:
            if written[1] in texts and abs((written[0] - at).total_seconds()) <= APART_SECONDS:
                self._lines.remove(written)
                return True
        return False

    def _note(self, line: str) -> None:
        if match := _DATED.fullmatch(line.rstrip("\r")):
            with suppress(ValueError):
                self.add(datetime.fromisoformat(match[1]), match[2])
