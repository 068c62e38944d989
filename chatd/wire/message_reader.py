"""What is asked by a WebSocket: messages in, commands out.

A message is made the line that asks for the same on the line door, so there is one place that
says what a line may be. ``docs/web.md`` fixes the words.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from chatd.errors import Refused
from chatd.wire import orders
from chatd.wire.commands import Command, merged
from chatd.wire.framing import Line, too_long
from chatd.wire.text import clean

LONGEST_NAME = 100
"""Letters that may stand where a name is to, be it as long as one can be typed in any way."""

MOST_LINES = 500
"""Of one message that is said. Whoever has more sends more messages."""

Object = dict[str, Any]
PING = "PING "

_LINE_END = re.compile(r"\r\n|\r|\n")
_loaded = json.JSONDecoder().decode

Lines = tuple[str, Sequence[str]]
"""Lines of the line protocol: how each of them begins, and how they go on."""


def _said(asked: Object) -> Lines:
    return "BCST ", _texts(asked)


def _told(asked: Object) -> Lines:
    to = _word(asked, "to")
    if len(to) > LONGEST_NAME:  # once, and not for each of 500 lines
        raise _usage('"to" is a name')
    return f"MESG {to} ", _texts(asked)


def _texts(asked: Object) -> list[str]:
    """Of a text; where there is nothing in any of them, one that is empty, to be refused."""
    lines = [line for line in _LINE_END.split(_text(asked, "text")) if line.strip()]
    if len(lines) > MOST_LINES:
        raise Refused("usage", f"A message has at most {MOST_LINES} lines.")
    return lines or [""]


def _history(asked: Object) -> Lines:
    for key in ("since", "search"):
        if key in asked:
            return f"HIST {key} ", [_one_line(asked, key)]
    last = asked.get("last", "")
    if isinstance(last, bool) or not isinstance(last, int | str):
        raise _usage('"last" is a number')
    return "HIST ", [_plain(str(last))]


def _order(asked: Object) -> Lines:
    line = _one_line(asked, "line")
    verb = line.split(" ", 1)[0].upper()
    if verb not in orders.ORDERS:
        raise _usage(f'"line" is an order: {", ".join(orders.ORDERS)}')
    return "", [line]


ASKED: dict[str, Callable[[Object], Lines]] = {
    "pass": lambda asked: ("PASS ", [_one_line(asked, "password")]),
    "join": lambda asked: ("JOIN ", [_one_line(asked, "name", "")]),
    "say": _said,
    "tell": _told,
    "list": lambda _: ("LIST", [""]),
    "help": lambda _: ("HELP", [""]),
    "quit": lambda _: ("QUIT", [""]),
    "ping": lambda asked: (PING, [_one_line(asked, "token", "")]),
    "history": _history,
    "record": lambda asked: ("RECORD ", [_one_line(asked, "state", "")]),
    "ignore": lambda asked: ("IGNORE ", [_one_line(asked, "name", "")]),
    "unignore": lambda asked: ("UNIGNORE ", [_one_line(asked, "name", "")]),
    "order": _order,
}
"""By its type, the lines of the line protocol that ask for the same as a message."""


def lines_in(message: str) -> Lines:
    """The lines of the line protocol that ask for the same. Raises Refused (usage)."""
    try:
        asked = _loaded(message)
    except (ValueError, RecursionError):
        raise _usage("a message is JSON") from None
    kind = asked.get("type") if isinstance(asked, dict) else None
    if not isinstance(kind, str) or kind not in ASKED:
        raise _usage(f'a message is an object with a "type": {", ".join(ASKED)}')
    return ASKED[kind](asked)


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
    if word.split() != [word] or len(clean(word).split()) != 1:
        raise _usage(f'"{key}" is a name')
    return word


def _usage(what: str) -> Refused:
    return Refused("usage", f"This is not understood: {what}. docs/web.md has all of them.")


class _Ping(str):
    """A message that is known to be one."""

    __slots__ = ()


class MessageReader:
    """Messages in, commands out. ``line_bytes``: see LineBuffer.

    A message is kept as it came until its turn: understood, it may be many times as large.
    """

    def __init__(self, line_bytes: int) -> None:
        self._line_bytes = line_bytes
        self._messages: deque[str] = deque()
        self._begin = ""  # of each line of the message that is being taken…
        self._texts: deque[str] = deque()  # …and how those go on that are left of it
        self.holds = 0
        """Bytes that are held, at most."""

    @property
    def has_line(self) -> bool:
        """Whether ``take`` would give anything."""
        return bool(self._texts or self._messages)

    def bound(self, line_bytes: int) -> None:
        """Another limit, for what is taken from now on."""
        self._line_bytes = line_bytes

    def feed(self, message: str) -> None:
        """One more."""
        self._messages.append(_Ping(message) if _is_ping(message) else message)
        self.holds += _size(message)

    def take(self, most: int) -> tuple[int, list[Command | Refused]]:
        """What the next lines ask for, at most ``most`` of them, and how many lines that was."""
        lines: list[Line] = []
        while len(lines) < most and self.has_line:
            lines.append(self._next())
        return len(lines), merged(lines)

    def take_pings(self, most: int) -> list[Command | Refused]:
        """The first PINGs, at most ``most``, from between the other messages, which stay."""
        pings = [message for message in self._messages if isinstance(message, _Ping)][:most]
        for ping in pings:
            self._messages.remove(ping)
            self.holds -= _size(ping)
        return merged(self._read(begin + text) for begin, (text,) in map(lines_in, pings))

    def _next(self) -> Line:
        if not self._texts:
            message = self._messages.popleft()
            self.holds -= _size(message)
            try:
                self._begin, texts = lines_in(message)
            except Refused as refused:
                # as it is, it would refer to itself by way of us
                return Refused(refused.code, refused.sentence)
            self._texts.extend(texts)
        return self._read(self._begin + self._texts.popleft())

    def _read(self, line: str) -> Line:
        try:
            size = len(line.encode())
        except UnicodeEncodeError:  # JSON can have half a character
            return Refused("not-utf8", "That is not text. Nobody has seen it.")
        if self._line_bytes and size > self._line_bytes:
            return too_long(self._line_bytes)
        return clean(line)


def _size(message: str) -> int:
    return 50 + len(message) * (1 if message.isascii() else 4)


def _is_ping(message: str) -> bool:
    if '"ping"' not in message:
        return False
    try:
        return lines_in(message)[0] == PING
    except Refused:
        return False
