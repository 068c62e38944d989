"""JSON for those who come by a WebSocket: a message for each thing that is asked, or told.

``docs/web.md`` fixes the words. What is asked is made the line that asks for it on the line
door, so there is one place that says what a line may be; what is told is an object each.
"""

import json
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from chatd.errors import Refused
from chatd.events import (
    Announced,
    Closed,
    Event,
    Full,
    Helped,
    Joined,
    Left,
    Listed,
    Ponged,
    Recalled,
    RecallEnded,
    Recording,
    Rejected,
    Said,
    Whispered,
)
from chatd.lines import stamp
from chatd.wire import orders
from chatd.wire.commands import Command, merged
from chatd.wire.framing import Line, too_long
from chatd.wire.text import clean

ROOM_FULL = "room-full"
"""The code of the refusal that has a sentence of its own on the line door."""

FULL = "The room is full just now. Please try again later."

END = "}\n"
"""How each message ends, and what else no frame has in it: so they can be counted."""

LONGEST_NAME = 100
"""Letters that may stand where a name is to, be it as long as one can be typed in any way."""

MOST_LINES = 500
"""Of one message that is said. Whoever has more sends more messages."""

Object = dict[str, Any]
_LINE_END = re.compile(r"\r\n|\r|\n")
_loaded = json.JSONDecoder().decode


# What is asked.


def _said(asked: Object) -> Iterable[str]:
    return (f"BCST {line}" for line in _lines(asked))


def _told(asked: Object) -> Iterable[str]:
    to = _word(asked, "to")
    if len(to) > LONGEST_NAME:  # or 500 lines would have it in each
        raise _usage('"to" is a name')
    return (f"MESG {to} {line}" for line in _lines(asked))


def _lines(asked: Object) -> list[str]:
    """Of a text; where there is nothing in any of them, one that is empty, to be refused."""
    lines = [line for line in _LINE_END.split(_text(asked, "text")) if line.strip()]
    if len(lines) > MOST_LINES:
        raise Refused("usage", f"A message has at most {MOST_LINES} lines.")
    return lines or [""]


def _history(asked: Object) -> Iterable[str]:
    for key in ("since", "search"):
        if key in asked:
            return [f"HIST {key} {_one_line(asked, key)}"]
    last = asked.get("last", "")
    if isinstance(last, bool) or not isinstance(last, int | str):
        raise _usage('"last" is a number')
    return [f"HIST {_plain(str(last))}"]


def _order(asked: Object) -> Iterable[str]:
    line = _one_line(asked, "line")
    verb = line.split(" ", 1)[0].upper()
    if verb not in orders.ORDERS:
        raise _usage(f'"line" is an order: {", ".join(orders.ORDERS)}')
    return [line]


ASKED: dict[str, Callable[[Object], Iterable[str]]] = {
    "pass": lambda asked: [f"PASS {_one_line(asked, 'password')}"],
    "join": lambda asked: [f"JOIN {_one_line(asked, 'name', '')}"],
    "say": _said,
    "tell": _told,
    "list": lambda _: ["LIST"],
    "help": lambda _: ["HELP"],
    "quit": lambda _: ["QUIT"],
    "ping": lambda asked: [f"PING {_one_line(asked, 'token', '')}"],
    "history": _history,
    "record": lambda asked: [f"RECORD {_one_line(asked, 'state', '')}"],
    "ignore": lambda asked: [f"IGNORE {_one_line(asked, 'name', '')}"],
    "unignore": lambda asked: [f"UNIGNORE {_one_line(asked, 'name', '')}"],
    "order": _order,
}
"""By its type, the lines of the line protocol that ask for the same as a message."""


def lines_in(message: str) -> list[str]:
    """The lines of the line protocol that ask for the same. Raises Refused (usage)."""
    try:
        asked = _loaded(message)
    except (ValueError, RecursionError):
        raise _usage("a message is JSON") from None
    kind = asked.get("type") if isinstance(asked, dict) else None
    if not isinstance(kind, str) or kind not in ASKED:
        raise _usage(f'a message is an object with a "type": {", ".join(ASKED)}')
    return list(ASKED[kind](asked))


def _text(asked: Object, key: str, default: str | None = None) -> str:
    value = asked.get(key, default)
    if not isinstance(value, str):
        raise _usage(f'"{key}" is a text')
    return value


def _one_line(asked: Object, key: str, default: str | None = None) -> str:
    return _plain(_text(asked, key, default))


