"""What systemd is told by a daemon that it started: sd_notify(3), in datagrams.

Ready, reloading, stopping, a sentence for ``systemctl status``, and, where the unit has
WatchdogSec, a sign of life from the reactor itself: a daemon that hangs gives none and is
started anew.
"""

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from twisted.application.service import Service
from twisted.internet.task import LoopingCall

STATUS_SECONDS = 10.0
"""How old the sentence may be."""

Send = Callable[[bytes], object]


def sender(environ: Mapping[str, str]) -> Send | None:
    """What sends a datagram to systemd; None if it does not listen. It never raises or waits."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return None
    if address.startswith("@"):
        address = "\0" + address[1:]
    out = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    out.setblocking(False)

    def send(data: bytes) -> None:
        with suppress(OSError):  # it may have died, and we need not
            out.sendto(data, address)

    return send


def watchdog_seconds(environ: Mapping[str, str], pid: int) -> float:
    """After how long without a sign of life systemd ends us; 0: it does not."""
    if environ.get("WATCHDOG_PID", str(pid)) != str(pid):
        return 0.0
    usec = environ.get("WATCHDOG_USEC", "")
    return int(usec) / 1e6 if usec.isascii() and usec.isdigit() else 0.0


class Supervised(Service):
    """Tells systemd how we are. ``status`` gives the sentence; ``watchdog`` is in seconds."""

    def __init__(
        self,
        reactor: Any,
        status: Callable[[], str],
        send: Send | None,
        watchdog: float = 0.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reactor = reactor
        self._status = status
        self._send = send
        self._watchdog = watchdog
        self._now = now
        self._told = ""
        self._life = LoopingCall(self._live)
        self._life.clock = reactor

    @classmethod
    def by_environment(cls, reactor: Any, status: Callable[[], str]) -> "Supervised":
        """As the environment says; without systemd it does nothing."""
        return cls(reactor, status, sender(os.environ), watchdog_seconds(os.environ, os.getpid()))

    def startService(self) -> None:
        """Ready as soon as the reactor runs."""
        super().startService()
        if self._send is not None:
            self._reactor.callWhenRunning(self._begin)

    def stopService(self) -> None:
        """There is an end to everything."""
        super().stopService()
        if self._life.running:
            self._life.stop()
        self._tell("STOPPING=1", "STATUS=Stopping")

    def reload(self, reload: Callable[[], bool]) -> None:
        """Reload, and say when it begins and how it ended."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={int(self._now() * 1e6)}")
        taken = reload()
        self._told = ""
        why = "" if taken else "; its config was not taken, the log says why"
        self._tell("READY=1", f"STATUS={self._status()}{why}")

    def _begin(self) -> None:
        if not self.running:
            return
        self._tell("READY=1")
        self._life.start(min(self._watchdog / 2 or STATUS_SECONDS, STATUS_SECONDS))

    def _live(self) -> None:
        words = ["WATCHDOG=1"] if self._watchdog else []
        status = self._status()
        if status != self._told:
            self._told = status
            words.append(f"STATUS={status}")
        self._tell(*words)

    def _tell(self, *words: str) -> None:
        if self._send is not None and words:
            self._send("\n".join(words).encode())
