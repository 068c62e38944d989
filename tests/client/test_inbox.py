"""What comes is taken at once and heard in slices."""

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatd.client.inbox import BITE, MOST, SLICE_SECONDS, Inbox

TURN_SECONDS = 0.001


class TestInbox(SynchronousTestCase):
    """With a clock that hearing itself moves on."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.heard = b""
        self.bite_seconds = 0.0
        self.left_out: list[bool] = []
        self.inbox = Inbox(
            self.hear, self.left_out.append, self.in_the_next_turn, self.clock.seconds
        )

    def in_the_next_turn(self, seconds: float, act: Callable[[], None]) -> IDelayedCall:
        return self.clock.callLater(seconds + TURN_SECONDS, act)

    def hear(self, data: bytes) -> None:
        self.heard += data
        self.clock.rightNow += self.bite_seconds

    def test_a_line_is_heard_at_once(self) -> None:
        """Nobody waits for a turn of the reactor."""
        self.inbox.put(b"drew: BCST hello\r\n")
        assert self.heard == b"drew: BCST hello\r\n"

    def test_much_is_heard_in_order_and_in_slices(self) -> None:
        """Ten thousand lines leave turns for keys, and none is lost."""
        self.bite_seconds = SLICE_SECONDS
        said = b"".join(b"line %d\r\n" % number for number in range(10_000))
        turns = 0
        self.inbox.put(said[:70_000])
        self.inbox.put(said[70_000:])
        assert self.heard == said[:BITE]
        while self.heard != said:
            self.clock.advance(TURN_SECONDS)
            turns += 1
            assert turns < 1000
        assert turns > 10

    def test_what_was_read_is_heard_before_the_connection_is_gone(self) -> None:
        """The last words of a server that goes are not lost."""
        self.bite_seconds = SLICE_SECONDS
        self.inbox.put(b"x" * 3 * BITE)
        self.inbox.hear_all()
        assert len(self.heard) == 3 * BITE
        assert not self.clock.getDelayedCalls()

    def test_held(self) -> None:
        """While nobody reads our output, nothing is heard, and nothing is lost."""
        self.inbox.hold(True)
        self.inbox.put(b"hello")
        self.clock.advance(1)
        assert (self.heard, self.left_out) == (b"", [True])
        self.inbox.hold(False)
        self.clock.advance(TURN_SECONDS)
        assert (self.heard, self.left_out) == (b"hello", [True, False])

    def test_forgotten(self) -> None:
        """Nothing of an old connection is heard on the next."""
        self.bite_seconds = SLICE_SECONDS
        self.inbox.put(b"x" * 3 * BITE)
        self.inbox.forget()
        self.clock.advance(1)
        self.inbox.put(b"y")
        assert self.heard == b"x" * BITE + b"y"

    def test_bounded(self) -> None:
        """A server that never stops takes a bounded amount of memory."""
        self.bite_seconds = SLICE_SECONDS
        self.inbox.put(b"x" * (MOST + 2 * BITE))
        assert self.left_out == [True]
        while len(self.heard) < 3 * BITE:
            self.clock.advance(TURN_SECONDS)
        assert self.left_out == [True, False]