def _plain(text: str) -> str:
    if _LINE_END.search(text):
        raise _usage("only what is said has several lines")
    return text


def _word(asked: Object, key: str) -> str:
    """What has to stay one word, lest the rest of it be taken for what is said."""
    word = _one_line(asked, key)
    if word.split() != [word]:
        raise _usage(f'"{key}" is a name')
    return word


def _usage(what: str) -> Refused:
    return Refused("usage", f"This is not understood: {what}. docs/web.md has all of them.")


class MessageReader:
    """Messages in, commands out. ``line_bytes``: see LineBuffer."""

    def __init__(self, line_bytes: int) -> None:
        self._line_bytes = line_bytes
        self._lines: deque[Line] = deque()
        self.holds = 0
        """Bytes that are held, or somewhat less: what is refused counts little."""

    @property
    def has_line(self) -> bool:
        """Whether ``take`` would give anything."""
        return bool(self._lines)

    def bound(self, line_bytes: int) -> None:
        """Another limit, for what comes from now on."""
        self._line_bytes = line_bytes

    def feed(self, message: str) -> None:
        """One more."""
        try:
            lines: list[Line] = [self._read(line) for line in lines_in(message)]
        except Refused as refused:
            # as it is, it would refer to itself by way of us
            lines = [Refused(refused.code, refused.sentence)]
        self._lines.extend(lines)
        self.holds += sum(map(_size, lines))

    def take(self, most: int) -> tuple[int, list[Command | Refused]]:
        """What the next lines ask for, at most ``most`` of them, and how many lines that was."""
        lines = [self._lines.popleft() for _ in range(min(most, len(self._lines)))]
        self.holds -= sum(map(_size, lines))
        return len(lines), merged(lines)

    def take_pings(self, most: int) -> list[Command | Refused]:
        """The first PINGs, at most ``most``, from between the other lines, which stay."""
        pings = [line for line in self._lines if isinstance(line, str) and _is_ping(line)][:most]
        for ping in pings:
            self._lines.remove(ping)
            self.holds -= _size(ping)
        return merged(pings)

    def _read(self, line: str) -> Line:
        try:
            size = len(line.encode())
        except UnicodeEncodeError:  # JSON can have half a character
            return Refused("not-utf8", "That is not text. Nobody has seen it.")
        if self._line_bytes and size > self._line_bytes:
            return too_long(self._line_bytes)
        return clean(line)


def _is_ping(line: str) -> bool:
    return line.startswith("PING ")


def _size(line: Line) -> int:
    return sys.getsizeof(line) if isinstance(line, str) else 64  # a letter has 1 to 4 bytes


# What is told.


def _recalled(event: Recalled) -> list[Object]:
    return [{"at": stamp(one.at), "name": one.speaker, "text": one.text} for one in event.lines]


_TOLD: dict[type, Callable[[Any], Object]] = {
    Joined: lambda event: {"type": "joined", "name": event.name},
    Left: lambda event: {"type": "left", "name": event.name},
    Announced: lambda event: {"type": "announced", "text": event.text},
    Closed: lambda _: {"type": "closed"},
    Listed: lambda event: {"type": "people", "names": event.names},
    Helped: lambda event: {"type": "help", "lines": event.lines},
    Ponged: lambda event: {"type": "pong", "token": event.token},
    Recalled: lambda event: {"type": "recalled", "lines": _recalled(event)},
    RecallEnded: lambda _: {"type": "history-end"},
    Recording: lambda event: {"type": "record", "state": event.state, "text": event.sentence},
    Full: lambda _: {"type": "error", "code": ROOM_FULL, "text": FULL},
    Rejected: lambda event: {"type": "error", "code": event.code, "text": event.sentence},
}


def render(event: Event, at: str) -> list[str]:
    """The messages that tell of it; ``at``: the moment, as ``chatd.lines.stamp`` has it."""
    if isinstance(event, Said):
        head = f'{{"type":"said","at":"{at}","name":{_dumped(event.speaker)},"text":'
        return [head + _dumped(line) + END for line in event.lines]
    if isinstance(event, Whispered):
        told = {"type": "told", "at": at, "name": event.speaker, "to": event.to}
        return [written({**told, "text": event.text})]
    return [written(_TOLD[type(event)](event))]


def written(message: Object) -> str:
    """A message as it goes out."""
    return _dumped(message) + "\n"


_dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
