"""Certificates, and the two ends of a TLS connection in memory."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IProtocolFactory
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from chatd.tls.certificate import Certificate, read_all
from chatd.tls.making import make
from chatd.tls.places import TLSFactory
from chatd.tls.served import Served

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def folder(path: Path, *names: str, days: int = 100) -> str:
    """A folder with a certificate for these names that ends so long after NOW."""
    make(path, names or ("chat.example",), days, NOW)
    return str(path)


def certificate(path: Path, *names: str) -> Certificate:
    (found,) = read_all([folder(path, *names)], NOW)
    return found


class Link:
    """A client of the standard library, and the daemon's end, joined by hand.

    ``heard``: what the client has read; ``seen``: what went over the wire to it.
    """

    def __init__(
        self,
        served: Served,
        door: IProtocolFactory,
        clock: Clock,
        host: str | None = None,
        tls12: bool = False,
    ) -> None:
        self.clock = clock
        address = IPv4Address("TCP", "192.0.2.1", 5)
        self.server: Any = TLSFactory(served, False, door, clock=self.clock).buildProtocol(address)
        self.wire = StringTransport(peerAddress=address)
        self.heard = b""
        self.seen = b""
        self.ended = False
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if tls12:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)

    def connect(self) -> "Link":
        self.server.makeConnection(self.wire)
        return self

    def shake(self) -> "Link":
        """Connect, with the handshake."""
        return self.connect().shake_on()

    def shake_on(self) -> "Link":
        """The handshake."""
        while not self._try(self.client.do_handshake):
            self.carry()
        return self.carry()

    def hello(self) -> "Link":
        """The client's first word alone."""
        self._try(self.client.do_handshake)
        self.server.dataReceived(self._outgoing.read())
        return self

    def say(self, data: bytes) -> "Link":
        self.client.write(data)
        return self.carry()

    def lost(self) -> str:
        """The connection is gone; why, as the log has it."""
        seat = self.server.wrappedProtocol
        self.server.connectionLost(Failure(ConnectionLost()))
        self.clock.advance(1)
        return str(seat._leaving)

    def end(self) -> "Link":
        """Say that nothing more will come, and go on reading."""
        self._try(self.client.unwrap)
        return self.carry()

    def carry(self) -> "Link":
        """Carry what there is, both ways, until there is nothing more."""
        while True:
            to_server = self._outgoing.read()
            if to_server:
                self.server.dataReceived(to_server)
            self.clock.advance(0)
            to_client = self.wire.value()
            self.wire.clear()
            self.seen += to_client
            if to_client:
                self._incoming.write(to_client)
            if not (to_server or to_client):
                return self
            self._read()

    def certificate(self) -> bytes:
        """What the client was shown."""
        shown = self.client.getpeercert(binary_form=True)
        assert shown is not None
        return shown

    def _read(self) -> None:
        def read() -> None:
            while data := self.client.read(65536):
                self.heard += data
            self.ended = True

        self._try(read)

    def _try(self, step: Callable[[], object]) -> bool:
        try:
            step()
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            return False
        except ssl.SSLError:
            return self.client.version() is not None
        return True
