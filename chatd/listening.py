"""Places to listen at: opened, closed, and what connections accepted there inherit."""

import errno
import os
import re
import socket
from typing import Any

from twisted.application.service import Service
from twisted.internet import defer
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IListeningPort, IProtocolFactory
from twisted.internet.protocol import connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatd import tls
from chatd.accepting import accept_in_slices
from chatd.behind_proxy import BehindProxy
from chatd.descriptions import Tcp, from_systemd, is_tls, without_tls, words_of

BACKLOG = 1024
"""Connections that the kernel holds until we come round to them. Twisted's 50 is too few
when everyone comes back at once."""

SEND_BUFFER = 32768
"""Bytes that the kernel may hold for a peer that does not read (Linux doubles it). By
default it swallows megabytes before we see that somebody is slow."""


DEAD_SECONDS = 40
"""After so long without a sign of life from its kernel a peer is gone, whether something is
owed to it (the kernel would try for 15 minutes) or not (it would wait for ever)."""

PROBES = 3
"""Signs of life asked for in the last part of that time."""


class CannotListen(Exception):
    """A place can't be listened at; the words say which and why."""


class AlreadyInUse(CannotListen):
    """Somebody listens there, maybe we ourselves."""


def endpoint(description: str, reactor: Any, served: Any = None) -> Any:
    """The server endpoint of a description. Raises ValueError in words.

    ``served``: the certificates that a TLS place shows (``chatd.tls.served``); None, if all
    that is wanted is to see whether this is a place.
    """
    try:
        tcp = Tcp.of(description)
        backlog = f":backlog={BACKLOG}" if tcp and not tcp.has_backlog else ""
        beneath: Any = serverFromString(reactor, without_tls(description) + backlog)
        if description.startswith("haproxy:"):
            beneath = BehindProxy(beneath)
        return _with_tls(beneath, served, reactor) if is_tls(description) else beneath
    except Exception as error:  # kinds of endpoint are plug-ins, and raise what they like
        words = _mistyped(error) or _WORDS.get(type(error), "{}").format(error)
        raise ValueError(f"{description!r} is not a place to listen at: {words}") from None


def _with_tls(beneath: Any, served: Any, reactor: Any) -> Any:
    if not tls.is_installed():
        raise ValueError(tls.NOT_INSTALLED)
    from chatd.tls.places import TLSPlace

    return TLSPlace(beneath, served, reactor)


_NOT_INSTALLED = "a library for it is not installed"
_WORDS: dict[type[Exception], str] = {
    KeyError: "there is no {}",
    IndexError: "systemd has opened no socket for us, or given none a name"
    " (systemd-socket-activate --fdname)",
    ModuleNotFoundError: _NOT_INSTALLED,
    NameError: _NOT_INSTALLED,
}


_MISTYPED = (
    ("unexpected keyword argument '(.*)'", r"there is no \1= for such a place"),
    ("multiple values for argument '(.*)'", r"its \1 is there twice"),
    ("missing .*: '(.*)'", r"its \1 is missing"),
    ("positional arguments? but", "there is too much between colons"),
)


def _mistyped(error: Exception) -> str:
    """What is wrong with the words between the colons, where Twisted leaves that to Python."""
    told = str(error) if isinstance(error, TypeError) else ""
    found = ((re.search(pattern, told), words) for pattern, words in _MISTYPED)
    return next((match.expand(words) for match, words in found if match), "")


def probe(description: str) -> None:
    """See whether a place can be listened at. Raises CannotListen.

    For a daemon: by the time that it listens, there is no terminal to say it on.
    """
    tcp = Tcp.of(description)
    words = words_of(without_tls(description))
    try:
        if tcp:
            _probe_port(tcp)
        elif words[0] == "unix" and not os.path.isdir(os.path.dirname(words[1]) or "."):
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))  # noqa: TRY301
    except OSError as error:
        raise CannotListen(f"cannot listen at {description}: {error.strerror}") from None


def _probe_port(tcp: Tcp) -> None:
    family, kind, _, _, address = socket.getaddrinfo(
        tcp.interface or None, tcp.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(address)
        trial.listen()


_LOCKED = "Cannot acquire lock"


class Listener(Service):
    """Listens at one place while it runs.

    Raises CannotListen from privilegedStartService, so that a daemon does not run deaf.
    """

    _log = Logger()

    def __init__(
        self, description: str, factory: IProtocolFactory, reactor: Any, served: Any = None
    ) -> None:
        self.description = description
        self._endpoint = endpoint(description, reactor, served)
        self._factory = factory
        self._port: IListeningPort | None = None

    def privilegedStartService(self) -> None:
        """Bind, while it may still be allowed to."""
        self.open()

    def open(self) -> None:
        """Listen, if it does not yet. Raises CannotListen."""
        if self._port is not None:
            return
        failures: list[Failure] = []
        self._endpoint.listen(self._factory).addCallbacks(self._listens, failures.append)
        if failures:
            error = failures[0].value
            reason = getattr(error, "socketError", error)
            # the words are Twisted's for a Unix socket that a process which lives has opened
            in_use = getattr(reason, "errno", 0) == errno.EADDRINUSE or reason == _LOCKED
            reason = getattr(reason, "strerror", None) or reason
            kind = AlreadyInUse if in_use else CannotListen
            raise kind(f"cannot listen at {self.description}: {reason}")

    def close_now(self) -> None:
        """Listen no more, so that something else can in this very turn."""
        port: Any = self._port
        if isinstance(getattr(port, "socket", None), socket.socket):
            self._port = None
            try:
                port.connectionLost(connectionDone)  # as stopListening does one turn later
            except OSError:  # somebody has taken the file of a Unix socket away: nobody finds it
                port.stopReading()
        else:
            self.stopService()

    def stopService(self) -> "defer.Deferred[None]":
        """Let nobody new in."""
        super().stopService()
        port: Any = self._port
        self._port = None
        if port is not None and from_systemd(self.description):
            port.stopReading()  # it is not ours to close: newcomers wait in it for our return
            return defer.succeed(None)
        stopped = port.stopListening() if port else None
        return stopped if stopped is not None else defer.succeed(None)

    def _listens(self, port: IListeningPort) -> None:
        self._port = port
        prepare(port)
        host = port.getHost()
        name = getattr(host, "name", None)
        where = getattr(host, "port", None) or (os.fsdecode(name) if name else host)
        self._log.info("Server is listening on {where}", event="listening", where=where)


def prepare(port: IListeningPort) -> None:
    """Set how connections are accepted here, and what each of them inherits."""
    listener = getattr(port, "socket", None)
    if not isinstance(listener, socket.socket):
        return
    accept_in_slices(port)
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
