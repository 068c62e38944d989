"""Lines of an export, back into a file.

The order in a file is the order of the room, so lines can be put before the first one that
is there, and behind the last one, and nowhere between. This also makes it harmless to
import the same export twice, and keeps out what somebody has had forgotten since.
"""

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, BinaryIO

import attrs

from chatd.errors import Refused
from chatd.history import rows
from chatd.history.reading import end_of, milliseconds
from chatd.history.waiting import Heard
from chatd.lines import moment
from chatd.names import Name
from chatd.wire.text import clean

BATCH_LINES = 1000
MOST_LINES = 50_000
"""Lines in a transaction, where so many have the same time."""
PAUSE_SECONDS = 0.002
"""Between two transactions, for whoever else writes."""
LONGEST = 65536
"""Bytes in a line of an export."""
NOBODY = 0
"""The visit of imported lines: nobody who is here can have them forgotten."""

_GUEST = re.compile(r"<[^<>\s]{1,60}>")
_BOUNDS = "SELECT min(id), min(at), max(at) FROM said"
_INDEX = """
INSERT INTO words (rowid, text) SELECT id, text FROM said
WHERE id >= ? AND id < ? AND id <= (SELECT up_to FROM searchable)
"""


class NotAnExport(Exception):
    """The words say which line is wrong, and why."""


@attrs.frozen
class Taken:
    """How many lines were put before and behind those that were there, and how many left out."""

    before: int
    behind: int
    left_out: int


@attrs.frozen
class _Plan:
    """Where in the export, in bytes, the portions of the older lines begin, and how many lines
    each has; where the newer ones begin."""

    older: list[tuple[int, int]]
    newer: int
    left_out: int


def check(export: BinaryIO) -> None:
    """Read all of it, for a file that shall be made only if it is one. Raises NotAnExport."""
    for _ in _heard(export, 0):
        """Each is looked at."""


class TakingIn:
    """Of ``export``, JSON lines that can be read again, into a connection that may write."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        export: BinaryIO,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._connection = connection
        self._export = export
        self._sleep = sleep

    def take(self) -> Taken:
        """Do it, after all of the export has been read once.

        Raises NotAnExport, before anything was written, and sqlite3.Error, OSError.
        """
        lowest, first, last = self._connection.execute(_BOUNDS).fetchone()
        plan = self._plan(first, last)
        before = self._put_before(plan, lowest, first) if first is not None else 0
        return Taken(before, self._put_behind(plan, last), plan.left_out)

    def _plan(self, first: int | None, last: int | None) -> _Plan:
        older: list[tuple[int, int]] = []
        newer, left_out = -1, 0
        for start, heard in _heard(self._export, 0):
            if first is not None and heard.at < first and newer < 0:
                if not older or older[-1][1] == BATCH_LINES:
                    older.append((start, 0))
                older[-1] = (older[-1][0], older[-1][1] + 1)
            elif last is None or heard.at > last:
                newer = start if newer < 0 else newer
            else:
                left_out += 1
        return _Plan(older, newer, left_out)

    def _put_before(self, plan: _Plan, lowest: int, first: int) -> int:
        """From the last portion to the first, so that what is there has no gap at any time."""
        end = lowest
        for start, count in reversed(plan.older):
            older = (heard for _, heard in _heard(self._export, start) if heard.at < first)
            heard = list(islice(older, count))
            with rows.transaction(self._connection):
                rows.add(self._connection, heard, end - count)
                self._connection.execute(_INDEX, (end - count, end))
            end -= count
            self._sleep(PAUSE_SECONDS)
        return lowest - end

    def _put_behind(self, plan: _Plan, last: int | None) -> int:
        if plan.newer < 0:
            return 0
        count = 0
        found = (heard for _, heard in _heard(self._export, plan.newer))
        newer = (heard for heard in found if last is None or heard.at > last)
        for portion in _portions(newer):
            with rows.transaction(self._connection):
                rows.add(self._connection, portion, end_of(self._connection))
            count += len(portion)
            self._sleep(PAUSE_SECONDS)
        return count


def _heard(export: BinaryIO, start: int) -> Iterator[tuple[int, Heard]]:
    """Each line from this byte on, and where it begins."""
    export.seek(start)
    number = 0
    while line := export.readline(LONGEST):
        number += 1
        if line.strip():
            try:
                yield start, _read(line)
            except Refused as refused:
                raise NotAnExport(f"line {number}: {refused.sentence}") from None
            except (ValueError, TypeError, KeyError, RecursionError) as wrong:
                raise NotAnExport(f"line {number} is no line of an export: {wrong}") from None
        start += len(line)


def _portions(found: Iterable[Heard]) -> Iterator[list[Heard]]:
    """What was said in one moment is not torn apart: half of it could not follow later."""
    portion: list[Heard] = []
    for heard in found:
        size = len(portion)
        if size >= BATCH_LINES and (heard.at != portion[-1].at or size >= MOST_LINES):
            yield portion
            portion = []
        portion.append(heard)
    if portion:
        yield portion


def _read(line: bytes) -> Heard:
    """Raises ValueError, TypeError, KeyError, Refused."""
    fields: dict[str, Any] = json.loads(line)
    speaker, text = str(fields["speaker"]), fields["text"]
    if not isinstance(text, str) or clean(text) != text or "\n" in text or not text.strip():
        raise ValueError("its text could not have been said")
    text.encode()
    _check_speaker(speaker)
    return Heard(milliseconds(moment(fields["at"])), NOBODY, speaker, (text,))


@lru_cache(maxsize=1000)
def _check_speaker(speaker: str) -> None:
    if clean(speaker) != speaker or not _GUEST.fullmatch(speaker):
        Name.chosen(speaker)
