"""The way to the server: endpoints, one connection at a time, and patience."""

import importlib.util
import ipaddress
import random
import re
from collections.abc import Callable
from typing import Any, Protocol

from twisted.application.internet import ClientService
from twisted.internet import defer
from twisted.internet.endpoints import HostnameEndpoint, clientFromString
from twisted.internet.interfaces import IProtocol, IProtocolFactory, IStreamClientEndpoint
from twisted.internet.protocol import Factory, connectionDone
from twisted.internet.protocol import Protocol as Wire
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.client.reasons import words
from chatd.client.stranger import Stranger
from chatd.client.trust import Trust

FIRST_DELAY = 0.5
GROWTH = 1.5
LONGEST_DELAY = 6.0
"""Seconds between tries. Short, because people wait; the last tenth is left to chance, so
that not everyone comes back at once."""


class Ear(Protocol):
    """Who is told what happens to the connection."""

    def connected(self) -> None:
        """There is one."""

    def received(self, data: bytes) -> None:
        """Bytes."""

    def failed(self, reason: str) -> None:
        """One could not be made."""

    def lost(self, reason: str) -> None:
        """It is gone."""

    def not_trusted(self, stranger: Stranger) -> None:
        """It shows a certificate that nobody vouches for, and nothing was sent."""


def endpoint(
    host: str, port: int, tls: bool, reactor: Any, trust: Trust | None = None
) -> IStreamClientEndpoint:
    """The place to connect to; ``host`` may be an endpoint string, and then says it all.

    ``trust`` judges the certificates of a host and port; those of an endpoint string are
    Twisted's to judge. Raises ValueError in words.
    """
    described = host if is_description(host) else ""
    is_tls = re.match(r"(tls|ssl):", described)
    if tls and described and not is_tls:
        raise ValueError(f"--tls and {described!r} do not go together: write tls:HOST:PORT")
    if tls or is_tls:
        check_tls()
    if tls and not described and trust is not None:
        from chatd.client.tls import place as place_by_tls

        return place_by_tls(host, port, trust, reactor)
    if not described:
        return HostnameEndpoint(reactor, host, port)
    try:
        place: IStreamClientEndpoint = clientFromString(reactor, described)
    except (ValueError, TypeError, KeyError, IndexError, OSError) as wrong:
        raise ValueError(f"{described!r} is not a place to connect to: {wrong}") from None
    return place


def by_tls(description: str) -> tuple[str, str] | None:
    """Host and port, if it is tls:HOST:PORT and no more."""
    words = re.split(r"(?<!\\):", description)
    if len(words) != 3 or words[0] != "tls" or "=" in description:
        return None
    return re.sub(r"\\(.)", r"\1", words[1]), words[2]


def is_description(host: str) -> bool:
    """Whether this is an endpoint string. An IPv6 address has colons, too."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ":" in host
    return False


def check_tls() -> None:
    """Raises ValueError with what to install, if there is no TLS here."""
    if not all(map(importlib.util.find_spec, ("OpenSSL", "service_identity"))):
        raise ValueError("TLS needs pyOpenSSL and service_identity: pip install 'chatd[tls]'")


def delay(tries: int) -> float:
    """Seconds to wait after so many tries in a row."""
    longest = min(LONGEST_DELAY, FIRST_DELAY * GROWTH ** min(tries, 20))
    return longest * random.uniform(0.9, 1.0)  # noqa: S311


class _Line(Wire):
    """One connection, which falls silent when nobody wants to hear of it any more."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    def connectionMade(self) -> None:
        transport: Any = self.transport
        for option in ("setTcpNoDelay", "setTcpKeepAlive"):
            getattr(transport, option, lambda _: None)(True)
        self._connection.opened(self)

    def dataReceived(self, data: bytes) -> None:
        self._connection.heard(self, data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._connection.closed(self, reason)


@implementer(IStreamClientEndpoint)
class _Watched:
    """An endpoint that says why it failed: ClientService keeps that to itself."""

    def __init__(self, place: IStreamClientEndpoint, failed: Callable[[Failure], Failure]) -> None:
        self._place = place
        self._failed = failed

    def connect(self, protocolFactory: IProtocolFactory) -> "defer.Deferred[IProtocol]":
        """Connect."""
        return self._place.connect(protocolFactory).addErrback(self._failed)


class Connection:
    """Opens, and opens again, until it is told to hang up."""

    def __init__(self, place: IStreamClientEndpoint, ear: Ear, reactor: Any) -> None:
        self._place = _Watched(place, self._failed)
        self._ear = ear
        self._reactor = reactor
        self._service: ClientService | None = None
        self._line: _Line | None = None
        self._tries = 0
        self._held = False

    def open(self) -> None:
        """Connect, now."""
        self.hang_up()
        self._tries = 0
        factory = Factory.forProtocol(lambda: _Line(self))
        factory.noisy = False
        self._service = ClientService(
            self._place, factory, retryPolicy=self._wait, clock=self._reactor
        )
        self._service.startService()

    def settled(self) -> None:
        """We are in for good. (That the server accepts a connection, or lets us in, means
        little.)"""
        self._tries = 0

    def send(self, data: bytes) -> None:
        """Bytes for the server; without a connection nothing happens."""
        if self._line is not None and self._line.transport is not None:
            self._line.transport.write(data)

    def hold_back(self, held: bool) -> None:
        """Whether not to read, on this connection and the next."""
        self._held = held
        transport: Any = self._line.transport if self._line else None
        if transport is not None:
            (transport.pauseProducing if held else transport.resumeProducing)()

    def abort(self) -> None:
        """Cut it off; another is opened."""
        transport: Any = self._line.transport if self._line else None
        if transport is not None:
            transport.abortConnection()

    def hang_up(self) -> None:
        """Close it and open no other. Nothing more is heard of it."""
        self._line = None
        service, self._service = self._service, None
        if service is not None:
            service.stopService()

    # What a connection tells.

    def opened(self, line: _Line) -> None:
        """It stands."""
        self._line = line
        self.hold_back(self._held)
        self._ear.connected()

    def heard(self, line: _Line, data: bytes) -> None:
        """Bytes."""
        if line is self._line:
            self._ear.received(data)

    def closed(self, line: _Line, reason: Failure) -> None:
        """It is gone."""
        if line is self._line:
            self._line = None
            stranger = getattr(reason.value, "stranger", None)
            if stranger is not None:
                return self._ear.not_trusted(stranger)
            self._ear.lost(words(reason))
        return None

    def _failed(self, reason: Failure) -> Failure:
        if self._service is not None and not reason.check(defer.CancelledError):
            self._ear.failed(words(reason))
        return reason

    def _wait(self, _: int) -> float:
        self._tries += 1
        return delay(self._tries - 1)
