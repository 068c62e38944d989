"""Passwords are tried off the reactor: few at a time, and from each address one by one."""

from collections import deque
from collections.abc import Callable
from typing import Any

import attrs
from twisted.internet import defer

from chatd.addresses import neighbourhood
from chatd.errors import Refused
from chatd.passwords import Hashed
from chatd.tries import Tries

THREADS = 2
"""Tried at a time. Each takes a core for 0.1 seconds, and 32 MiB."""

MOST_WAITING = 1000
"""Tries that wait for their turn, at most; what comes then is told to come later."""

Run = Callable[[Callable[[], bool]], "defer.Deferred[bool]"]


@attrs.frozen(eq=False, repr=False)
class _Try:
    password: str
    hashed: Hashed
    answer: "defer.Deferred[bool]"


class Verifier:
    """``run`` calls a function off the reactor; ``later`` and ``now`` are the reactor's clock.

    A wrong try from an address makes the next one from there wait, and no other.
    """

    def __init__(self, run: Run, later: Callable[..., object], now: Callable[[], float]) -> None:
        self._run = run
        self._later = later
        self._now = now
        self._tries = Tries()
        self._waiting: dict[str, deque[_Try]] = {}  # by neighbourhood, which may be busy
        self._busy: set[str] = set()  # neighbourhoods that have to wait
        self._count = 0

    def verify(self, password: str, hashed: Hashed, host: str) -> "defer.Deferred[bool]":
        """Whether this is the password. Raises Refused (too-many-tries).

        The Deferred may be cancelled, when nobody wants to know any more.
        """
        if self._count >= MOST_WAITING:
            raise Refused("too-many-tries", "Too many are trying passwords. Please try later.")
        where = neighbourhood(host)
        answer: defer.Deferred[bool] = defer.Deferred(lambda _: self._forget(where, one))
        one = _Try(password, hashed, answer)
        self._waiting.setdefault(where, deque()).append(one)
        self._count += 1
        if where not in self._busy:
            self._go_on(where)
        return answer

    def _forget(self, where: str, one: _Try) -> None:
        """They have gone, so that nobody needs to wait for them; if it is not too late."""
        queue = self._waiting.get(where, ())
        if one in queue:
            self._waiting[where].remove(one)
            self._count -= 1

    def _go_on(self, where: str) -> None:
        self._busy.discard(where)
        queue = self._waiting.get(where)
        if not queue:
            self._waiting.pop(where, None)
            return
        self._busy.add(where)
        if wait := self._tries.wait(where, self._now()):
            self._later(wait, self._go_on, where)
            return
        one = queue.popleft()
        self._count -= 1
        self._run(lambda: one.hashed.matches(one.password)).addBoth(self._tried, where, one.answer)

    def _tried(self, result: Any, where: str, answer: "defer.Deferred[bool]") -> None:
        if result is False:
            self._tries.was_wrong(where, self._now())
        if not answer.called:
            answer.callback(result)  # which fails with a Failure
        self._go_on(where)
