"""Those who have gone."""

import gc
import weakref

from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from chatd.admission import Admission
from chatd.doors.line import LineDoor
from chatd.limits import Limits
from chatd.room import Room


def test_nothing_is_left_of_them() -> None:
    """At once, and not when Python's collector comes: that would be for thousands together."""
    clock, limits = Clock(), Limits()
    door = LineDoor(Room(), limits, Admission(limits), clock, clock.seconds)
    gc.collect()
    gc.disable()
    try:
        seat = door.buildProtocol(IPv4Address("TCP", "10.0.0.1", 4000))
        assert seat is not None
        seat.makeConnection(StringTransport())
        seat.dataReceived(b"JOIN dani\r\nBCST hi\r\nMESG dani hi\r\nPING\r\nLIST\r\n")
        clock.advance(1)
        assert door.room.names() == ("dani",)
        seat.connectionLost()
        gone = weakref.ref(seat)
        del seat
        clock.advance(1)
        assert gone() is None
        assert door.room.names() == ()
    finally:
        gc.enable()
