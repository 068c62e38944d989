"""What one peer is owed, and how it gets there.

``transport.write`` on an idle connection costs two epoll_ctl calls around the send, and
its buffer has no bound. So while nothing is waiting for the peer, bytes go straight to
the socket; what the kernel does not take waits here, in order and counted, and goes
through the transport as it drains. Transports that are not a plain socket (TLS) take
all bytes the ordinary way. ``docs/performance.md`` has the figures.
"""

import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from twisted.internet.interfaces import IPullProducer, IPushProducer
from zope.interface import implementer

from chatd.tally import Tally

CHUNK = 16384
"""Bytes handed to the transport at a time: what it has not sent yet can't be seen from
outside, so this is how far the count of what is owed can be off."""

STALLED_SECONDS = 0.2
"""Less than this and a reader's machine, or ours, has only been busy with something else."""

GRACE_SECONDS = 1.0
"""When many talk at once, more can be said in a moment than ``most``, and whoever reads has
it a moment later. All wait for the same bytes, so this costs little memory."""


class _ReadBySendToAll:
    """Slots of a base class lie together, before all others: less to fetch for each member."""

    __slots__ = ("_shut", "_straight", "_waiting")

    _shut: bool
    _straight: Callable[[bytes], int]
    _waiting: bool  # whether something is between us and the kernel


@implementer(IPushProducer, IPullProducer)
class Outbox(_ReadBySendToAll):
    """The one way to write to a connection.

    ``most``: how many bytes may wait (0: no limit). A peer that is further behind and takes
    nothing for STALLED_SECONDS, or does not catch up within GRACE_SECONDS, is too slow by the
    clock ``now``: ``fell_behind`` is called, once and maybe from within ``send``, and whatever
    waits is dropped. ``tally`` is told what is lost in this way, or with the connection.
    """

    __slots__ = (
        "_behind_since",
        "_chunk",
        "_closing",
        "_fell_behind",
        "_most",
        "_now",
        "_plain_socket",
        "_queue",
        "_queued",
        "_taken_at",
        "_tally",
        "_transport",
    )

    def __init__(
        self,
        transport: Any,
        most: int,
        fell_behind: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
        tally: Tally | None = None,
    ) -> None:
        self._tally = tally or Tally()
        self._transport = transport
        self._most = most
        self._fell_behind = fell_behind
        self._now = now
        self._behind_since: float | None = None
        self._taken_at = 0.0  # when the peer last took something, or began to wait
        self._waiting = False
        self._queue: deque[bytes] = deque()
        self._queued = 0
        self._chunk = 0  # bytes that the transport was handed last
        self._shut = False
        self._closing = False
        handle: Any = getattr(transport, "getHandle", lambda: None)()
        self._plain_socket = isinstance(handle, socket.socket)
        # A method of our own here would be a circle, and who has gone be kept for a while.
        self._straight = handle.send if self._plain_socket else partial(_hand_over, transport)
        if not self._plain_socket:
            transport.registerProducer(self, True)

    @property
    def most(self) -> int:
        """Bytes that may wait; 0: no limit."""
        return self._most

    @property
    def owed(self) -> int:
        """Bytes that the kernel has not taken yet, at most CHUNK too many."""
        return self._queued + self._chunk

    def bound(self, most: int) -> None:
        """Let so many bytes wait from now on."""
        self._most = most

    def send(self, data: bytes) -> None:
        """``data``, after everything sent before. Nothing happens once the outbox is shut."""
        send_to_all((self,), data)

    def close(self) -> None:
        """Close the connection when all that it is owed has gone out."""
        if self._shut:
            return
        self._shut = self._closing = True
        if not self._waiting:
            self._lose_connection()

    def abort(self, last_words: bytes = b"") -> None:
        """Close the connection now; what it is still owed is lost.

        ``last_words`` are tried: they arrive if the kernel has room for them.
        """
        self._drop()
        if last_words and self._plain_socket:
            with suppress(OSError):
                self._straight(last_words)
        self._transport.abortConnection()

    def forget(self) -> None:
        """The connection is no more. What refers to each other would wait for Python's collector,
        which comes for all of thousands at once.
        """
        self._drop()
        self._fell_behind = _nothing

    def pauseProducing(self) -> None:
        """The transport has enough for now."""
        self._taken_at = self._now()
        self._waiting = True

    def resumeProducing(self) -> None:
        """The transport has sent all that it was given."""
        self._taken_at = self._now()
        if not self._plain_socket:
            self._drain()
        elif self._queue:
            self._transport.write(self._next_chunk())
        else:
            self._chunk = 0
            self._waiting = False
            self._transport.unregisterProducer()
        if self._closing and not self._waiting:
            self._lose_connection()

    def stopProducing(self) -> None:
        """The connection is gone."""
        self._drop()

    def _keep_rest(self, data: bytes, sent: int) -> None:
        self._taken_at = self._now()
        self._keep(data[sent:])
        if not self._shut:
            self._waiting = True
            self._transport.registerProducer(self, False)

    def _keep(self, data: bytes) -> None:
        self._queue.append(data)
        self._queued += len(data)
        if self._most and self._queued > self._most:
            self._is_behind()

    def _is_behind(self) -> None:
        now = self._now()
        if self._behind_since is None:
            self._behind_since = now
        if now >= min(self._behind_since + GRACE_SECONDS, self._taken_at + STALLED_SECONDS):
            self._drop()
            self._fell_behind()

    def _next_chunk(self) -> bytes:
        self._note_owed()
        first = self._queue.popleft()
        if len(first) > CHUNK:
            self._queue.appendleft(first[CHUNK:])
            first = first[:CHUNK]
        self._chunk = len(first)
        self._queued -= self._chunk
        if self._queued <= self._most:
            self._behind_since = None
        return first

    def _drain(self) -> None:
        self._waiting = False
        while self._queue and not self._waiting:
            self._transport.write(self._next_chunk())
            self._chunk = 0

    def _note_owed(self) -> None:
        """Asked before what is owed shrinks: so the most is seen, and growing costs nothing."""
        self._tally.most_owed = max(self._tally.most_owed, self.owed)

    def _drop(self) -> None:
        self._note_owed()
        self._tally.lost += sum(data.count(self._tally.end) for data in self._queue)
        self._shut = True
        self._closing = False
        self._queue.clear()
        self._queued = self._chunk = 0

    def _lose_connection(self) -> None:
        if not self._plain_socket:
            self._transport.unregisterProducer()
        self._closing = False
        self._transport.loseConnection()


def _nothing() -> None:
    """Nobody is told."""


def _hand_over(transport: Any, data: bytes) -> int:
    transport.write(data)
    return len(data)


def send_to_all(outboxes: Iterable[Outbox], data: bytes) -> None:
    """The same bytes to each of them.

    The loop that everything else is fast for: what is idle costs one call and one send.
    """
    size = len(data)
    for outbox in outboxes:
        if outbox._shut:
            outbox._tally.lost += data.count(outbox._tally.end)
            continue
        if outbox._waiting:
            outbox._keep(data)
            continue
        try:
            sent = outbox._straight(data)
        except OSError:  # full, or broken: the transport finds out which
            sent = 0
        if sent != size:
            outbox._keep_rest(data, sent)
