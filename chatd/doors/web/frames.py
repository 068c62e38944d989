"""WebSocket (RFC 6455): bytes in, messages out, for one connection.

The protocol itself is that of ``websockets``; what it leaves to its caller is here: putting
fragments together, and how many frames are too many.
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

from chatd.pace import Pace

MESSAGE_BYTES = 65536
"""Of one message, in however many fragments."""

FRAMES_PER_SECOND = 50
FRAMES_AT_ONCE = 100
"""Frames without a message of their own: pings, fragments. Browsers send none."""

SMALLEST = 15
"""Bytes of the shortest message there is, {"type":"list"}: what is shorter counts as none."""

SLICE_BYTES = 1024
"""Given to the library at a time, which goes through all of them before we see the first."""

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
    return Frame(Opcode.TEXT, message.encode()).serialize(mask=False)


class Frames:
    """What comes and goes on a connection that was upgraded. ``now``: by a clock that never
    goes back."""

    def __init__(self, now: float) -> None:
        self._protocol = ServerProtocol(state=State.OPEN, max_size=MESSAGE_BYTES, logger=_quiet)
        self._parts: bytearray | None = None  # a list of a byte each would be forty times as large
        self._is_text = True
        self._is_deaf = False  # whether it was over before what comes now
        self._pace = Pace(FRAMES_PER_SECOND, FRAMES_AT_ONCE, now)

    def feed(self, data: bytes, now: float) -> Iterator[str]:
        """The messages that are whole with these bytes; those before a fault count."""
        for at in range(0, len(data), SLICE_BYTES):
            yield from self._feed(data[at : at + SLICE_BYTES], now)

    def _feed(self, data: bytes, now: float) -> Iterator[str]:
        self._is_deaf = self._is_deaf or self.is_over
        self._protocol.receive_data(data)
        for one in self._protocol.events_received():
            if isinstance(one, Frame) and not self._is_deaf:
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
        if not (is_data and one.fin and len(one.data) >= SMALLEST) and not self._pace.take(now, 1):
            self._fail(CloseCode.POLICY_VIOLATION, "too many frames")
        elif is_data:
            yield from self._join(one)

    def _join(self, one: Frame) -> Iterator[str]:
        if one.opcode is not Opcode.CONT:
            self._is_text = one.opcode is Opcode.TEXT
        if not self._is_text:
            self._fail(CloseCode.UNSUPPORTED_DATA, "text only")
            return
        parts = bytearray() if self._parts is None else self._parts
        parts += one.data
        self._parts = None if one.fin else parts
        if one.fin:
            yield from self._decoded(parts)

    def _decoded(self, text: bytes | bytearray) -> Iterator[str]:
        try:
            yield text.decode()
        except UnicodeDecodeError:
            self._fail(CloseCode.INVALID_DATA, "not UTF-8")

    def _fail(self, code: CloseCode, why: str) -> None:
        self._is_deaf = True
        self._protocol.fail(code, why)
