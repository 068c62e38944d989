"""What was said before: facts, as in ``chatd.client.facts``.

An answer of the room's history is any number of ``Said``, oldest first, with ``Began``
before the first of them and ``Ended`` behind the last. What is said in the meantime may
stand between them.
"""

from enum import Enum

import attrs


class Why(Enum):
    """What for lines of the past are shown."""

    BEFORE = "they were said before we came"
    MISSED = "they were said while we had lost the server"
    LAST = "somebody asked for the last ones"
    SINCE = "somebody asked for those since some time"
    FOUND = "somebody searched"
    UNASKED = "the server shows them unasked"

    @property
    def is_asked(self) -> bool:
        """Whether somebody waits for them."""
        return self in (Why.LAST, Why.SINCE, Why.FOUND)


@attrs.frozen
class Began:
    """Lines of the past follow. ``words``: what was asked for, as it was typed."""

    why: Why
    words: str = ""


@attrs.frozen
class Said:
    """It was said ``at`` so many seconds after 1970, UTC, by the server's clock, which may be
    wrong by any amount. ``calls``: see facts.OtherSaid."""

    at: float
    speaker: str
    text: str
    why: Why
    calls: tuple[tuple[int, int], ...] = ()


@attrs.frozen
class Ended:
    """That was all of it, so many lines."""

    why: Why
    count: int
    words: str = ""


@attrs.frozen
class Recording:
    """The server tells, in its own words, whether the room keeps what we say. ``kept``: the
    same for a face."""

    sentence: str
    kept: bool


Past = Began | Said | Ended | Recording
