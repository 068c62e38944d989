"""JSON for those who come by a WebSocket: a message for each thing that is told.

``docs/web.md`` fixes the words. What is asked is read by ``chatd.wire.message_reader``.
"""

import json
from collections.abc import Callable
from typing import Any

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

ROOM_FULL = "room-full"
"""The code of the refusal that has a sentence of its own on the line door."""

FULL = "The room is full just now. Please try again later."

END = "}\n"
"""How each message ends, and what else hardly a frame has in it: so they can be counted."""

Object = dict[str, Any]


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
