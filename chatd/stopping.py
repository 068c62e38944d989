"""Being told to stop twice is being told to stop."""

import signal
from typing import Any


def stop_once(reactor: Any) -> None:
    """From the first SIGTERM or SIGINT on, ignore these signals, and a reload.

    Twisted takes the second for a fault and logs a traceback. An end takes two seconds, and SIGKILL
    is there for whoever can't wait.
    """
    reactor.callWhenRunning(_wrap)  # after the reactor has put its own in place


def _wrap() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        stop = signal.getsignal(number)
        if callable(stop):
            signal.signal(number, lambda *args, stop=stop: _stop(stop, *args))


def _stop(stop: Any, *args: object) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    stop(*args)
