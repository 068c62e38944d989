"""What the person at this end is told: facts in the past tense, never formatted text.

A face (a terminal, a window) decides how they read. ``text`` has been cleaned of all
that could do more than be read (``chatd.wire.text``); a sentence is ready to be shown.
"""

import attrs

from chatd.client.password import PasswordAsked
from chatd.client.past import Past
from chatd.client.stranger import CertificateRefused, CertificateShown, TrustAsked


@attrs.frozen
class OwnSaid:
    """The server has sent our own line to everyone: the receipt for it."""

    text: str


@attrs.frozen
class OtherSaid:
    """Somebody else said it to everyone. ``calls``: where in it our name stands."""

    speaker: str
    text: str
    calls: tuple[tuple[int, int], ...] = ()


@attrs.frozen
class OwnWhispered:
    """The server has given our private line to ``to``."""

    to: str
    text: str


@attrs.frozen
class OtherWhispered:
    """Somebody wrote to us alone."""

    speaker: str
    text: str


@attrs.frozen
class CameIn:
    """Somebody else joined."""

    name: str


@attrs.frozen
class WentOut:
    """Somebody else left."""

    name: str


@attrs.frozen
class PeopleListed:
    """Who is in."""

    names: tuple[str, ...]


@attrs.frozen
class ServerSaid:
    """A line of the server's own, or one that this version does not know."""

    text: str


@attrs.frozen
class Entered:
    """We are in, under this name; ``again``: after we had lost the server. ``helps``:
    whether somebody is there who might want to know what can be typed."""

    name: str
    again: bool = False
    helps: bool = False


@attrs.frozen
class NameRefused:
    """We can't come in under this name."""

    name: str
    sentence: str


@attrs.frozen
class RoomWasFull:
    """There is no place for us."""


@attrs.frozen
class NotBackYet:
    """We can't come in again yet, most likely because our old connection is not noticed
    to be dead; it is tried again without anybody's help."""

    sentence: str


@attrs.frozen
class LineRefused:
    """A line was not passed on. ``number``: which line of the input it was, from 1; 0 for
    a typed one."""

    sentence: str
    text: str = ""
    number: int = 0


@attrs.frozen
class Connecting:
    """It takes a while to come in."""

    where: str


@attrs.frozen
class ConnectionFailed:
    """The server could not be reached. ``again``: it is tried again by itself."""

    reason: str
    again: bool


@attrs.frozen
class ConnectionLost:
    """The server is gone. ``again``: see ConnectionFailed."""

    reason: str
    again: bool


@attrs.frozen
class KeptUnsent:
    """A line has not reached the server and is kept. ``perhaps``: it was on its way when
    the connection was lost, and may have arrived after all."""

    text: str
    to: str = ""
    perhaps: bool = False


@attrs.frozen
class UnsentWaiting:
    """We are in again, and so many lines are unsent: /send or /drop?"""

    count: int


@attrs.frozen
class UnsentDropped:
    """So many unsent lines are forgotten."""

    count: int


@attrs.frozen
class PasteDropped:
    """So many pasted lines were not said."""

    count: int


@attrs.frozen
class Stayed:
    """We have thought better of leaving."""


@attrs.frozen
class InterruptedOnce:
    """A second Ctrl-C in the next moment leaves."""


@attrs.frozen
class WaitingToLeave:
    """We leave when the server has so many lines more."""

    count: int


@attrs.frozen
class Undelivered:
    """We are gone, and of so many lines it is not certain that the server has them."""

    count: int


@attrs.frozen
class Explained:
    """What was typed can't be done, or is answered here, for this reason."""

    sentence: str


@attrs.frozen
class HelpShown:
    """What can be typed was asked for."""


@attrs.frozen
class ScreenCleared:
    """An empty screen was asked for."""


# Questions: what is typed next is the answer.


@attrs.frozen
class LeaveAsked:
    """Leave? So many lines are unsent."""

    unsent: int = 0


@attrs.frozen
class NameAsked:
    """Under which name?"""


@attrs.frozen
class TryAgainAsked:
    """The room was full. Try again?"""


@attrs.frozen
class PasteAsked:
    """Say all these lines? ``commands``: how many of them would have been commands, had
    they been typed one by one."""

    lines: tuple[str, ...]
    commands: int = 0


Question = LeaveAsked | NameAsked | TryAgainAsked | PasteAsked | TrustAsked | PasswordAsked

Fact = (
    OwnSaid | OtherSaid | OwnWhispered | OtherWhispered | CameIn | WentOut | PeopleListed
    | ServerSaid | Entered | NameRefused | RoomWasFull | NotBackYet | LineRefused
    | Connecting | ConnectionFailed | ConnectionLost | KeptUnsent | UnsentWaiting | UnsentDropped
    | PasteDropped | Stayed | InterruptedOnce | WaitingToLeave | Undelivered | Explained
    | HelpShown | ScreenCleared | CertificateShown | CertificateRefused | Question | Past
)  # fmt: skip
