"""Who may connect: networks, how many in all, how many from one address.

When there is no place left, those who have not joined make way for newcomers from
addresses that hold fewer of them: whoever opens connections by the thousand displaces
their own, and a stranger still gets in.
"""

from collections import Counter
from collections.abc import Hashable
from typing import Generic, TypeVar

from chatd.addresses import LOCAL, Networks
from chatd.errors import Refused
from chatd.limits import Limits
from chatd.turnstile import Turnstile

A_PAGE = 6
"""Connections at once by which a browser fetches a page: so many for each that may stay."""

MOST_MAKING_WAY = 32
"""Who has to make way still has its file descriptor for a moment."""

Seat = TypeVar("Seat", bound=Hashable)


class Admission(Generic[Seat]):
    """Counts the connections of all doors."""

    def __init__(self, limits: Limits) -> None:
        self.take_limits(limits)
        self.turnstile = Turnstile(limits)
        """For all doors, too: who joins by two of them is not twice as fast."""
        self._hosts: dict[Seat, str] = {}
        self._staying: Counter[str] = Counter()  # by host
        self._fetching: Counter[str] = Counter()
        self._fetchers: set[Seat] = set()
        self._making_way: set[Seat] = set()  # told to go, and not gone yet
        self._waiting: dict[str, dict[Seat, None]] = {}  # not joined, by host, oldest first

    def take_limits(self, limits: Limits) -> None:
        """Go by these from now on. Whoever is connected stays, whatever they say."""
        self._limits = limits
        self._allow = Networks(limits.allow)
        self._deny = Networks(limits.deny)
        self._unlimited = Networks(limits.unlimited)

    def __len__(self) -> int:
        return len(self._hosts)

    def bars(self, host: str) -> bool:
        """Whether nobody from there may connect at all."""
        return host in self._deny or bool(self._allow and host != LOCAL and host not in self._allow)

    def make_place(
        self, host: str, is_proxy: bool = False, is_fetching: bool = False
    ) -> Seat | None:
        """See that one more from there may come; gives who has to make way, if somebody has.

        ``is_proxy``: many people come by that address, so it may hold as many as it likes.
        ``is_fetching``: one answer, and they go. Raises Refused (too-many-connections).
        """
        limits = self._limits
        here = (self._fetching if is_fetching else self._staying).get(host, 0)
        most_here = limits.connections_per_address * (A_PAGE if is_fetching else 1)
        crowded = most_here and here >= most_here and not is_proxy
        if crowded and host not in self._unlimited:
            raise Refused(
                "too-many-connections", "There are too many connections from your address."
            )
        if not limits.connections or len(self) < limits.connections:
            return None
        return self._displaced(host)

    def opened(self, seat: Seat, host: str, is_fetching: bool = False) -> None:
        """Somebody has connected, and not joined yet."""
        self._hosts[seat] = host
        if is_fetching:
            self._fetchers.add(seat)
        self._kind_of(seat)[host] += 1
        self._waiting.setdefault(host, {})[seat] = None

    def joined(self, seat: Seat) -> None:
        """They have joined, and make way for nobody from now on."""
        self._forget_waiting(seat, self._hosts[seat])

    def closed(self, seat: Seat) -> None:
        """They are gone; once is enough, and twice does no harm."""
        self._making_way.discard(seat)
        host = self._hosts.pop(seat, None)
        if host is None:
            return
        self._forget_waiting(seat, host)
        kind = self._kind_of(seat)
        kind[host] -= 1
        if not kind[host]:
            del kind[host]
        self._fetchers.discard(seat)

    def _kind_of(self, seat: Seat) -> Counter[str]:
        return self._fetching if seat in self._fetchers else self._staying

    def _displaced(self, host: str) -> Seat:
        busiest = max(self._waiting, key=lambda one: len(self._waiting[one]), default=None)
        fewer = len(self._waiting.get(host, ())) < len(self._waiting.get(busiest or "", ()))
        if busiest is None or not fewer or len(self._making_way) >= MOST_MAKING_WAY:
            raise Refused(
                "too-many-connections", "There are too many connections. Please try later."
            )
        oldest = next(iter(self._waiting[busiest]))
        self.closed(oldest)
        self._making_way.add(oldest)
        return oldest

    def _forget_waiting(self, seat: Seat, host: str) -> None:
        waiting = self._waiting.get(host, {})
        waiting.pop(seat, None)
        if not waiting:
            self._waiting.pop(host, None)
