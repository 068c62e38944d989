"""What the description of a place says: a Twisted endpoint string, or ours for TLS."""

import ipaddress
import re
import socket

import attrs

_OWN_TLS = "for TLS, write tls:PORT, or tls:PORT:interface=…, and name the certificates in [tls]"
_BENEATH = ("tcp", "tcp4", "tcp6", "unix", "systemd")


@attrs.frozen
class Tcp:
    """What the description of a TCP place says, TLS and a proxy in front of it set aside."""

    port: int
    interface: str
    has_backlog: bool

    @classmethod
    def of(cls, description: str) -> "Tcp | None":
        """None if it is no TCP place. Raises ValueError in words."""
        words = words_of(without_tls(description).removeprefix("haproxy:"))
        if words[0] not in ("tcp", "tcp4", "tcp6"):
            return None
        named = dict(word.split("=", 1) for word in words[1:] if "=" in word)
        by_place = [word for word in words[1:] if "=" not in word]
        port = named.get("port") or (by_place[0] if by_place else "")
        if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) < 65536):
            raise ValueError("a port is a number from 0 to 65535")
        interface = named.get("interface") or (by_place[1] if len(by_place) > 1 else "")
        return cls(int(port), interface, "backlog" in named)


def place(host: str, port: int) -> str:
    """The description of a TCP port on the interface that ``host`` names."""
    escaped = host.replace("\\", "\\\\").replace(":", "\\:")
    return f"tcp:{port}:interface={escaped}"


def is_tls(description: str) -> bool:
    """Whether certificates are needed there."""
    return re.match("(haproxy:)?tls:", description) is not None


def without_tls(description: str) -> str:
    """The place beneath TLS: tls:PORT is tcp:PORT, and tls:unix:… is unix:…

    Raises ValueError in words, for what Twisted alone would take for TLS.
    """
    place = description.removeprefix("haproxy:")
    proxy = description.removesuffix(place)
    kind, *words = words_of(place)
    if kind == "ssl":
        raise ValueError(_OWN_TLS)
    if kind != "tls":
        return description
    beneath = place.removeprefix("tls:")
    if words and words[0] in _BENEATH:
        return f"{proxy}{beneath}"
    by_place = [word for word in words if "=" not in word]
    named = [word.partition("=")[0] for word in words if "=" in word]
    if "path" in named or not ("port" in named or (by_place and by_place[0].isdigit())):
        raise ValueError(_OWN_TLS)
    return f"{proxy}tcp:{beneath}"


def from_systemd(description: str) -> bool:
    """Whether systemd opens the socket: it is given to us at the start, and only then."""
    return re.match("(haproxy:)?(tls:)?systemd:", description) is not None


def exclude_each_other(one: str, other: str) -> bool:
    """Whether these are the same port, on other interfaces maybe, or the same Unix socket."""
    ours, theirs = Tcp.of(one), Tcp.of(other)
    if ours and theirs:
        return ours.port == theirs.port
    words = words_of(one)[:2]
    return words[0] == "unix" and words == words_of(other)[:2]


def are_one(one: str, other: str) -> bool:
    """Whether these can't both be open. Raises ValueError in words, as they are no places."""
    ours, theirs = Tcp.of(one), Tcp.of(other)
    if not ours or not theirs:
        words = [words_of(without_tls(each).removeprefix("haproxy:"))[:2] for each in (one, other)]
        return words[0] == words[1] and words[0][0] == "unix"
    if ours.port != theirs.port or not ours.port:
        return False
    interfaces = {ours.interface, theirs.interface}
    has_any = "" in interfaces and not any(":" in each for each in interfaces)
    return len(interfaces) == 1 or has_any


def reach(description: str) -> str:
    """Who could get in at this place, in words."""
    if is_tls(description):
        return f"{reach(without_tls(description))}, by TLS"
    words = words_of(description)
    if words[0] == "haproxy":
        return f"whoever the proxy lets through, which is reached by {reach(':'.join(words[1:]))}"
    if words[0] == "unix":
        return "programs on this machine that may open the socket"
    if words[0] == "systemd":
        return "whoever reaches the socket that systemd opens"
    tcp = Tcp.of(description)
    if tcp is None:
        return "whoever reaches it"
    return _reach_of(tcp.interface)


def words_of(description: str) -> list[str]:
    """The parts between its colons, the escaped ones aside."""
    return [re.sub(r"\\(.)", r"\1", word) for word in re.split(r"(?<!\\):", description)]


def _reach_of(interface: str) -> str:
    if not interface:
        return "everyone who can reach this machine"
    if interface == "localhost":
        return "this machine only"
    try:  # the system knows more spellings of an address than Python's ipaddress
        found = socket.getaddrinfo(interface, None, flags=socket.AI_NUMERICHOST)
        ip = ipaddress.ip_address(found[0][4][0])
    except (OSError, ValueError):
        return f"whoever reaches {interface}"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback:
        return "this machine only"
    if ip.is_unspecified:
        return "everyone who can reach this machine"
    return "this network only" if ip.is_private else "everyone"
