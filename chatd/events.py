"""What happened in the room, and what is answered to one person.

Facts in the past tense, never formatted text: each door decides how its people
read them. Names are the names as shown (``chatd.names.Name.shown``).
"""

import attrs

from chatd.lines import Line


@attrs.frozen
class Joined:
    """Somebody came in. ``host``, where they come from, is for the log only."""

    name: str
    host: str = attrs.field(default="", eq=False)


@attrs.frozen
class Left:
    """Somebody went. ``why`` and ``host`` are for the log; the people in the room are not told."""

    name: str
    why: str = ""
    host: str = attrs.field(default="", eq=False)


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
class Recalled:
    """Some of the public lines of before that were asked for, oldest first."""

    lines: tuple[Line, ...]


@attrs.frozen
class RecallEnded:
    """All the lines of before that were asked for have been shown."""


@attrs.frozen
class Recording:
    """Whether what they say is kept: ``state`` is on or off; forget: what was kept is gone."""

    state: str
    sentence: str


@attrs.frozen
class Full:
    """No place in the room just now."""


@attrs.frozen
class Rejected:
    """Something was refused; see ``chatd.errors``. Other versions may know other codes."""

    code: str
    sentence: str


Answer = Listed | Helped | Ponged | Recalled | RecallEnded | Recording
Private = Whispered | Greeted | Answer | Full | Rejected | Announced
Event = Public | Private
