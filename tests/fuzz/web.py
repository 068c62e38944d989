"""What is thrown at the web door: frames, and messages in them."""

import json
import struct
import sys

from chatd.doors.web.frames import MESSAGE_BYTES, Frames
from chatd.errors import Refused
from chatd.wire.message_reader import MessageReader
from tests.fuzz.inputs import UNSEEN, Rand, chunks, damaged, word

LINE_BYTES = 1024
OPCODES = [0x81] * 6 + [0x01, 0x80, 0x00, 0x82, 0x88, 0x89, 0x8A, 0xC1, 0x83, 0x8F, 0x09]
TYPES = ["pass", "join", "say", "tell", "list", "help", "quit", "ping", "history", "record"]
TYPES += ["ignore", "unignore", "order", "BCST", ""]
KEYS = ["password", "name", "text", "to", "token", "last", "since", "search", "state", "line"]
VALUES: list[object] = [
    None,
    True,
    0,
    -1,
    1.5,
    1e308,
    [],
    {},
    [[]],
    "",
    "\n",
    "a\n\nb",
    "x" * 1030,
    "\ud800",
]
ENTRANCES = ["KICK anna", "BAN 10.0.0.0/8", "KICK\nBCST x", "on", "zoe x", "a\r\nb\rc", "\u2028"]


def _text(rand: Rand) -> str:
    return word(rand).decode("utf-8", rand.choice(["replace", "surrogateescape"]))


def _value(rand: Rand) -> object:
    kind = rand.random()
    if kind < 0.3:
        return rand.choice(VALUES)
    return rand.choice(ENTRANCES) if kind < 0.4 else _text(rand)


def message(rand: Rand) -> str:
    """Something that a page might say, or nearly."""
    asked: dict[str, object] = {rand.choice(KEYS): _value(rand) for _ in range(rand.randrange(4))}
    asked["type"] = rand.choice(TYPES) if rand.random() < 0.95 else _value(rand)
    made = json.dumps(asked, ensure_ascii=rand.random() < 0.5)
    if rand.random() < 0.2:
        made = damaged(rand, made.encode("utf-8", "replace")).decode("utf-8", "replace")
    return made


def frame(rand: Rand) -> bytes:
    """A frame, or nearly."""
    data = message(rand).encode("utf-8", "replace") if rand.random() < 0.7 else word(rand)
    first = rand.choice(OPCODES)
    if first & 0x08:
        data = struct.pack("!H", rand.choice([1000, 1001, 999, 4000])) + data[: rand.choice([0, 9])]
    size = len(data)
    length = bytes([0x80 | size]) if size < 126 else struct.pack("!BH", 0xFE, size)
    if rand.random() < 0.03:
        length = struct.pack("!BQ", 0xFF, rand.choice([size, 1 << 40, MESSAGE_BYTES + 1]))
    mask = rand.randbytes(4)
    masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))
    return bytes([first]) + length + mask + masked


def _taken(parts: list[bytes]) -> tuple[list[str], bool]:
    frames, found = Frames(0.0), list[str]()
    for part in parts:
        found += frames.feed(part, 0.0)
    frames.to_send()
    return found, frames.is_over


def frames(rand: Rand) -> int:
    """Bytes to messages: the same however they are cut, and none that is too large."""
    data = b"".join(frame(rand) for _ in range(rand.randrange(1, 6)))
    if rand.random() < 0.2:
        data = damaged(rand, data)
    whole = _taken([data])
    parts = chunks(rand, data)
    assert _taken(parts) == whole, parts
    assert all(len(one.encode()) <= MESSAGE_BYTES for one in whole[0])
    return len(data)


def messages(rand: Rand) -> int:
    """Messages to commands: nothing but text in them, and what is held is counted."""
    made = [message(rand) for _ in range(rand.randrange(1, 4))]
    reader = MessageReader(LINE_BYTES)
    for one in made:
        reader.feed(one)
    assert reader.holds >= sum(map(len, made))
    reader.take_pings(2)
    while reader.has_line:
        for command in reader.take(1000)[1]:
            if not isinstance(command, Refused):
                assert not UNSEEN.search(str(command).replace("\\t", " ")), (made, command)
    assert reader.holds == 0
    return sum(map(sys.getsizeof, made))
