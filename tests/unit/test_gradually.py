"""Many small things are done in order, and no turn is held up for long."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatd.gradually import SLICE_SECONDS, Gradually
from tests.unit.turns import Turns


class TestGradually(SynchronousTestCase):
    """With a clock that the things themselves move on."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.turns = Turns()
        self.gradually = Gradually(self.turns.soon, self.clock.seconds)
        self.done: list[int] = []

    def put_off(self, number: int, seconds: float) -> None:
        def takes_a_while() -> None:
            self.done.append(number)
            self.clock.advance(seconds)

        self.gradually.do(takes_a_while)

    def test_all_in_order_a_slice_for_each_turn(self) -> None:
        """A hundred things of a millisecond take ten turns."""
        for number in range(100):
            self.put_off(number, SLICE_SECONDS / 10)
        assert not self.done
        for turn in range(1, 11):
            self.turns.turn()
            assert 10 * turn - 1 <= len(self.done) <= 10 * turn + 1
        self.turns.turn()
        assert self.done == list(range(100))
        assert not self.turns.waiting

    def test_more_while_it_is_at_it(self) -> None:
        """What one thing leads to comes after what was there before."""
        self.gradually.do(lambda: self.put_off(2, 0))
        self.put_off(1, 0)
        self.turns.turn()
        self.turns.turn()
        assert self.done == [1, 2]

    def test_a_bug_in_one_thing(self) -> None:
        """Is logged, and the next is done."""

        def broken() -> None:
            raise RuntimeError("a bug")

        self.gradually.do(broken)
        self.put_off(1, 0)
        self.turns.turn()
        assert self.done == [1]
        assert len(self.flushLoggedErrors(RuntimeError)) == 1
