"""One connection at the line door: its bytes, telnet's negotiation, and either end of it."""

from typing import TYPE_CHECKING, Any, cast

from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.doors import partings
from chatd.doors.seat import Seat
from chatd.events import Rejected
from chatd.intake import READ_BYTES
from chatd.line_intake import LineIntake

if TYPE_CHECKING:
    from chatd.doors.line import LineDoor


@implementer(IHalfCloseableProtocol)
class LineSeat(Seat, LineReceiver):
    """Lines in, lines out."""

    _intake: LineIntake

    def __init__(self, door: "LineDoor", peer: object, host: str) -> None:
        super().__init__(door, peer, host, LineIntake(door.limits, door.now(), door.tally))

    def connectionMade(self) -> None:
        """Somebody is there."""
        cast("Any", self.transport).bufferSize = READ_BYTES
        self._seated(self.transport)

    def dataReceived(self, data: bytes) -> None:
        """Bytes, cut anywhere. LineReceiver's own copies what is left once for each line."""
        self._received(data)

    def lineReceived(self, line: bytes) -> None:
        """One line, without its end, from a caller who has it whole already."""
        self.dataReceived(line + self.delimiter)

    def readConnectionLost(self) -> None:
        """The peer has sent its last; it still gets every answer."""
        self._door.gradually.do(self._end_of_input)

    def writeConnectionLost(self) -> None:
        """Only after loseWriteConnection, which nobody calls."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Gone, in whatever way."""
        # what lies between us and the socket may know more than that it is gone
        self._lost(getattr(reason.value, "why", ""))

    def _read(self, data: bytes) -> None:
        now = self._door.now()
        if self._slowed is None and (said := self._intake.take_said(data, now)):
            self.person.say(said)
            return
        answer = self._intake.feed(data, now)
        if answer:
            self._door.fanout.tell(self.outbox, answer)
        if self._intake.is_flooded:
            self._let_go(*partings.telnet_flood())
        elif self._intake.foreign:
            self._let_go(*partings.foreign(self._intake.foreign))
        else:
            self._work_on()

    def _stop_reading(self) -> None:
        self.pauseProducing()

    def _read_on(self) -> None:
        self.resumeProducing()  # which calls dataReceived(b"")

    def _end_of_input(self) -> None:
        if not getattr(self.transport, "input_is_cut", False):
            self._intake.end()
        super()._end_of_input()

    def _last_words(self, rejected: Rejected) -> bytes:
        return self._door.render(rejected)
