"""What the daemon says: events to lines, and lines to events.

``docs/protocol.md`` fixes the words. Rendering gives bytes, each line ended by CR LF;
reading takes one line, cleaned and without its end.
"""

import re
from collections.abc import Callable
from typing import Any

from chatd.events import (
    Announced,
    Closed,
    Event,
    Full,
    Greeted,
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
from chatd.lines import Line, moment, stamp

END = "\r\n"
CLOSING = "the chat is closing"
PROMPT = "Enter JOIN followed by your username: JOIN username"
FULL = "Sorry the chat is full, please try later"


def _said(event: Said) -> str:
    start = f"{event.speaker}: BCST "
    return start + (END + start).join(event.lines)


def _recalled(event: Recalled) -> str:
    return END.join(
        f"HIST {stamp(line.at)} {line.speaker}: BCST {line.text}" for line in event.lines
    )


_LINES: dict[type, Callable[[Any], str]] = {
    Said: _said,
    Joined: lambda event: f"SERVER: {event.name} joined the chat!",
    Left: lambda event: f"{event.name} has left the chat",
    Announced: lambda event: f"SERVER: {event.text}",
    Closed: lambda _: f"SERVER: {CLOSING}",
    Whispered: lambda event: f"{event.speaker}: MESG {event.to} {event.text}",
    Greeted: lambda _: PROMPT,
    Full: lambda _: FULL,
    Listed: lambda event: "Online: " + ", ".join(event.names),
    Helped: lambda event: END.join(f"HELP {line}" for line in event.lines),
    Ponged: lambda event: f"PONG {event.token}".rstrip(),
    Recalled: _recalled,
    RecallEnded: lambda _: "HIST end",
    Recording: lambda event: f"RECORD {event.state}: {event.sentence}",
    Rejected: lambda event: f"ERROR {event.code}: {event.sentence}",
}


def render(event: Event) -> bytes:
    """The event as people on the line door read it."""
    return (_LINES[type(event)](event) + END).encode()


_NAME = r"(<[^<>\s]+>|[^\s:<>]+)"
_TIME = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"


def _read_recalled(time: str, name: str, text: str) -> Event | None:
    try:
        return Recalled((Line(moment(time), name, text),))
    except ValueError:
        return None


_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Event | None]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (_NAME + r": BCST (.*)", lambda name, text: Said(name, (text,))),
        (_NAME + r": MESG (\S+) (.*)", Whispered),
        (r"SERVER: " + _NAME + r" joined the chat!", Joined),
        (_NAME + r" has left the chat", Left),
        (r"SERVER: " + CLOSING, Closed),
        (r"SERVER: (.*)", Announced),
        (r"Online: (.*)", lambda names: Listed(tuple(filter(None, names.split(", "))))),
        (r"ERROR ([a-z0-9-]+): (.*)", Rejected),
        (r"PONG ?(.*)", Ponged),
        (r"HELP (.*)", lambda line: Helped((line,))),
        (r"HIST " + _TIME + " " + _NAME + r": BCST (.*)", _read_recalled),
        (r"HIST end", RecallEnded),
        (r"RECORD (\w+): (.*)", Recording),
        (re.escape(FULL), Full),
        (re.escape(PROMPT), Greeted),
    )
)


def read(line: str) -> Event | None:
    """The event that a line tells of; None for a line that this version does not know."""
    for pattern, make in _FORMS:
        if match := pattern.fullmatch(line):
            return make(*match.groups())
    return None
