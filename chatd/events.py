"""What happened in the room, and what is answered to one person.

Facts in the past tense, never formatted text: each door decides how its people
read them. Names are the names as shown (``chatd.names.Name.shown``).
"""

import attrs


@attrs.frozen
class Joined:
    """Somebody came in."""

    name: str


@attrs.frozen
class Left:
    """Somebody went. ``why`` is for the log; the people in the room are not told."""

    name: str
    why: str = ""


@attrs.frozen
class Said:
    """Somebody said these lines to everyone, one directly after the other.

    They come together because whoever pastes or pipes many lines sends many at
    once, and a room is fast only if it handles them at once. Their order counts.
    """

    speaker: str
    lines: tuple[str, ...]


@attrs.frozen
class Announced:
    """The server itself said something."""

    text: str


@attrs.frozen
class Closed:
    """The room has shut: nobody will hear anything after this."""


Public = Joined | Left | Said | Announced | Closed


@attrs.frozen
class Whispered:
    """A private line. Only ``to`` gets it."""

    speaker: str
    to: str
    text: str


@attrs.frozen
class Greeted:
    """A connection was opened: what a newcomer reads first."""


@attrs.frozen
class Listed:
    """Who is in, in the order in which they came."""

    names: tuple[str, ...]


@attrs.frozen
class Helped:
    """What can be typed, a line each."""

    lines: tuple[str, ...]


@attrs.frozen
class Ponged:
    """The answer to PING."""

    token: str


@attrs.frozen
class Full:
    """No place in the room just now."""


@attrs.frozen
class Rejected:
    """Something was refused; see ``chatd.errors``. Other versions may know other codes."""

    code: str
    sentence: str


Private = Whispered | Greeted | Listed | Helped | Ponged | Full | Rejected | Announced
Event = Public | Private
