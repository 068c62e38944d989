"""Reading the SQLite file: pages of it for who asks in the room, all of it for an export.

A statement gives all its rows as one JSON text. Python's sqlite3 lets go of the interpreter
and takes it again for each row, and beside a busy reactor each time may cost milliseconds.
"""

import json
import math
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from chatd.history.matching import CUT_SHORT, LOOKED_THROUGH, SHOWN, folded, has_all, like, match
from chatd.lines import Between, Last, Line, Page, Query, Search, Since

ROW_LINES = 100
"""Lines in a row of the file, at most."""

ROWS = 250
"""Rows read, or looked through, at a time."""

PAGE_LINES = 1000
PAGE_BYTES = 65536
"""A page has as many lines, and characters, as this, and at least one line."""

MOST = 2**60
"""No line has such a number."""

AROUND = 64
"""Characters that a line has on the wire beside its text, at most."""

_ROW = "json_array(id, at, speaker, text)"
_BETWEEN = f"""
SELECT json_group_array({_ROW}) FROM (
    SELECT * FROM said WHERE id >= ? AND id < ? AND at >= ? ORDER BY id LIMIT {ROWS}
)
"""
_LAST = """
SELECT min(id + max(0, total - :count)) FROM (
    SELECT id, lines, sum(lines) OVER (ORDER BY id DESC) AS total
    FROM (SELECT id, lines FROM said WHERE id < :end ORDER BY id DESC LIMIT :count)
) WHERE total - lines < :count
"""
_MATCHING = f"""
SELECT min(id), json_group_array({_ROW}) FILTER (WHERE {{like}}) FROM (
    SELECT * FROM said WHERE id IN ({{candidates}} DESC LIMIT {ROWS})
)
"""
_UNINDEXED = "SELECT id FROM said WHERE id > ? AND id < ? ORDER BY id"
_INDEXED = "SELECT rowid FROM words WHERE words MATCH ? AND rowid < ? ORDER BY rowid"

_Numbered = tuple[int, Line]


class Reader:
    """Answers what is asked, from a connection of its own. All of it may raise sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def close(self) -> None:
        """Nothing more will be read."""
        self._connection.close()

    def end(self) -> int:
        """The number that the next line would get."""
        sql = "SELECT id + lines FROM said ORDER BY id DESC LIMIT 1"
        row = self._connection.execute(sql).fetchone()
        return int(row[0]) if row else 1

    def page(self, query: Query, end: int, most: int = PAGE_BYTES) -> Page:
        """The answer's first page, of some ``most`` characters, from lines before ``end``."""
        if isinstance(query, Search):
            return self._search(query, end)
        between = self._between(query, end)
        lines: list[Line] = []
        size = 0
        for number, line in self._lines(between):
            if lines and (size + AROUND + len(line.text) > most or len(lines) == PAGE_LINES):
                return Page(tuple(lines), Between(number, between.end, between.since))
            size += len(line.text) + AROUND
            lines.append(line)
        return Page(tuple(lines))

    def each(self, since: float | None = None) -> Iterator[Line]:
        """Every line, or all since a time, in the order of the room, as far as it goes now."""
        end = self.end()
        start = Between(-MOST, end) if since is None else self._between(Since(since), end)
        return (line for _, line in self._lines(start))

    def _between(self, query: Last | Since | Between, end: int) -> Between:
        if isinstance(query, Between):
            return query
        if isinstance(query, Last):
            parameters = {"count": query.count, "end": end}
            first = (
                self._connection.execute(_LAST, parameters).fetchone()[0] if query.count else end
            )
            return Between(end if first is None else int(first), end)
        sql = "SELECT min(id) FROM said WHERE at >= ?"
        first = self._connection.execute(sql, (milliseconds(query.at),)).fetchone()[0]
        return Between(end if first is None else int(first), end, query.at)

    def _lines(self, between: Between) -> Iterator[_Numbered]:
        at = milliseconds(-math.inf if between.since is None else between.since)
        row = between.first - ROW_LINES  # it may be inside of one
        while row < between.end:
            answer = self._connection.execute(_BETWEEN, (row, between.end, at)).fetchone()[0]
            numbered = _unpacked(answer)
            for number, line in numbered:
                if between.first <= number < between.end:
                    yield number, line
            if not numbered:
                return
            row = numbered[-1][0] + 1  # which is above the row's own number

    def _search(self, query: Search, end: int) -> Page:
        words = query.words
        (indexed,) = self._connection.execute("SELECT up_to FROM searchable").fetchone()
        found = self._matching(words, _UNINDEXED, indexed, end, end)
        lowest, note = 0, ""
        if expression := match(words):
            older = self._matching(words, _INDEXED, expression, indexed + 1, end)
        else:
            lowest = max(end - LOOKED_THROUGH, 0)
            older = self._matching(words, _UNINDEXED, lowest, indexed + 1, end)
        lines = [line for _, line in islice(chain(found, older), SHOWN)]
        if lowest and len(lines) < SHOWN:
            note = CUT_SHORT
        return Page(tuple(reversed(lines)), None, note)

    def _matching(
        self, words: Sequence[str], candidates: str, where: str | int, row: int, end: int
    ) -> Iterator[_Numbered]:
        """From the newest down: lines with all the words in the candidates' rows below ``row``."""
        condition, forms = like(words)
        sql = _MATCHING.format(like=condition, candidates=candidates)
        wanted = folded(words)
        while True:
            lowest, answer = self._connection.execute(sql, (*forms, where, row)).fetchone()
            for number, line in reversed(_unpacked(answer)):
                if number < end and has_all(wanted, line.text):
                    yield number, line
            if lowest is None:
                return
            row = lowest


def _unpacked(answer: str) -> list[_Numbered]:
    """The lines of some rows, in order, each with its number."""
    return [
        (number + place, Line(at / 1000, speaker, text))
        for number, at, speaker, said in sorted(json.loads(answer))
        for place, text in enumerate(said.split("\n"))
    ]


def milliseconds(at: float) -> int:
    """A time as the file has it; any time, however far away."""
    return round(min(max(at, -(10.0**12)), 10.0**12) * 1000)
