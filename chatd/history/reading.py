"""Reading the SQLite file: pages of it for who asks in the room, all of it for an export.

A statement gives all its rows as one JSON text. Python's sqlite3 lets go of the interpreter
and takes it again for each row, and beside a busy reactor each time may cost milliseconds.
"""

import json
import math
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain, islice, takewhile

import attrs

from chatd.history.matching import (
    CUT_SHORT,
    LOOKED_THROUGH,
    NOT_YET,
    SHOWN,
    folded,
    has_all,
    like,
    match,
)
from chatd.history.paging import PAGE_BYTES, Numbered, first_page
from chatd.lines import Between, Last, Line, Page, Query, Search, Since

ROW_LINES = 100
"""Lines in a row of the file, at most."""

ROWS = 250
"""Rows read, or looked through, at a time."""

MOST = 2**60
"""No line has such a number."""

_ROW = "json_array(id, at, speaker, text)"
_BETWEEN = f"""
SELECT json_group_array({_ROW}) FROM (
    SELECT * FROM said WHERE id >= ? AND id < ? AND +at >= ? ORDER BY id LIMIT {ROWS}
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
_FOUND = f"""
SELECT max(id), json_group_array({_ROW}) FILTER (WHERE at >= ?) FROM (
    SELECT * FROM said WHERE id IN (
        SELECT rowid FROM words WHERE words MATCH ? AND rowid > ? AND rowid < ?
        ORDER BY rowid LIMIT {ROWS}
    )
)
"""
_NOT_INDEXED = """
SELECT coalesce((SELECT min(id) FROM said WHERE id > (SELECT up_to FROM searchable)), ?)
"""


class Reader:
    """Answers what is asked, from a connection of its own. All of it may raise sqlite3.Error.

    ``lines``: how many lines count as kept (0: all); older ones only wait to be removed.
    """

    def __init__(self, connection: sqlite3.Connection, lines: int = 0) -> None:
        self.lines = lines
        self._connection = connection

    def close(self) -> None:
        """Nothing more will be read."""
        self._connection.close()

    def end(self) -> int:
        """The number that the next line would get."""
        return end_of(self._connection)

    def page(self, query: Query, end: int, most: int = PAGE_BYTES) -> Page:
        """The answer's first page, of some ``most`` characters, from lines before ``end``."""
        if isinstance(query, Search):
            return self._search(query, end)
        between = self._between(query, end)
        return first_page(self._lines(between), between, most)

    def each(self, since: float | None = None, words: Sequence[str] = ()) -> Iterator[Line]:
        """Every line, or all since a time, in the order of the room, as far as it goes now.

        ``words``: lines in which the index finds no such words may be left out.
        """
        end = self.end()
        start = Between(-MOST, end) if since is None else self._between(Since(since), end)
        found: Iterator[Numbered] = iter(())
        if expression := match(words):
            first = self._connection.execute(_NOT_INDEXED, (end,)).fetchone()[0]
            found = self._found(expression, attrs.evolve(start, end=min(first, end)))
            start = attrs.evolve(start, first=max(first, start.first))
        return (line for _, line in chain(found, self._lines(start)))

    def _found(self, expression: str, between: Between) -> Iterator[Numbered]:
        """From the oldest up: the lines of all rows in which the index finds it."""
        at, row = _at(between), between.first - 1
        while True:
            parameters = (at, expression, row, between.end)
            highest, answer = self._connection.execute(_FOUND, parameters).fetchone()
            yield from _unpacked(answer)
            if highest is None:
                return
            row = highest

    def _between(self, query: Last | Since | Between, end: int) -> Between:
        if isinstance(query, Between):
            return query
        if isinstance(query, Last):
            first, since = self._last(query.count, end), None
        else:
            first, since = self._first_at(query.at), query.at
        lowest = end if first is None else max(first, self._lowest(end))
        return Between(lowest, end, since)

    def _last(self, count: int, end: int) -> int | None:
        parameters = {"count": min(count, self.lines or count), "end": end}
        first: int | None = self._connection.execute(_LAST, parameters).fetchone()[0]
        return first

    def _first_at(self, at: float) -> int | None:
        sql = "SELECT min(id) FROM said INDEXED BY said_at WHERE at >= ?"
        first: int | None = self._connection.execute(sql, (milliseconds(at),)).fetchone()[0]
        return first

    def _oldest(self, end: int) -> int:
        """The number of the first line: imported ones may be below 1."""
        sql = "SELECT coalesce(min(id), ?) FROM said"
        return int(self._connection.execute(sql, (end,)).fetchone()[0])

    def _lowest(self, end: int) -> int:
        return end - self.lines if self.lines else -MOST

    def _lines(self, between: Between) -> Iterator[Numbered]:
        at = _at(between)
        row = between.first - ROW_LINES  # it may be inside of one
        while row < between.end:
            answer = self._connection.execute(_BETWEEN, (row, between.end, at)).fetchone()[0]
            numbered = _unpacked(answer)
            for number, line in numbered:
                if between.first <= number < between.end:
                    yield number, line
            if not numbered:
                return
            row = numbered[-1][0] + 1

    def _search(self, query: Search, end: int) -> Page:
        words, kept, note = query.words, self._lowest(end), ""
        (indexed,) = self._connection.execute("SELECT up_to FROM searchable").fetchone()
        lowest = max(end - LOOKED_THROUGH, kept)
        if expression := match(words):
            new = self._matching(words, _UNINDEXED, max(indexed, lowest), end, end)
            old = self._matching(words, _INDEXED, expression, min(indexed + 1, end), end)
            note = NOT_YET if lowest > indexed else ""
        else:
            new = self._matching(words, _UNINDEXED, lowest - ROW_LINES, end, end)
            old = iter(())
            note = CUT_SHORT if lowest > max(kept, self._oldest(end)) else ""
        newest = takewhile(lambda one: one[0] >= kept, chain(new, old))
        lines = [line for _, line in islice(newest, SHOWN)]
        return Page(tuple(reversed(lines)), None, note if len(lines) < SHOWN else "")

    def _matching(
        self, words: Sequence[str], candidates: str, where: str | int, row: int, end: int
    ) -> Iterator[Numbered]:
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


def end_of(connection: sqlite3.Connection) -> int:
    """The number that the next line gets: above all that are there or were made searchable."""
    row = connection.execute(
        "SELECT max((SELECT up_to + 1 FROM searchable), coalesce("
        "(SELECT id + lines FROM said ORDER BY id DESC LIMIT 1), 1))"
    ).fetchone()
    return int(row[0])


def _unpacked(answer: str) -> list[Numbered]:
    """The lines of some rows, in order, each with its number."""
    return [
        (number + place, Line(at / 1000, speaker, text))
        for number, at, speaker, said in sorted(json.loads(answer))
        for place, text in enumerate(said.split("\n"))
    ]


def _at(between: Between) -> int:
    return milliseconds(-math.inf if between.since is None else between.since)


def milliseconds(at: float) -> int:
    """A time as the file has it; any time, however far away."""
    return round(min(max(at, -(10.0**12)), 10.0**12) * 1000)
