"""One WebSocket: messages in, messages out."""

from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from websockets.frames import CloseCode

from chatd.doors import partings
from chatd.doors.seat import Seat
from chatd.doors.web.frames import MESSAGE_BYTES, Frames
from chatd.errors import Refused
from chatd.message_intake import MessageIntake

if TYPE_CHECKING:
    from chatd.doors.web.door import WebDoor

READ_BYTES = 8192
"""Read at a time. A thousand of the smallest frames, some ten milliseconds of work; in half of it
there is no room for the 64 lines that the bench's speakers have on their way."""

PING_SECONDS = 30.0
"""Of silence, until a browser is asked whether it is there; after as much again it is not.
Proxies close connections that are silent for a minute."""


class WebSeat(Seat, Protocol):
    """What has been a request; ``opening`` answers it."""

    _intake: MessageIntake
    transport: Any

    def __init__(self, door: "WebDoor", peer: object, host: str, opening: bytes) -> None:
        super().__init__(door, peer, host, MessageIntake(door.limits, door.now(), door.tally))
        self.refused: Refused | None = None
        """Why they are let in only to be told that they can't stay."""
        self.paused = False
        self._opening = opening
        self._frames = Frames(door.now())
        self._heard_at = door.now()
        self._pulse: IDelayedCall | None = None
        self._too_late = 0  # bytes that came after our goodbye
        self._unread = b""  # of a read that was larger than READ_BYTES, by TLS or a proxy's wrapper
        self._next: IDelayedCall | None = None  # when some more of it is looked at

    def connectionMade(self) -> None:
        """Somebody is there."""
        self.transport.bufferSize = READ_BYTES
        self._seated(self.transport, self._opening)
        self._pulse = self._door.later(PING_SECONDS, self._beat)
        if self.refused is not None:
            self.dismiss(self.refused, "turned away")

    def dataReceived(self, data: bytes) -> None:
        """Bytes, cut anywhere; once they are let go, their goodbye is waited for."""
        self._heard_at = self._door.now()
        self._door.tally.bytes_in += len(data)
        if self._leaving:
            self._look_for_goodbye(data)
            return
        if self._ended:
            return  # after their goodbye there is nothing
        self._unread += data
        if self._next is None and not self.paused:
            self._received(b"")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Gone, in whatever way."""
        for call in (self._pulse, self._next):
            if call is not None and call.active():
                call.cancel()
        self._lost(getattr(reason.value, "why", ""))

    def close(self, why: str) -> None:
        """Say goodbye, and wait a moment for theirs: what they have sent and nobody has read
        would make the kernel throw away what they have not read."""
        self._leaving = self._leaving or why
        code = CloseCode.GOING_AWAY if why == partings.STOPPING else CloseCode.NORMAL_CLOSURE
        self._send(self._frames.goodbye(code))
        if self._frames.has_said_goodbye:
            self.outbox.close()
        else:
            if self.paused:
                self.paused = False
                self.transport.resumeProducing()
            self._read_the_rest_later()
        self._patience.until_they_are_gone(self.outbox.abort)

    def _read(self, data: bytes) -> None:
        data, self._unread = self._unread[:READ_BYTES], self._unread[READ_BYTES:]
        for message in self._frames.feed(data, self._door.now()):
            self._intake.feed(message)
        if self._frames.fault:
            self._work_on()  # as far as it may be done now
            if not self._leaving:
                self._finish(self._frames.fault)
        elif self._frames.is_over:
            self._ended = True  # what they have said before is done before goodbye is said
            self._unread = b""
            self._work_on()
            if not self._leaving:
                self._stop_reading()
        else:
            self._send(self._frames.to_send())
            self._work_on()
            self._read_the_rest_later()

    def _read_the_rest_later(self) -> None:
        if self._unread and self._next is None and not self.paused:
            self.transport.pauseProducing()
            self._next = self._door.later(0, self._read_the_rest)

    def _read_the_rest(self) -> None:
        self._next = None
        if self._leaving:
            self._look_for_goodbye(b"")
        elif not self.paused:
            self._received(b"")
        if self._next is None and not self.paused and not self._frames.has_said_goodbye:
            self.transport.resumeProducing()

    def _look_for_goodbye(self, data: bytes) -> None:
        data, self._unread = self._unread + data, b""
        self._too_late += len(data)
        for _ in self._frames.feed(data, self._door.now()):
            """Too late."""
        self._frames.to_send()  # pongs, which would pile up, and nobody waits for
        if self._frames.has_said_goodbye:
            self.outbox.close()
        elif self._too_late > MESSAGE_BYTES:  # they will not say it
            self._stop_reading()

    def _send(self, data: bytes) -> None:
        if data:
            self._door.fanout.tell(self.outbox, data)

    def _stop_reading(self) -> None:
        self.paused = True
        self.transport.pauseProducing()

    def _read_on(self) -> None:
        self.paused = False
        self._heard_at = self._door.now()  # before, they could not be heard
        self.transport.resumeProducing()
        self._received(b"")

    def _beat(self) -> None:
        silent = self._door.now() - self._heard_at
        if self._leaving or self._ended:
            return
        if silent >= 2 * PING_SECONDS and not self.paused:
            # No words: to a page that slept it is a lost connection, and it comes back by itself.
            self._finish(partings.SILENT)
            return
        if silent >= PING_SECONDS:
            self._send(self._frames.ping())
            silent = 0
        self._pulse = self._door.later(PING_SECONDS - silent, self._beat)
