"""A row of the table: a threat, and figures that must stay within their bounds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs


@attrs.frozen
class Figure:
    """Something measured. ``low`` and ``high`` are the bounds, in ``unit``; both still hold."""

    what: str
    value: float
    low: float = 0
    high: float = 0
    unit: str = ""
    about: str = ""
    """More on what was wrong, for whoever has to find out."""

    @property
    def ok(self) -> bool:
        return self.low <= self.value <= self.high

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        bound = f"{self.high:g}" if self.low in (0, self.high) else f"{self.low:g} to {self.high:g}"
        verdict = "" if self.ok else f" NOT OK {self.about}".rstrip()
        return f"{self.what} {self.value:.4g}{unit} ({bound}){verdict}"


def none_of(what: str, found: list[str]) -> Figure:
    """How many of something there must not be at all."""
    return Figure(what, len(found), about=" | ".join(found[:5]))


def all_of(what: str, count: int, wanted: int) -> Figure:
    """How many there were of something that must be there so many times."""
    return Figure(what, count, wanted, wanted)


@attrs.frozen
class Run:
    """How a row is to be run: in its short form or not, with files in ``where``."""

    where: Path
    short: bool

    def place(self, name: str) -> Path:
        """A fresh directory."""
        place = self.where / name
        place.mkdir(parents=True)
        return place


@attrs.frozen
class Row:
    """``threat``: a sentence."""

    name: str
    threat: str
    run: Callable[[Run], Iterator[Figure]]


ROWS: dict[str, Row] = {}
"""By name, in the order of the table."""

NOT_YET: dict[str, str] = {}
"""Rows of the table about what this version does not have."""


def row(
    name: str, threat: str
) -> Callable[[Callable[[Run], Iterator[Figure]]], Callable[[Run], Iterator[Figure]]]:
    """Put a function into the table."""

    def put(run: Callable[[Run], Iterator[Figure]]) -> Callable[[Run], Iterator[Figure]]:
        ROWS[name] = Row(name, threat, run)
        return run

    return put


def percentile(values: list[float], percent: float) -> float:
    """The value that ``percent`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
