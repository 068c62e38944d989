"""How fast people from one address may come in.

Everyone reads who joins and who leaves. So whoever joins and goes again by the thousand
speaks to everyone without a line of their own, and has a pace for it, as for lines.
"""

from collections.abc import Hashable

import attrs

from chatd.addresses import Networks
from chatd.limits import Limits
from chatd.pace import Pace


@attrs.define
class _Address:
    pace: Pace
    waiting: dict[Hashable, None] = attrs.field(factory=dict)  # in order of asking


class Turnstile:
    """Lets one JOIN after the other through, address by address, at the pace of one person's
    lines. Times are in seconds of a clock that never goes back.
    """

    def __init__(self, limits: Limits) -> None:
        self._addresses: dict[str, _Address] = {}  # whichever was asked about last is last
        self._limits = limits
        self._unlimited = Networks(limits.unlimited)

    def __len__(self) -> int:
        """Addresses that are remembered."""
        return len(self._addresses)

    def take_limits(self, limits: Limits, now: float) -> None:
        """Go by these from now on."""
        self._limits = limits
        self._unlimited = Networks(limits.unlimited)
        for address in self._addresses.values():
            address.pace.change(limits.lines_per_second, limits.burst_lines, now)

    def wait(self, who: Hashable, host: str, now: float) -> float:
        """0: they may join, which counts. Else the seconds until it is worth asking again;
        meanwhile they keep their place, and ``give_up`` gives it away.
        """
        if not self._limits.lines_per_second or host in self._unlimited:
            self.give_up(who, host)
            return 0.0
        address = self._address(host, now)
        address.waiting.setdefault(who)
        ahead = _place_of(who, address.waiting)
        if not ahead and address.pace.take(now, 1):
            del address.waiting[who]
            return 0.0
        return address.pace.wait() + ahead / self._limits.lines_per_second

    def give_up(self, who: Hashable, host: str) -> None:
        """They do not wait any more, if they did."""
        if address := self._addresses.get(host):
            address.waiting.pop(who, None)

    def _address(self, host: str, now: float) -> _Address:
        address = self._addresses.pop(host, None)
        if address is None:
            limits = self._limits
            address = _Address(Pace(limits.lines_per_second, limits.burst_lines, now))
            self._forget(now)
        self._addresses[host] = address
        return address

    def _forget(self, now: float) -> None:
        """The addresses that are as good as new: those that nobody has come from for long."""
        most = max(self._limits.burst_lines, 1)
        while self._addresses:
            host, oldest = next(iter(self._addresses.items()))
            if oldest.waiting or oldest.pace.allows(now, most) < most:
                return
            del self._addresses[host]


def _place_of(who: Hashable, waiting: dict[Hashable, None]) -> int:
    """How many are before them. Who has asked last or first is found at once."""
    if next(reversed(waiting)) == who:
        return len(waiting) - 1
    return next(place for place, one in enumerate(waiting) if one == who)
