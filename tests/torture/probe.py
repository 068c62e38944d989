"""The real daemon, with somebody looking on from inside.

``python -m tests.torture.probe SOCKET [--broken] TWISTD-OPTIONS``. Whoever connects to the
Unix socket SOCKET gets a line of JSON (see ``Probe``); whoever says "objects" gets counts of
objects too, at the price of a slow turn. --broken gives the daemon a fault: a
private line "boom" raises.
"""

import ctypes
import gc
import json
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
"""Whoever started the daemon may be killed; it does not stay behind."""

WATCHED = ("LineSeat", "TurnedAway", "Outbox", "LineIntake", "WebVisit", "WebSeat", "MessageIntake")


class Mallinfo(ctypes.Structure):
    """struct mallinfo2 of glibc's malloc.h."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def in_use() -> int:
    """Bytes that malloc has given out and not got back; -1 where it does not tell.

    Python takes its memory for small things from malloc or mmap in arenas, whole.
    """
    tell = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if tell is None:
        return -1
    tell.restype = Mallinfo
    seen = tell()
    return int(seen.uordblks + seen.hblkhd)


class TimedPoller:
    """Stands between the reactor and epoll: between two of its waits lies a turn."""

    def __init__(self, poller: Any) -> None:
        self._poller = poller
        self._woke = 0.0
        self._woke_cpu = 0.0
        self.forget()

    def forget(self) -> None:
        """Measure afresh."""
        self.longest = 0.0  # seconds of the wall clock
        self.longest_cpu = 0.0  # seconds of the reactor's thread: what others take is not in it
        self.turns = 0
        self.looking = True  # so this turn does not count

    def poll(self, timeout: float, most: int) -> Any:
        if self._woke and not self.looking:
            self.turns += 1
            self.longest = max(self.longest, time.monotonic() - self._woke)
            self.longest_cpu = max(self.longest_cpu, time.thread_time() - self._woke_cpu)
        self.looking = False
        found = self._poller.poll(timeout, most)
        self._woke, self._woke_cpu = time.monotonic(), time.thread_time()
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._poller, name)


class Probe:
    """Answers in a thread of its own, and costs nothing while nobody asks."""

    def __init__(self, place: str, reactor: Any) -> None:
        self._reactor = reactor
        self._poller = reactor._poller = TimedPoller(reactor._poller)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(place)
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            asker, _ = self._listener.accept()
            with asker:
                objects = asker.recv(100) == b"objects"
                asker.sendall(json.dumps(self._look(objects)).encode())

    def _look(self, objects: bool) -> dict[str, float]:
        from twisted.internet.threads import blockingCallFromThread

        seen: dict[str, float] = blockingCallFromThread(self._reactor, self._inside, objects)
        return seen

    def _inside(self, objects: bool) -> dict[str, float]:
        seen = {
            "longest_turn": self._poller.longest,
            "longest_turn_cpu": self._poller.longest_cpu,
            "turns": self._poller.turns,
            "timers": len(self._reactor.getDelayedCalls()),
            "readers": len(self._reactor.getReaders()),
            "monotonic_clock": float(self._reactor.seconds is time.monotonic),
            "blocks": sys.getallocatedblocks(),
            "in_use": in_use(),
        }
        self._poller.forget()
        if objects:
            gc.collect()
            kinds = [type(one).__name__ for one in gc.get_objects()]
            seen |= {kind: kinds.count(kind) for kind in WATCHED}
        return seen


def break_something() -> None:
    """A handler that raises."""
    from chatd.room import Room

    whisper = Room.whisper

    def broken(self: Any, name: Any, to: str, text: str) -> None:
        if text == "boom":
            raise RuntimeError("a fault for the tests")
        whisper(self, name, to, text)

    Room.whisper = broken  # type: ignore[method-assign]


def main(place: str, *options: str) -> None:
    """Be twistd."""
    from twisted.internet import reactor
    from twisted.scripts.twistd import run

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    Path(place).unlink(missing_ok=True)
    Probe(place, reactor)
    if options[:1] == ("--broken",):
        break_something()
        options = options[1:]
    sys.argv = ["twistd", *options]
    run()


if __name__ == "__main__":
    main(*sys.argv[1:])
