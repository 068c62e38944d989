"""Connections too many, on every kind of transport."""

from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IStreamServerEndpoint
from twisted.internet.task import Clock
from twisted.protocols.haproxy import proxyEndpoint
from zope.interface import implementer

from chatd.admission import Admission
from chatd.doors.line import LineDoor
from chatd.limits import Limits
from chatd.room import Room
from tests.unit.transports import SocketTransport

ADDRESS = IPv4Address("TCP", "192.0.2.1", 5)


@implementer(IStreamServerEndpoint)
class Place:
    """Where a proxy connects; ``accept`` is given the transport of whoever comes."""

    def listen(self, protocolFactory: Any) -> Any:
        self.factory = protocolFactory

    def accept(self, transport: Any) -> None:
        self.factory.buildProtocol(ADDRESS).makeConnection(transport)


def test_behind_a_proxy() -> None:
    """They are told why and closed, as without the proxy."""
    clock, limits, place = Clock(), Limits(connections_per_address=1), Place()
    door = LineDoor(Room(), limits, Admission(limits), clock, clock.seconds)
    proxyEndpoint(place).listen(door)
    transports = SocketTransport(), SocketTransport()
    for transport in transports:
        place.accept(transport)
    first, second = transports
    assert not first.closed
    assert second.read().startswith(b"ERROR too-many-connections: ")
    assert second.closed
