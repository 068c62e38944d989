"""What every door does: counts who comes and goes, and tells everyone at once."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, cast

from twisted.internet import defer
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.logger import Logger

from chatd.admission import Admission
from chatd.doorkeeper import Doorkeeper
from chatd.doors import partings
from chatd.events import Event, Joined, Left, Public, Said
from chatd.fanout import FanOut
from chatd.gradually import Gradually
from chatd.ignoring import Ignoring
from chatd.limits import Limits
from chatd.names import key_of
from chatd.operators import Operators
from chatd.outbox import Outbox
from chatd.pace import Pace
from chatd.room import Room
from chatd.tally import Tally

COMPANY_SECONDS = 0.01
"""How long the news of who came and who went may wait for more of them."""

LOGGED_PER_SECOND = 1
"""Of those who are turned away; ten times as many at first."""


class Seated(Protocol):
    """A connection that a door has let in to talk."""

    host: str
    peer: object
    outbox: Outbox

    def take_limits(self, limits: Limits) -> None:
        """Go by these from now on."""

    def close(self, why: str) -> None:
        """Send what is owed, then close."""

    def make_way(self) -> None:
        """Go, for somebody who may want to join."""


class Door(ABC):
    """``render`` gives an event as the bytes that all of its people read.

    ``now`` gives seconds of a clock that never goes back. ``operators``: who keep order, and
    the doorkeeper; by default there is nobody, and the door is open. They and ``admission``
    are the same for all doors.
    """

    _log = Logger()
    line_end = b"\n"
    """How each line ends that goes out, for counting them."""

    def __init__(
        self,
        room: Room,
        limits: Limits,
        admission: Admission[Any],
        reactor: IReactorTime,
        now: Callable[[], float] = time.monotonic,
        operators: Operators | None = None,
    ) -> None:
        self.room = room
        self.limits = limits
        self.admission = admission
        self.turnstile = admission.turnstile
        self.operators = operators or Operators(room, Doorkeeper(now), now)
        self.doorkeeper = self.operators.doorkeeper
        self.ignoring: Ignoring[Outbox] = Ignoring()
        self.now = now
        self.later = reactor.callLater
        self.pause: Callable[[float], defer.Deferred[None]]
        self.pause = partial(deferLater, cast("Any", reactor))
        self.tally = Tally(self.line_end)
        self.fanout = FanOut(
            lambda flush: reactor.callLater(0, flush),
            lambda flush: reactor.callLater(COMPANY_SECONDS, flush),
            self.tally,
        )
        # A thousand may go at once; telling the log and the room of them takes a while.
        self.gradually = Gradually(lambda work: reactor.callLater(0, work), now)
        self._log_pace = Pace(LOGGED_PER_SECOND, 10 * LOGGED_PER_SECOND, now())
        self._not_logged = 0
        self._seats: set[Seated] = set()
        self._all_gone: defer.Deferred[None] | None = None
        room.add_audience(self)

    @abstractmethod
    def render(self, event: Event) -> bytes:
        """The event, as all the people of this door read it."""

    def take_limits(self, limits: Limits) -> None:
        """Go by these from now on, for those who are connected too."""
        if limits == self.limits:
            return
        self.limits = limits
        self.turnstile.take_limits(limits, self.now())
        for seat in self._seats:
            self.gradually.do(partial(seat.take_limits, limits))

    def turned_away(self, host: str, code: str, why: str) -> None:
        """Somebody could not come in, and is told so otherwise than as a person is."""
        self.tally.refuse(code)
        self.log_turned_away(host, why)

    def log_turned_away(self, host: str, why: str) -> None:
        """Somebody could not come in. The log has not each one of a crowd."""
        if not self._log_pace.take(self.now(), 1):
            self._not_logged += 1
            return
        left_out = f" ({self._not_logged} more were not logged)" if self._not_logged else ""
        self._not_logged = 0
        text = "Turned away {host}: {why}{left_out}"
        self._log.info(text, event="turned-away", host=host, why=why, left_out=left_out)

    def hear(self, event: Public) -> None:
        """A public event: rendered once, sent once, in this turn or with its like."""
        if type(event) is Said:
            if self.ignoring.anybody:
                deaf = self.ignoring.deaf_to(key_of(event.speaker))
                self.fanout.say_without(self.render(event), deaf)
            else:
                self.fanout.say(self.render(event))
        elif isinstance(event, Joined | Left):
            self.fanout.mention(self.render(event))
        else:
            self.fanout.say(self.render(event))

    def opened(self, seat: Seated) -> None:
        """A connection has come."""
        self._seats.add(seat)
        self.tally.opened += 1
        self.admission.opened(seat, seat.host)
        self._log.info("Connected with {peer!r}", event="connected", peer=seat.peer)

    def closed(self, seat: Seated, why: str) -> None:
        """A connection has gone."""
        self._seats.discard(seat)
        self.tally.gone[why] += 1
        self.admission.closed(seat)
        text = "Disconnected from {peer!r}: {why}"
        self._log.info(text, event="disconnected", peer=seat.peer, why=why)
        if self._all_gone is not None and not self._seats:
            self._all_gone.callback(None)

    def owed(self) -> list[int]:
        """Bytes that wait for each connection."""
        return [seat.outbox.owed for seat in self._seats]

    def close(self) -> defer.Deferred[None]:
        """Close every connection; fires when all are gone, after GOODBYE_SECONDS at most.

        Whoever calls has closed the room, so everyone has been told.
        """
        self.fanout.flush()
        self._all_gone = defer.Deferred()
        for seat in tuple(self._seats):
            self.fanout.remove(seat.outbox)  # that the others go is no news any more
            seat.close(partings.STOPPING)
        if not self._seats:
            self._all_gone.callback(None)
        return self._all_gone
