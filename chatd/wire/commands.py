"""What a person asks for: lines to commands, and commands to lines.

``docs/protocol.md`` lists them. A line is told apart by its first word, in any case.
"""

import re
from collections.abc import Iterable

import attrs

from chatd.errors import Refused
from chatd.wire import orders
from chatd.wire.framing import Line, LineBuffer
from chatd.wire.orders import Ignore, Order, Pass, Unignore


@attrs.frozen
class Join:
    """Come in; ``name`` is empty for a guest."""

    name: str


@attrs.frozen
class Broadcast:
    """Say these lines to everyone."""

    lines: tuple[str, ...]


@attrs.frozen
class Message:
    """Say something to one person."""

    to: str
    text: str


@attrs.frozen
class ListPeople:
    """Who is in?"""


@attrs.frozen
class Quit:
    """Leave."""


@attrs.frozen
class Help:
    """What can be typed?"""


@attrs.frozen
class Ping:
    """Are you there?"""

    token: str


@attrs.frozen
class Recall:
    """Show lines of before; ``words``: which, as it was typed (see ``wire.recall``)."""

    words: str


@attrs.frozen
class Record:
    """Whether what I say is kept: ``what`` is on, off or forget, or empty to be told."""

    what: str


Command = (
    Join | Broadcast | Message | ListPeople | Quit | Help | Ping | Recall | Record | Pass | Ignore
    | Unignore | Order
)  # fmt: skip

HELP = (
    "PASS password: before JOIN, where one is needed",
    "JOIN name: come in under that name; JOIN alone: come in as a guest",
    "BCST text: say it to everyone",
    "MESG name text: say it to one person, in private",
    "LIST: who is here",
    "IGNORE name: see nothing of what they say; IGNORE: whom you ignore; UNIGNORE name",
    "PING word: the answer is PONG word",
    "HELP: this",
    "QUIT: leave",
)


_BARE: dict[str, Command] = {"LIST": ListPeople(), "QUIT": Quit(), "HELP": Help()}
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"  # which show nothing by themselves
_WORD = re.compile(r"[ \t]*([^ \t]+)(?:[ \t](.*))?\Z", re.DOTALL)
_PING = re.compile(rb"^[ \t]*PING(?:[ \t\r][^\n]*)?\n", re.IGNORECASE | re.MULTILINE)


def parse(line: str) -> Command | None:
    """The command in a cleaned line; None if the line is blank.

    Raises Refused (unknown-command, usage, empty).
    """
    verb, rest = _first_word(line)
    if not verb:
        return None
    match verb.upper():
        case "JOIN":
            return Join(rest.strip())
        case "BCST":
            return Broadcast((_something("BCST", rest),))
        case "MESG":
            return _message(rest)
        case "LIST" | "QUIT" | "HELP" as word:
            return _BARE[word]
        case "PING":
            return Ping(rest.strip())
        case "HIST" | "RECORD":
            return Recall(rest.strip()) if verb.upper() == "HIST" else Record(rest.strip().lower())
    if (order := orders.parse(verb.upper(), rest.strip())) is not None:
        return order
    raise Refused("unknown-command", "Nobody has seen that. HELP tells what can be typed.")


def write(command: Command) -> str:
    """The line, or lines, that ask for it, without a last line end."""
    match command:
        case Join(name):
            return f"JOIN {name}".rstrip()
        case Broadcast(lines):
            return "\r\n".join(f"BCST {line}" for line in lines)
        case Message(to, text):
            return f"MESG {to} {text}"
        case ListPeople() | Quit() | Help():
            return next(word for word, bare in _BARE.items() if bare == command)
        case Ping(token):
            return f"PING {token}".rstrip()
        case Recall(words):
            return f"HIST {words}".rstrip()
        case Record(what):
            return f"RECORD {what}".rstrip()
        case Pass() | Ignore() | Unignore() | Order():
            return orders.write(command)


class CommandReader:
    """Bytes in, commands out: the daemon's half of the wire.

    ``line_bytes``: see LineBuffer.
    """

    def __init__(self, line_bytes: int) -> None:
        self._lines = LineBuffer(line_bytes)

    @property
    def is_between(self) -> bool:
        """Whether nothing is held, and what comes next begins a line."""
        return self._lines.is_between

    @property
    def has_line(self) -> bool:
        """Whether ``take`` would give anything."""
        return self._lines.has_line

    @property
    def holds(self) -> int:
        """Bytes held, in whole lines and in the beginning of one."""
        return len(self._lines)

    def bound(self, line_bytes: int) -> None:
        """Another limit: see LineBuffer."""
        self._lines.bound(line_bytes)

    def feed(self, data: bytes) -> None:
        """More bytes."""
        self._lines.feed(data)

    def end(self) -> None:
        """No more bytes will come: what is left over counts as a line."""
        self._lines.end()

    def take(self, most: int) -> tuple[int, list[Command | Refused]]:
        """What the next lines ask for, at most ``most`` of them, and how many lines that was."""
        lines = self._lines.take(most)
        return len(lines), merged(lines)

    def take_pings(self, most: int) -> list[Command | Refused]:
        """The first PINGs, at most ``most``, from between the other lines, which stay."""
        return merged(self._lines.pull(_PING, most))


def merged(lines: Iterable[Line]) -> list[Command | Refused]:
    """Each line's command; lines said one directly after the other are one Broadcast."""
    commands: list[Command | Refused] = []
    said: list[str] = []
    for line in lines:
        command = _understood(line)
        if isinstance(command, Broadcast):
            said += command.lines
            continue
        if said:
            commands.append(Broadcast(tuple(said)))
            said = []
        if command is not None:
            commands.append(command)
    if said:
        commands.append(Broadcast(tuple(said)))
    return commands


def _understood(line: Line) -> Command | Refused | None:
    if isinstance(line, Refused):
        return line
    try:
        return parse(line)
    except Refused as refused:
        return refused


def _something(verb: str, text: str) -> str:
    if not text.strip().strip(_JOINERS).strip():
        raise Refused("empty", f"There is nothing after {verb} to say.")
    return text


def _message(rest: str) -> Message:
    to, text = _first_word(rest)
    if not to:
        raise Refused("usage", "Please type: MESG name text")
    return Message(to, _something(f"MESG {to}", text))


def _first_word(text: str) -> tuple[str, str]:
    """The first word, and all that follows the one blank or tab behind it."""
    match = _WORD.match(text)
    return (match[1], match[2] or "") if match else ("", "")
