"""The web door, as far as it is known where nobody wants one: which pages may talk to us, and
whose word counts for where somebody comes from.
"""

import importlib.util
import re
import socket
from urllib.parse import urlsplit

import attrs

from chatd.addresses import LOCAL, Networks, check_network, host_of_text, is_address

NOT_INSTALLED = "websockets is not installed: pip install 'chatd[web]'"

_PORTS = {"http": 80, "https": 443}

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://([a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:]+\])(:(?P<port>[1-9]\d*))?"
)
"""As a browser writes it: without a user or a path, and names of other letters as xn--."""


def is_installed() -> bool:
    """Whether all is there that the web door needs."""
    return importlib.util.find_spec("websockets") is not None


def _own_names() -> frozenset[str]:
    """What this machine is called by others on its network."""
    name = socket.gethostname().lower()
    return frozenset({"localhost", name, f"{name}.local"})


@attrs.frozen
class Terms:
    """``origins``: pages of other places than ours that may talk to us, such as
    https://chat.example.org. ``proxies``: networks whose X-Forwarded-For is believed, and
    ``LOCAL`` for whoever comes by a Unix socket. ``names``: what our own pages may be called.
    """

    title: str = "chatd"
    origins: frozenset[str] = frozenset()
    proxies: frozenset[str] = frozenset()
    names: frozenset[str] = attrs.field(factory=_own_names)
    _networks: Networks = attrs.field(init=False, eq=False)

    @_networks.default
    def _networks_of_proxies(self) -> Networks:
        return Networks(self.proxies - {LOCAL})

    def is_proxy(self, host: str) -> bool:
        """Whether many people come by that address, and it says who."""
        if host == LOCAL:
            return LOCAL in self.proxies
        return host in self._networks

    def comes_from(self, host: str, forwarded: str | None) -> str:
        """Where somebody comes from who has come by ``host`` with this X-Forwarded-For.

        Each proxy adds whom it has it from, so from the right, the first who is no proxy of ours
        is as far as anybody's word counts.
        """
        for named in reversed((forwarded or "").split(",")):
            if not self.is_proxy(host):
                break
            if not (before := host_of_text(named.strip())):
                break
            host = before
        return host

    def welcomes(self, origin: str | None, host: str | None) -> bool:
        """Whether a page from ``origin`` may talk to us, who are called ``host`` by it.

        Whoever is no browser says no origin. A page of our own comes from where it talks to; but
        a foreign page can have a name of its own made to lead to us (DNS rebinding), so
        ours is one that is called by an address, by this machine's name, or as ``origins`` has it.
        """
        if origin is None or origin.lower() in self.origins:
            return True
        place = _place(origin)
        return (
            place is not None
            and place == _place(f"{_scheme(origin)}://{host}")
            and self._is_own(place[0])
        )

    def is_called(self, host: str | None) -> bool:
        """Whether a page that was asked for at ``host`` could come in."""
        if host is None:
            return True
        ours = set(map(_place, self.origins))
        places = (_place(f"{kind}://{host}") for kind in _PORTS)
        return any(one and (self._is_own(one[0]) or one in ours) for one in places)

    def _is_own(self, name: str) -> bool:
        return name in self.names or is_address(name)


def check_origin(text: str) -> None:
    """Raises ValueError, in words, if this is no origin."""
    found = _ORIGIN.fullmatch(text.lower())
    if not found or _place(text) is None or found["port"] == str(_PORTS[found["scheme"]]):
        words = "which is no origin as browsers send it, such as https://chat.example.org"
        raise ValueError(f"has {text!r}, {words}")


def check_proxy(text: str) -> None:
    """Raises ValueError, in words, if this is neither a network nor ``LOCAL``."""
    if text != LOCAL:
        check_network(text)


def _scheme(origin: str) -> str:
    return origin.partition("://")[0]


def _place(origin: str) -> tuple[str, int] | None:
    """The host and port of an origin; None if it is none."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path or parts.query:
        return None
    return parts.hostname.rstrip("."), port or _PORTS[parts.scheme]
