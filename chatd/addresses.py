"""Where somebody comes from, and networks of such places."""

import ipaddress
from collections.abc import Iterable

from twisted.internet.interfaces import IAddress

LOCAL = "local"
"""The host of whoever comes by a Unix socket."""

LOCAL_SOCKET = "a local socket"
"""What the log calls that peer."""


def host_of(address: IAddress | None) -> str:
    """One spelling for each address; ``LOCAL`` for a Unix socket.

    A version 4 peer on a version 6 socket shows as ::ffff:192.0.2.1: it is 192.0.2.1.
    """
    host = getattr(address, "host", None)
    if not isinstance(host, str):
        return LOCAL
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def is_address(text: str) -> bool:
    """Whether it is one, of either version, and no name."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def host_of_text(text: str) -> str:
    """The host of an address as a proxy writes it, with or without a port; empty: it is none."""
    bare = text.rpartition(":")[0] if text.count(":") == 1 or "]:" in text else text
    try:
        # a zone is what that machine calls a cable of its own, and any text
        bare = bare.removeprefix("[").removesuffix("]").partition("%")[0]
        ip = ipaddress.ip_address(bare)
    except ValueError:
        return ""
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def peer_of(host: str, address: IAddress | None) -> object:
    """What the log calls a peer from this host: with the port, where there is one. A peer of whom
    a proxy says where they come from is called by the host alone."""
    port = getattr(address, "port", None)
    return LOCAL_SOCKET if port is None else (host, port)


def neighbourhood(host: str) -> str:
    """What stands for everything that one person there can come from: the address, or of
    version 6 its /64; ``host`` itself where it is no address.
    """
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return host
    if ip.version == 4:
        return host
    return str(ipaddress.IPv6Network((int(ip), 64), strict=False))


def network_meant(text: str) -> str:
    """The network that somebody means by an address or a network; empty: it is neither.

    An address of version 6 means its /64: whoever has one of those addresses has them all.
    """
    address, _, length = text.partition("/")
    try:
        ip = ipaddress.ip_address(address)
        ip = getattr(ip, "ipv4_mapped", None) or ip
        length = length or ("32" if ip.version == 4 else "64")
        of_version = ipaddress.IPv4Network if ip.version == 4 else ipaddress.IPv6Network
        return str(of_version((int(ip), length), strict=False))
    except ValueError:
        return ""


def check_network(text: str) -> None:
    """Raises ValueError, in words, if this is no network."""
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError(f"has {text!r}, which is no network: {error}") from None


class Networks:
    """Networks such as 192.168.0.0/16, ::1/128 or 10.1.2.3; ``host in networks`` asks."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(network) for network in networks]

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, host: str) -> bool:
        if not self._networks or host == LOCAL:
            return False
        try:
            ip = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(ip in network for network in self._networks)
