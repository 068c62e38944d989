"""Public lines of before: what one is, what can be asked for, and how their time is written.

Values only. A history keeps the lines, a door asks for them, the wire shows them.
"""

from datetime import UTC, datetime
from functools import lru_cache

import attrs


@attrs.frozen
class Line:
    """What somebody said to everyone. ``at``: seconds since 1970, UTC, by the wall clock."""

    at: float
    speaker: str
    text: str


@attrs.frozen
class Last:
    """The last so many lines."""

    count: int


@attrs.frozen
class Since:
    """Every line said at this time or later; ``at`` as in Line."""

    at: float


@attrs.frozen
class Search:
    """The newest lines in which every word is found, in any case, also inside of words."""

    words: tuple[str, ...]


@attrs.frozen
class Between:
    """The lines numbered from ``first`` to before ``end``, in the order of the room.

    ``since``: only those said at this time or later. Numbers are a history's own business:
    this is how it says what is left of an answer.
    """

    first: int
    end: int
    since: float | None = None


Query = Last | Since | Search | Between


@attrs.frozen
class Page:
    """A part of an answer, oldest line first.

    ``rest``: what to ask for the next part, None where this is the last. ``note``: what the
    asker should know about the answer, a sentence.
    """

    lines: tuple[Line, ...]
    rest: Between | None = None
    note: str = ""


def stamp(at: float) -> str:
    """How a time is written, to the second: 2026-11-20T21:33:01Z."""
    return _stamp(int(at // 1))


@lru_cache(maxsize=1024)
def _stamp(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> float:
    """The time that is written so, or in any other form of ISO 8601; without a zone it is UTC.

    Raises ValueError.
    """
    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a time such as 2026-11-20T21:00Z") from None
