"""Places to listen at: Twisted endpoint strings, and who could reach them."""

import ipaddress
import re
import socket
from typing import Any

from twisted.application.service import Service
from twisted.internet import defer
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IListeningPort, IProtocolFactory
from twisted.logger import Logger
from twisted.python.failure import Failure

BACKLOG = 1024
"""Connections that the kernel holds until we come round to them. Twisted's 50 is too few
when everyone comes back at once."""

SEND_BUFFER = 32768
"""Bytes that the kernel may hold for a peer that does not read (Linux doubles it). By
default it swallows megabytes before we see that somebody is slow."""


HIGHEST_PORT = 65535


DEAD_SECONDS = 60
"""After so long without a sign of life from its kernel a peer is gone, whether something is
owed to it (the kernel would try for 15 minutes) or not (it would wait for ever)."""

PROBES = 3
"""Signs of life asked for in the last part of that time."""


class CannotListen(Exception):
    """A place can't be listened at; the words say which and why."""


def endpoint(description: str, reactor: Any) -> Any:
    """The server endpoint of a description. Raises ValueError in words."""
    tcp = _tcp(description)
    backlog = f":backlog={BACKLOG}" if tcp and ":backlog=" not in description else ""
    try:
        if tcp:
            _check_port(tcp["port"])
        return serverFromString(reactor, description + backlog)
    except Exception as error:  # kinds of endpoint are plug-ins, and raise what they like
        words = _WORDS.get(type(error), "{}").format(error)
        raise ValueError(f"{description!r} is not a place to listen at: {words}") from None


_NOT_INSTALLED = "a library for it is not installed (for TLS: pip install 'twisted[tls]')"
_WORDS: dict[type[Exception], str] = {
    KeyError: "there is no {}",
    ModuleNotFoundError: _NOT_INSTALLED,
    NameError: _NOT_INSTALLED,
}


def _tcp(description: str) -> re.Match[str] | None:
    return re.match(r"(?:haproxy:)?tcp[46]?:(?:port=)?(?P<port>[^:]*)", description)


def _check_port(port: str) -> None:
    if not (port.isascii() and port.isdigit() and int(port) <= HIGHEST_PORT):
        raise ValueError(f"a port is a number from 0 to {HIGHEST_PORT}")


def probe(description: str) -> None:
    """See whether a TCP port is free. Raises CannotListen.

    For a daemon: by the time that it listens, there is no terminal to say it on.
    """
    if not (tcp := _tcp(description)):
        return
    interface = _interface_of(_words_of(description)) or None
    try:
        for family, kind, _, _, address in socket.getaddrinfo(
            interface, int(tcp["port"]), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[:1]:
            with socket.socket(family, kind) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(address)
                trial.listen()
    except OSError as error:
        raise CannotListen(f"cannot listen at {description}: {error.strerror}") from None


def place(host: str, port: int) -> str:
    """The description of a TCP port on the interface that ``host`` names."""
    escaped = host.replace("\\", "\\\\").replace(":", "\\:")
    return f"tcp:{port}:interface={escaped}"


def reach(description: str) -> str:
    """Who could get in at this place, in words."""
    words = _words_of(description)
    if words[0] == "haproxy":
        return f"whoever the proxy lets through, which is reached by {reach(':'.join(words[1:]))}"
    if words[0] == "unix":
        return "programs on this machine that may open the socket"
    if words[0] == "systemd":
        return "whoever reaches the socket that systemd opens"
    return _reach_of(_interface_of(words))


def _words_of(description: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", word) for word in re.split(r"(?<!\\):", description)]


def _interface_of(words: list[str]) -> str:
    return next((w.split("=", 1)[1] for w in words if w.startswith("interface=")), "")


def _reach_of(interface: str) -> str:
    if not interface:
        return "everyone who can reach this machine"
    if interface == "localhost":
        return "this machine only"
    try:
        ip = ipaddress.ip_address(interface)
    except ValueError:
        return f"whoever reaches {interface}"
    if ip.is_loopback:
        return "this machine only"
    if ip.is_unspecified:
        return "everyone who can reach this machine"
    return "this network only" if ip.is_private else "everyone"


class Listener(Service):
    """Listens at one place while it runs.

    Raises CannotListen from privilegedStartService, so that a daemon does not run deaf.
    """

    _log = Logger()

    def __init__(self, description: str, factory: IProtocolFactory, reactor: Any) -> None:
        self.description = description
        self._endpoint = endpoint(description, reactor)
        self._factory = factory
        self._port: IListeningPort | None = None

    def privilegedStartService(self) -> None:
        """Bind, while it may still be allowed to."""
        failures: list[Failure] = []
        self._endpoint.listen(self._factory).addCallbacks(self._listens, failures.append)
        if failures:
            error = failures[0].value
            reason = getattr(error, "socketError", error)
            reason = getattr(reason, "strerror", None) or reason
            raise CannotListen(f"cannot listen at {self.description}: {reason}")

    def stopService(self) -> "defer.Deferred[None]":
        """Let nobody new in."""
        super().stopService()
        port, self._port = self._port, None
        stopped = port.stopListening() if port else None
        return stopped if stopped is not None else defer.succeed(None)

    def _listens(self, port: IListeningPort) -> None:
        self._port = port
        prepare(port)
        host = port.getHost()
        where = getattr(host, "port", None) or getattr(host, "name", host)
        self._log.info("Server is listening on {where}", where=where)


def prepare(port: IListeningPort) -> None:
    """Set what every connection accepted here inherits."""
    listener = getattr(port, "socket", None)
    if not isinstance(listener, socket.socket):
        return
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if listener.family in (socket.AF_INET, socket.AF_INET6):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # telnet marks its Ctrl-C as urgent; out of line, the mark would tear a sequence apart
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)
        _set_patience(listener)


def _set_patience(listener: socket.socket) -> None:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    between = DEAD_SECONDS // (2 * PROBES)
    values = {
        "TCP_KEEPIDLE": DEAD_SECONDS // 2,
        "TCP_KEEPINTVL": between,
        "TCP_KEEPCNT": PROBES,
        "TCP_USER_TIMEOUT": DEAD_SECONDS * 1000,
    }
    for name, value in values.items():
        if hasattr(socket, name):  # they are Linux's names
            listener.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
