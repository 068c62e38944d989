"""WebSocket (RFC 6455): bytes in, messages out, for one connection.

The protocol itself is that of ``websockets``; what it leaves to its caller is here: putting
fragments together, and how many frames are too many. So is a short way for whole
text frames, which nearly all are: without it, frames were half of what a message costs.
"""

import logging
from collections.abc import Iterable, Iterator
from http import HTTPStatus

from websockets.datastructures import Headers
from websockets.exceptions import InvalidHandshake
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State
from websockets.server import ServerProtocol

try:
    from websockets.speedups import apply_mask
except ImportError:  # built where there was no C compiler
    from websockets.utils import apply_mask

from chatd.pace import Pace

MESSAGE_BYTES = 65536
"""Of one message, in however many fragments."""

FRAMES_PER_SECOND = 50
FRAMES_AT_ONCE = 500
"""Frames without a message of their own: pings, fragments. Browsers send none."""

_TEXT, _MASKED, _MEDIUM = 0x81, 0x80, 126  # RFC 6455, 5.2: a whole text, masked, of 126 bytes on
_LARGE = 65536

_quiet = logging.getLogger("chatd.websockets")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


def answer_to(headers: Iterable[tuple[str, str]]) -> Response:
    """The answer to a request for a WebSocket with these headers: 101, or why it is none.

    Nothing is compressed: what is small may not turn out to be huge.
    """
    said = Headers()
    try:
        for name, value in headers:
            said[name] = value
    except InvalidHandshake:  # not what may stand in a header
        return Response(HTTPStatus.BAD_REQUEST.value, "Bad Request", Headers())
    return ServerProtocol(logger=_quiet).accept(Request("/ws", said))


def frame(message: str) -> bytes:
    """A message, as every WebSocket of ours gets it."""
    data = message.encode()
    size = len(data)
    if size < _MEDIUM:
        return bytes((_TEXT, size)) + data
    if size < _LARGE:
        return bytes((_TEXT, _MEDIUM)) + size.to_bytes(2, "big") + data
    return Frame(Opcode.TEXT, data).serialize(mask=False)


def plain_texts(data: bytes) -> tuple[list[bytes], int]:
    """What is said in the frames that this begins with, as far as they are whole texts, as
    browsers send them, and have come whole; and how many bytes those are. All else is for the
    library, faults among it.
    """
    texts, at, end = [], 0, len(data)
    while end - at > 6 and data[at] == _TEXT:
        size, mask = data[at + 1] - _MASKED, at + 2
        if size == _MEDIUM:
            size, mask = int.from_bytes(data[mask : mask + 2], "big"), at + 4
        elif not 0 < size < _MEDIUM:
            break
        begin = mask + 4
        if not size or begin + size > end:
            break
        at = begin + size
        texts.append(apply_mask(data[begin:at], data[mask:begin]))
    return texts, at


class Frames:
    """What comes and goes on a connection that was upgraded. ``now``: by a clock that never
    goes back."""

    def __init__(self, now: float) -> None:
        self._protocol = ServerProtocol(state=State.OPEN, max_size=MESSAGE_BYTES, logger=_quiet)
        self._held = 0  # bytes of a frame that has not come whole, as the library sees it
        self._parts: bytearray | None = None  # a list of a byte each would be forty times as large
        self._is_text = True
        self._pace = Pace(FRAMES_PER_SECOND, FRAMES_AT_ONCE, now)

    def feed(self, data: bytes, now: float) -> Iterator[str]:
        """The messages that are whole with these bytes."""
        if not self._held and self._parts is None and not self.is_over:
            texts, used = plain_texts(data)
            data = data[used:]
            for text in texts:
                yield from self._decoded(text)
        if data:
            yield from self._feed_library(data, now)

    def _feed_library(self, data: bytes, now: float) -> Iterator[str]:
        self._protocol.receive_data(data)
        self._held += len(data)
        for one in self._protocol.events_received():
            if isinstance(one, Frame):
                self._held -= _least_size(one)
                if not self.is_over:
                    yield from self._take(one, now)

    def to_send(self) -> bytes:
        """What the protocol itself has to say: pongs, and goodbye."""
        return b"".join(self._protocol.data_to_send())

    def ping(self) -> bytes:
        """Are you there?"""
        self._protocol.send_ping(b"")
        return self.to_send()

    def goodbye(self, code: int) -> bytes:
        """The last that is sent; nothing, if that has been said."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(code)
        return self.to_send()

    @property
    def is_over(self) -> bool:
        """Whether there will be no more messages."""
        return self._protocol.state is not State.OPEN

    @property
    def has_said_goodbye(self) -> bool:
        """Whether the peer has, or breaks the rules, so there is nothing to wait for."""
        return self._protocol.eof_sent

    @property
    def fault(self) -> str:
        """What rule the peer broke, for the log; empty: none."""
        sent = self._protocol.close_sent
        if sent is None or self._protocol.close_rcvd is not None:
            return ""
        return f"broke WebSocket's rules: {int(sent.code)}"

    def _take(self, one: Frame, now: float) -> Iterator[str]:
        is_data = one.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)
        if not (is_data and one.fin and one.data) and not self._allows(now):
            self._protocol.fail(CloseCode.POLICY_VIOLATION, "too many frames")
        elif is_data:
            yield from self._join(one)

    def _join(self, one: Frame) -> Iterator[str]:
        if one.opcode is not Opcode.CONT:
            self._is_text = one.opcode is Opcode.TEXT
        if not self._is_text:
            self._protocol.fail(CloseCode.UNSUPPORTED_DATA, "text only")
            return
        parts = bytearray() if self._parts is None else self._parts
        parts += one.data
        self._parts = None if one.fin else parts
        if one.fin:
            yield from self._decoded(parts)

    def _decoded(self, text: bytes | bytearray) -> Iterator[str]:
        if self.is_over:
            return
        try:
            yield text.decode()
        except UnicodeDecodeError:
            self._protocol.fail(CloseCode.INVALID_DATA, "not UTF-8")

    def _allows(self, now: float) -> bool:
        if not self._pace.allows(now, 1):
            return False
        self._pace.spend(1)
        return True


def _least_size(one: Frame) -> int:
    """Bytes of a frame from a client; it may have written its length with more than it takes, and
    then there is always something left over for the library."""
    size = len(one.data)
    return 6 + size + (0 if size < _MEDIUM else 2 if size < _LARGE else 8)
