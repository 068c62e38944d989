"""What is done to the SQLite file, each a transaction of its own and small.

A statement takes many rows, for the reason that ``reading`` gives.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain

from chatd.history.reading import ROW_LINES
from chatd.history.waiting import Heard

ROW_CHARACTERS = 8192
"""A row is no longer than this, or it has one line."""

AT_ONCE = (100, 10, 1)
"""Rows given to SQLite at a time: as few statements as can be, and few kinds of them."""

STEP_ROWS = 500
"""Rows that are removed in one step."""

FREE_PAGES = 1000
"""So much room in the file is kept for what comes; beyond that the file is made smaller."""

_REMOVE_BY_NUMBER = """
DELETE FROM said WHERE id IN (
    SELECT id FROM said WHERE id < :lowest AND id + lines <= :lowest ORDER BY id LIMIT :rows
)
"""
_REMOVE_BY_TIME = "DELETE FROM said WHERE id IN (SELECT id FROM said WHERE at < ? LIMIT ?)"
_REMOVE_BY_VISIT = "DELETE FROM said WHERE id IN (SELECT id FROM said WHERE visit = ? LIMIT ?)"
_NOT_SEARCHABLE = """
SELECT sum(lines), max(id) FROM (
    SELECT id, lines, sum(lines) OVER (ORDER BY id) AS total FROM (
        SELECT id, lines FROM said
        WHERE id > (SELECT up_to FROM searchable) ORDER BY id LIMIT :lines
    )
) WHERE total - lines < :lines
"""
_MAKE_SEARCHABLE = """
INSERT INTO words (rowid, text)
SELECT id, text FROM said WHERE id > (SELECT up_to FROM searchable) AND id <= ?
"""
_BEFORE_ALL = """
UPDATE searchable SET up_to = min(0, (SELECT coalesce(min(id), 1) FROM said) - 1)
"""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def add(connection: sqlite3.Connection, heard: Sequence[Heard], number: int) -> int:
    """Write what was said; the first line gets this number. Gives the one after the last."""
    rows: list[tuple[object, ...]] = []
    for one in heard:
        for lines in portions(one.lines):
            text = "\n".join(lines)
            rows.append((number, one.at, one.visit, one.speaker, len(lines), text))
            number += len(lines)
    start = 0
    for count in AT_ONCE:
        while len(rows) - start >= count:
            values = list(chain.from_iterable(rows[start : start + count]))
            connection.execute(_insert(count), values)
            start += count
    return number


@cache
def _insert(count: int) -> str:
    return "INSERT INTO said VALUES " + ", ".join(["(?, ?, ?, ?, ?, ?)"] * count)


def portions(lines: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Lines that were said at once, as many together as a row may have."""
    start = size = 0
    for place, line in enumerate(lines):
        if place > start and (place - start == ROW_LINES or size + len(line) > ROW_CHARACTERS):
            yield lines[start:place]
            start, size = place, 0
        size += len(line)
    yield lines[start:]


def remove_below(connection: sqlite3.Connection, lowest: int, rows: int = STEP_ROWS) -> bool:
    """Some rows of which all lines have numbers below this. Whether there were that many."""
    done = connection.execute(_REMOVE_BY_NUMBER, {"lowest": lowest, "rows": rows})
    return done.rowcount == rows


def remove_before(connection: sqlite3.Connection, at: int) -> bool:
    """Some rows that were said before this time, by milliseconds since 1970; as above."""
    return connection.execute(_REMOVE_BY_TIME, (at, STEP_ROWS)).rowcount == STEP_ROWS


def remove_visit(connection: sqlite3.Connection, visit: int) -> bool:
    """Some rows of one stay of one person; as above."""
    return connection.execute(_REMOVE_BY_VISIT, (visit, STEP_ROWS)).rowcount == STEP_ROWS


def lines_of(connection: sqlite3.Connection, visit: int) -> int:
    """How many lines are there of one stay of one person."""
    sql = "SELECT coalesce(sum(lines), 0) FROM said WHERE visit = ?"
    return int(connection.execute(sql, (visit,)).fetchone()[0])


def make_searchable(connection: sqlite3.Connection, lines: int) -> bool:
    """Put the next ``lines`` lines into the index, if there are as many. Whether there were.

    The few that are not in it yet are looked through by whoever searches, which takes no time.
    In portions the index costs half of what it costs line by line.
    """
    found, last = connection.execute(_NOT_SEARCHABLE, {"lines": lines}).fetchone()
    if (found or 0) < lines:
        return False
    with transaction(connection):
        connection.execute(_MAKE_SEARCHABLE, (last,))
        connection.execute("UPDATE searchable SET up_to = ?", (last,))
    return True


def forget_index(connection: sqlite3.Connection) -> None:
    """Begin the index anew: all rows will be put into it again, imported ones below 1 too."""
    with transaction(connection):
        connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
        connection.execute(_BEFORE_ALL)


def give_back(connection: sqlite3.Connection) -> bool:
    """Make a file smaller that has much room to spare. Whether it had."""
    if connection.execute("PRAGMA freelist_count").fetchone()[0] <= FREE_PAGES:
        return False
    connection.execute("PRAGMA incremental_vacuum(100)").fetchall()
    return True
