"""Transports for tests: one over a real socket pair, driven by hand, without a reactor."""

import socket
from typing import Any

from twisted.internet.testing import StringTransport


class SocketTransport:
    """What Outbox asks of a TCP transport, over one end of a socket pair.

    ``turn`` does what the reactor would do when the socket is writable.
    """

    def __init__(self, send_buffer: int | None = None) -> None:
        self.socket, self.peer = socket.socketpair()
        for end in (self.socket, self.peer):
            end.setblocking(False)
        if send_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
        self.buffer = b""
        self.producer: Any = None
        self.losing = False
        self.closed = False
        self.aborted = False

    def getHandle(self) -> socket.socket:
        return self.socket

    def write(self, data: bytes) -> None:
        self.buffer += data

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        assert self.producer is None
        assert not streaming
        self.producer = producer
        producer.resumeProducing()

    def unregisterProducer(self) -> None:
        self.producer = None

    def loseConnection(self) -> None:
        self.losing = True
        self.turn()

    def abortConnection(self) -> None:
        self.aborted = self.closed = True

    def turn(self) -> None:
        try:
            while self.buffer:
                self.buffer = self.buffer[self.socket.send(self.buffer) :]
                if not self.buffer and self.producer is not None:
                    self.producer.resumeProducing()
        except BlockingIOError:
            return
        if self.losing and not self.buffer and self.producer is None:
            self.closed = True
            self.socket.close()

    def read(self, most: int = 65536) -> bytes:
        """What the peer gets when it reads once."""
        try:
            return self.peer.recv(most)
        except BlockingIOError:
            return b""


class PausingTransport(StringTransport):
    """What Outbox asks of a transport that is no plain socket: it says when it has enough."""

    def __init__(self, enough: int) -> None:
        super().__init__()
        self.enough = enough
        self.sent = b""

    def write(self, data: bytes) -> None:
        super().write(data)
        if len(self.value()) > self.enough and self.producer is not None:
            self.producer.pauseProducing()

    def turn(self) -> None:
        self.sent += self.value()
        self.clear()
        if self.producer is not None:
            self.producer.resumeProducing()


def never() -> None:
    raise AssertionError("nobody was too slow")
