"""Peers that are dead, or as good as dead."""

import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from ctypes import addressof, create_string_buffer

from tests.torture.elsewhere import Signals, elsewhere
from tests.torture.people import Account, chatting
from tests.torture.row import Figure, Run, all_of, none_of, row
from tests.torture.sockets import join, reset, source_of
from tests.torture.subject import ROOMY, subject

SO_ATTACH_FILTER = 26
DROP_ALL = create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # BPF: ret 0
PROGRAM = struct.pack("HL", 1, addressof(DROP_ALL))

FASTER = "outbox_bytes = 16384\nlines_per_second = 20\n"


def dying(signals: Signals, port: int, count: int, prefix: str) -> None:
    """Members whose kernel drops, from one moment on, whatever the daemon's sends."""
    kept = [join(port, f"{prefix}{n}", source_of(n)) for n in range(count)]
    for one in kept:
        one.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM)
    signals.ready()
    while not signals.stopped:
        time.sleep(0.1)


def stopping(signals: Signals, port: int, count: int) -> None:
    """Members in one process, which is to be stopped."""
    kept = [join(port, f"stopped{n}", source_of(n)) for n in range(count)]
    signals.ready()
    while not signals.stopped:
        time.sleep(0.1)
    for one in kept:
        reset(one)


@row(
    "dead-peers",
    "100 peers whose kernel is gone and 100 that are stopped, in a room and a quiet one",
)
def dead_peers(run: Run) -> Iterator[Figure]:
    count, config = (10, ROOMY + FASTER) if run.short else (100, ROOMY)
    rate, size = (150, 450) if run.short else (100, 850)
    with (
        subject(run.place("lively"), config) as daemon,
        subject(run.place("quiet"), ROOMY) as quiet,
        elsewhere(chatting, daemon.port, 24, rate, size) as talk,
        elsewhere(dying, daemon.port, count, "dead") as dead,
        elsewhere(stopping, daemon.port, count) as stopped,
        elsewhere(dying, quiet.port, count, "dead") as dead_in_quiet,
    ):
        for one in (talk, dead, stopped, dead_in_quiet):
            one.ready()
        began = time.monotonic()
        os.kill(stopped.pid, signal.SIGSTOP)
        wanted = r"(dead|stopped)\d+ has left the chat"
        daemon.wait_until_logged(wanted, 2 * count, 120)
        gone = time.monotonic() - began
        if not run.short:  # nothing but time tells that somebody quiet is dead
            quiet.wait_until_logged(wanted, count, 120)
        yield Figure("gone after", gone, high=90, unit="s")
        yield Figure("in a quiet room", time.monotonic() - began, high=90, unit="s")
        names = [f"{kind}{n}" for kind in ("dead", "stopped") for n in range(count)]
        taken = list[str]()
        for number, name in enumerate(names):
            with suppress(ConnectionError):
                join(daemon.port, name, source_of(number, 8)).close()
                continue
            taken.append(name)
        yield none_of("names still taken", taken)
        account: Account = talk.stop()
    yield all_of(
        "told to the room",
        sum(account.others[f"{n} has left the chat"] > 0 for n in names),
        2 * count,
    )
    yield from account.figures(p99_ms=100)
