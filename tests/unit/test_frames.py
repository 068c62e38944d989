"""WebSocket's frames: however they are cut, they are the same messages."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import CloseCode, Frame, Opcode

from chatd.doors.web.frames import Frames, frame

NOW = 0.0
MASK = b"\x01\x80\xff\n"
SIZES = (1, 2, 124, 125, 126, 127, 200, 65535, 65536)


def sent(opcode: Opcode, text: str, fin: bool = True) -> bytes:
    return Frame(opcode, text.encode(), fin).serialize(mask=True)


def in_pieces(text: str) -> bytes:
    """Two fragments, and a ping between them."""
    first, second = text[:2], text[2:]
    head = sent(Opcode.TEXT, first, fin=False)
    return head + sent(Opcode.PING, "?") + sent(Opcode.CONT, second)


def roundabout(text: str) -> bytes:
    """With its length written in eight bytes, where one would do: few do it."""
    data = text.encode()
    hidden = bytes(byte ^ MASK[n % 4] for n, byte in enumerate(data))
    return b"\x81\xff" + len(data).to_bytes(8, "big") + MASK + hidden


WAYS = (lambda text: sent(Opcode.TEXT, text), in_pieces, roundabout)


def read(frames: Frames, pieces: list[bytes]) -> list[str]:
    return [message for piece in pieces for message in frames.feed(piece, NOW)]


@given(data=st.data())
def test_messages_cut_anywhere(data: Any) -> None:
    """However they are framed and wherever the network cuts them."""
    text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
    messages = data.draw(st.lists(text, max_size=6))
    ways = data.draw(
        st.lists(st.sampled_from(WAYS), min_size=len(messages), max_size=len(messages))
    )
    stream = b"".join(way(message) for way, message in zip(ways, messages, strict=True))
    cuts = sorted({0, len(stream), *data.draw(st.lists(st.integers(0, len(stream)), max_size=8))})
    pieces = [stream[a:b] for a, b in pairwise(cuts)]
    frames = Frames(NOW)
    assert read(frames, pieces) == messages
    assert not frames.is_over


def test_bytes_one_by_one() -> None:
    """And then many at once: both ways are taken on one connection."""
    texts = ["a" * size for size in (1, 125, 126, 300)]
    stream = b"".join(sent(Opcode.TEXT, text) for text in texts)
    frames = Frames(NOW)
    assert read(frames, [bytes([byte]) for byte in stream]) == texts
    assert read(frames, [stream]) == texts
    assert read(frames, [stream[:3], stream[3:]]) == texts


@pytest.mark.parametrize("size", [0, *SIZES])
def test_what_is_told(size: int) -> None:
    """Is framed as the library would, whatever its size."""
    text = "ä" * (size // 2) + "a" * (size % 2)
    assert frame(text) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


@pytest.mark.parametrize("size", SIZES)
def test_every_way_to_write_a_length(size: int) -> None:
    """Up to as long as a message may be."""
    assert read(Frames(NOW), [sent(Opcode.TEXT, "a" * size)]) == ["a" * size]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (Frame(Opcode.TEXT, b"hi").serialize(mask=False), CloseCode.PROTOCOL_ERROR),
        (b"\xc1\x82" + MASK + b"hi", CloseCode.PROTOCOL_ERROR),
        (sent(Opcode.CONT, "hi"), CloseCode.PROTOCOL_ERROR),
        (sent(Opcode.TEXT, "h", fin=False) + sent(Opcode.TEXT, "i"), CloseCode.PROTOCOL_ERROR),
        (Frame(Opcode.TEXT, b"\xff").serialize(mask=True), CloseCode.INVALID_DATA),
        (Frame(Opcode.BINARY, b"hi").serialize(mask=True), CloseCode.UNSUPPORTED_DATA),
        (sent(Opcode.TEXT, "a" * 65537), CloseCode.MESSAGE_TOO_BIG),
    ],
)
def test_what_breaks_the_rules(bad: bytes, code: CloseCode) -> None:
    """What came before it counts, what comes after it does not, and they are told why."""
    good = sent(Opcode.TEXT, "good")
    frames = Frames(NOW)
    assert read(frames, [good + bad + good, good]) == ["good"]
    assert frames.is_over
    assert frames.fault.endswith(f": {int(code)}")
    assert frames.to_send()[2:4] == int(code).to_bytes(2, "big")


def test_a_message_within_another() -> None:
    """Is a fault, although the one within comes whole and by itself."""
    frames = Frames(NOW)
    assert read(frames, [sent(Opcode.TEXT, "h", fin=False), sent(Opcode.TEXT, "i")]) == []
    assert frames.fault.endswith(f": {int(CloseCode.PROTOCOL_ERROR)}")
