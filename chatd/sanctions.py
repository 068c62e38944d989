"""Bans, or mutes: whom they hold for, and for how long. No clock, no file, no room."""

import ipaddress
from collections import Counter
from collections.abc import Iterator

import attrs

from chatd.errors import Refused
from chatd.names import Name

MOST = 10_000
"""Of a kind. Telling whether somebody is among them does not take longer for that."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@attrs.frozen
class Sanction:
    """``name`` and whatever looks like it, and ``network``, of which one may be empty.

    ``ends``: by a clock that never goes back, or never.
    """

    name: str
    network: str
    by: str
    why: str = ""
    ends: float | None = None

    @property
    def whom(self) -> str:
        """For people."""
        network = self.network.removesuffix("/32")
        return f"{self.name} ({network})" if self.name and network else self.name or network


class Sanctions:
    """Of one kind, in the order in which they came."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str], Sanction] = {}  # by name key and network
        self._looks: dict[str, list[Sanction]] = {}
        self._networks: dict[Network, list[Sanction]] = {}
        self._lengths: Counter[tuple[int, int]] = Counter()  # of the networks, by version

    def __bool__(self) -> bool:
        return bool(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Sanction]:
        return iter(self._all.values())

    def add(self, one: Sanction) -> None:
        """One more, in place of the one for the same name and network.

        Raises Refused (usage) where there are too many.
        """
        name, network = _read(one)
        key = (name.key if name else "", one.network)
        if key in self._all:
            self._remove(key)
        elif len(self._all) >= MOST:
            raise Refused("usage", f"There are {MOST} already. Lift some that are not needed.")
        self._all[key] = one
        for look in name.looks if name else ():
            self._looks.setdefault(look, []).append(one)
        if network is not None:
            self._networks.setdefault(network, []).append(one)
            self._lengths[network.version, network.prefixlen] += 1

    def lift(self, what: str) -> list[Sanction]:
        """End those for this name key, or this network; gives them."""
        keys = [key for key in self._all if what and what in key]
        return [self._remove(key) for key in keys]

    def on_name(self, name: Name, now: float) -> Sanction | None:
        """The one that holds for this name."""
        found = (self._looks.get(look, ()) for look in name.looks)
        return next((one for some in found for one in some if _holds(one, now)), None)

    def on_host(self, host: str, now: float) -> Sanction | None:
        """The one that holds for whoever comes from there."""
        if not self._networks:
            return None
        try:
            ip = ipaddress.ip_address(host)
        except ValueError:
            return None
        of_version = ipaddress.IPv4Network if ip.version == 4 else ipaddress.IPv6Network
        for version, length in self._lengths:
            if version == ip.version:
                network = of_version((int(ip), length), strict=False)
                for one in self._networks.get(network, ()):
                    if _holds(one, now):
                        return one
        return None

    def current(self, now: float) -> Iterator[Sanction]:
        """Those that hold; the others are forgotten."""
        for key in [key for key, one in self._all.items() if not _holds(one, now)]:
            self._remove(key)
        return iter(tuple(self._all.values()))

    def _remove(self, key: tuple[str, str]) -> Sanction:
        one = self._all.pop(key)
        name, network = _read(one)
        for look in name.looks if name else ():
            self._looks[look].remove(one)
            if not self._looks[look]:
                del self._looks[look]
        if network is not None:
            self._networks[network].remove(one)
            if not self._networks[network]:
                del self._networks[network]
            self._lengths[network.version, network.prefixlen] -= 1
            if not self._lengths[network.version, network.prefixlen]:
                del self._lengths[network.version, network.prefixlen]
        return one


def _holds(one: Sanction, now: float) -> bool:
    return one.ends is None or now < one.ends


def _read(one: Sanction) -> tuple[Name | None, Network | None]:
    """Raises Refused (bad-name) or ValueError, for what comes from a file."""
    name = Name.chosen(one.name) if one.name else None
    return name, ipaddress.ip_network(one.network) if one.network else None
