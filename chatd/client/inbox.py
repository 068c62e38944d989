"""What has come from the server and is not heard yet.

The server lets go whoever takes nothing for a moment while much is said. So the network is
always read at once, and what was read is worked off a slice in each turn of the reactor,
which leaves turns for keys and drawing, too.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

SLICE_SECONDS = 0.005
BITE = 4096
"""Bytes heard between two looks at the clock."""
MOST = 16 << 20
"""Bytes that may wait; beyond that, what comes is left to the network."""


class Inbox:
    """``hear``: is given the bytes, in order. ``leave_out``: is told whether to read nothing.
    ``later``: calls after so many seconds. ``now``: seconds that never go back."""

    def __init__(
        self,
        hear: Callable[[bytes], None],
        leave_out: Callable[[bool], None],
        later: Callable[[float, Callable[[], None]], Any],
        now: Callable[[], float],
    ) -> None:
        self._hear = hear
        self._leave_out = leave_out
        self._later = later
        self._now = now
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._held = False
        self._leaves_out = False
        self._due: Any = None
        self._working = False

    def put(self, data: bytes) -> None:
        """More bytes."""
        self._waiting.append(data)
        self._size += len(data)
        if self._due is None:
            self._work()

    def hold(self, held: bool) -> None:
        """Whether to hear nothing for now, and not to read more."""
        self._held = held
        self._read_or_not()
        if not held and self._waiting and self._due is None:
            self._due = self._later(0, self._again)

    def hear_all(self) -> None:
        """Now: the connection is gone, and this is all there will be."""
        while self._waiting:
            self._hear_bite()
        self._stop()

    def forget(self) -> None:
        """What waits is not wanted any more."""
        self._waiting.clear()
        self._size = 0
        self._stop()
        self._read_or_not()

    def _again(self) -> None:
        self._due = None
        self._work()

    def _work(self) -> None:
        if self._working:  # hearing may lead back here
            return
        self._working = True
        end = self._now() + SLICE_SECONDS
        while self._waiting and not self._held:
            self._hear_bite()
            if self._now() >= end:
                break
        self._working = False
        if self._waiting and not self._held and self._due is None:
            self._due = self._later(0, self._again)
        self._read_or_not()

    def _hear_bite(self) -> None:
        data = self._waiting.popleft()
        if len(data) > BITE:
            self._waiting.appendleft(data[BITE:])
            data = data[:BITE]
        self._size -= len(data)
        self._hear(data)

    def _read_or_not(self) -> None:
        leaves_out = self._held or self._size > MOST
        if leaves_out != self._leaves_out:
            self._leaves_out = leaves_out
            self._leave_out(leaves_out)

    def _stop(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
