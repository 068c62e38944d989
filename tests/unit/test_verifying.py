"""Trying passwords: in turn, off the reactor, and not many wrong ones."""

from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet import defer
from twisted.internet.task import Clock

from chatd.errors import Refused
from chatd.tries import AT_ONCE, MOST_REMEMBERED, SECONDS_EACH, Tries
from chatd.verifying import MOST_WAITING, Verifier
from tests.unit.test_passwords import cheap

HASHED = cheap("right")


class Threads:
    """Stands for a thread pool: does the next thing when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], bool], defer.Deferred[bool]]] = []

    def run(self, work: Callable[[], bool]) -> "defer.Deferred[bool]":
        done: defer.Deferred[bool] = defer.Deferred()
        self.waiting.append((work, done))
        return done

    def work(self) -> None:
        while self.waiting:
            work, done = self.waiting.pop(0)
            done.callback(work())


class Trying:
    """Somebody who tries passwords; ``answers`` are those that have come."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.threads = Threads()
        self.verifier = Verifier(self.threads.run, self.clock.callLater, self.clock.seconds)
        self.answers: list[Any] = []

    def tries(self, password: str, host: str = "10.0.0.1") -> "defer.Deferred[bool]":
        answer = self.verifier.verify(password, HASHED, host)
        return answer.addBoth(self.answers.append)

    def work(self) -> list[Any]:
        self.threads.work()
        answers = self.answers[:]
        self.answers.clear()
        return answers


def test_one_by_one_from_an_address_side_by_side_from_others() -> None:
    """Whoever sends a hundred waits for themselves alone."""
    trying = Trying()
    for _ in range(3):
        trying.tries("right")
    trying.tries("right", "10.0.0.2")
    assert len(trying.threads.waiting) == 2
    assert trying.work() == [True] * 4


def test_wrong_tries_are_slowed_down() -> None:
    """A few cost nothing; then each takes its time, for that address and no other."""
    trying = Trying()
    for _ in range(AT_ONCE + 2):
        trying.tries("wrong", "2001:db8::1")
    assert trying.work() == [False] * AT_ONCE
    trying.tries("right", "2001:db8::ffff")  # the same /64
    trying.tries("right", "2001:db8:0:1::1")
    assert trying.work() == [True]
    for _ in range(2):
        trying.clock.advance(SECONDS_EACH - 0.5)
        assert trying.work() == []
        trying.clock.advance(0.6)
        assert trying.work() == [False]
    trying.clock.advance(SECONDS_EACH + 0.1)
    assert trying.work() == [True]


def test_right_ones_cost_nothing() -> None:
    """Everyone behind one address may come in at once."""
    trying = Trying()
    for _ in range(10 * AT_ONCE):
        trying.tries("right")
    assert trying.work() == [True] * 10 * AT_ONCE


def test_whoever_goes_is_not_waited_for() -> None:
    """And a wrong password that is being tried counts, though nobody waits for the answer."""
    trying = Trying()
    for _ in range(AT_ONCE):
        trying.tries("wrong").cancel()
        trying.threads.work()
    gone = trying.tries("right")
    gone.cancel()
    trying.answers.clear()
    trying.tries("right")
    assert trying.work() == []
    trying.clock.advance(SECONDS_EACH + 0.1)
    assert trying.work() == [True]
    assert trying.clock.getDelayedCalls() == []


def test_too_many_at_once() -> None:
    """Are told so; whoever is gone does not count."""
    trying = Trying()
    waiting = [trying.tries("right", f"10.0.0.{n % 2}") for n in range(MOST_WAITING + 2)]
    with pytest.raises(Refused, match="Too many") as caught:
        trying.tries("right")
    assert caught.value.code == "too-many-tries"
    waiting[-1].cancel()
    trying.tries("right")


def test_a_fault_of_ours_is_passed_on() -> None:
    """And the next one gets their turn."""
    trying = Trying()
    trying.tries("right")
    trying.tries("right")
    _, done = trying.threads.waiting.pop()
    done.errback(MemoryError())
    failed, right = trying.work()
    assert failed.check(MemoryError)
    assert right is True


def test_addresses_are_forgotten() -> None:
    """When they have waited for their tries; and there are never more than so many."""
    tries = Tries()
    for number in range(2 * MOST_REMEMBERED):
        tries.was_wrong(f"10.0.{number // 250}.{number % 250}", now=0)
    assert len(tries._paces) == MOST_REMEMBERED
    tries.was_wrong("::1", now=1000)
    assert len(tries._paces) == 1
