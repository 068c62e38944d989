"""What is in a history, in figures."""

import sqlite3
from collections import Counter
from pathlib import Path

import attrs

from chatd.archive.formats import Zone
from chatd.history.file import family
from chatd.names import key_of

BUSIEST = 10

_ALL = "SELECT coalesce(sum(lines), 0), min(at), max(at) FROM said"
_SPEAKERS = "SELECT speaker, sum(lines) FROM said GROUP BY speaker"


@attrs.frozen
class Figures:
    """``first``, ``last``: seconds since 1970, None where nothing is kept. ``speakers``: lines
    of each, the spelling with the most of them standing for all of a name's spellings."""

    lines: int
    first: float | None
    last: float | None
    speakers: tuple[tuple[str, int], ...]
    size: int


def count(connection: sqlite3.Connection, path: Path) -> Figures:
    """Raises sqlite3.Error, and OSError."""
    lines, first, last = connection.execute(_ALL).fetchone()
    totals: Counter[str] = Counter()
    shown: dict[str, str] = {}
    found = connection.execute(_SPEAKERS).fetchall()
    for speaker, said in sorted(found, key=lambda one: one[1]):
        totals[key_of(speaker)] += said
        shown[key_of(speaker)] = speaker
    speakers = tuple((shown[key], said) for key, said in totals.most_common())
    size = sum(one.stat().st_size for one in family(path))
    return Figures(lines, _seconds(first), _seconds(last), speakers, size)


def words(figures: Figures, zone: Zone) -> list[str]:
    """For people, a line each."""
    said = [f"lines: {figures.lines}"]
    if figures.first is not None and figures.last is not None:
        first, last = zone.second(figures.first), zone.second(figures.last)
        said.append(f"from: {first} to {last} ({zone.name})")
    said.append(f"people: {len(figures.speakers)}")
    said += [f"  {lines:>9} {speaker}" for speaker, lines in figures.speakers[:BUSIEST]]
    if len(figures.speakers) > BUSIEST:
        said.append(f"            and {len(figures.speakers) - BUSIEST} others")
    return [*said, f"file: {figures.size / 1e6:.1f} MB"]


def _seconds(at: int | None) -> float | None:
    return None if at is None else at / 1000
