"""Those who have gone."""

import gc
import weakref

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from chatd.admission import Admission
from chatd.doors.line import LineDoor
from chatd.limits import Limits
from chatd.outbox import Outbox
from chatd.room import Room

SAID = b"JOIN dani\r\nBCST hi\r\nMESG dani hi\r\nPING\r\nLIST\r\n"


def outboxes() -> int:
    return sum(isinstance(one, Outbox) for one in gc.get_objects())


@pytest.mark.parametrize("said", [SAID, SAID + b"BCST bye\r\nQUIT\r\n"])
def test_nothing_is_left_of_them(said: bytes) -> None:
    """At once, and not when Python's collector comes: that would be for thousands together."""
    clock, limits = Clock(), Limits()
    door = LineDoor(Room(), limits, Admission(limits), clock, clock.seconds)
    gc.collect()
    before = outboxes()
    gc.disable()
    try:
        seat = door.buildProtocol(IPv4Address("TCP", "10.0.0.1", 4000))
        assert seat is not None
        transport = StringTransport()
        seat.makeConnection(transport)
        seat.dataReceived(said)
        clock.advance(1)
        assert door.room.names() == (() if b"QUIT" in said else ("dani",))
        transport.producer = None  # as a connection does that is gone
        seat.connectionLost()
        gone = weakref.ref(seat)
        del seat
        clock.advance(1)
        assert gone() is None
        assert outboxes() == before
        assert door.room.names() == ()
    finally:
        gc.enable()
