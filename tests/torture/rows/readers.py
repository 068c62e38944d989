"""Those who do not read."""

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from tests.integration.daemon import wait_for
from tests.torture.elsewhere import Signals, elsewhere
from tests.torture.people import Account, chatting
from tests.torture.row import Figure, Run, none_of, row
from tests.torture.sockets import join, kernel_bytes, reset, source_of
from tests.torture.subject import ROOMY, Subject, subject

MB = 1 << 20


def never_reading(signals: Signals, port: int, count: int) -> None:
    """Members who read nothing from the moment they are in."""
    stay(signals, [join(port, f"silent{n}", source_of(n), 4096) for n in range(count)])


def stay(signals: Signals, connections: list[socket.socket]) -> None:
    """Do nothing with these until told to stop."""
    signals.ready()
    while not signals.stopped:
        time.sleep(0.1)
    for connection in connections:
        reset(connection)


@row("silent-readers", "1000 members never read, 20 do, 40 lines a second of 500 bytes")
def silent_readers(run: Run) -> Iterator[Figure]:
    silent, readers, rate, cap = (100, 5, 100, 32768) if run.short else (1000, 20, 40, 262144)
    config = ROOMY + f"outbox_bytes = {cap}\nlines_per_second = 40\n"
    before = kernel_bytes()
    with (
        subject(run.place("daemon"), config) as daemon,
        elsewhere(chatting, daemon.port, readers, rate, 470, "reader") as talk,
    ):
        talk.ready()
        with elsewhere(never_reading, daemon.port, silent) as silence:
            silence.ready()
            spread, most = _watch_them_go(daemon, silent, 90)
            silence.stop()
        account: Account = talk.stop()
        log = daemon.log_text()
    yield from account.figures(p99_ms=100)
    yield Figure("from the first let go to the last", spread, high=15, unit="s")
    yield Figure("kernel memory", (most - before) / MB, high=80, unit="MB")
    yield none_of("not logged once with the reason", _not_once(log, silent))
    told = [f"silent{n} has left the chat" for n in range(silent)]
    yield none_of("not told to the room once", [t for t in told if account.others[t] != 1])


def _watch_them_go(daemon: Subject, silent: int, within: float) -> tuple[float, int]:
    """Seconds between the first and the last to be let go; the most that the kernel held."""
    first = last = 0.0
    most, until = 0, time.monotonic() + within
    while time.monotonic() < until:
        gone = daemon.count_logged(r"silent\d+ has left the chat: too slow$")
        last = time.monotonic()
        first = first or (last if gone else 0.0)
        most = max(most, kernel_bytes())
        if gone >= silent:
            return last - first, most
        time.sleep(0.1)
    return float("inf"), most


def _not_once(log: str, silent: int) -> list[str]:
    told = re.findall(r"\] (silent\d+) has left the chat: (.*)$", log, re.MULTILINE)
    return [f"silent{n}" for n in range(silent) if told.count((f"silent{n}", "too slow")) != 1]


def in_kernel(port: int, peer_port: int) -> int:
    """Bytes on their way to this peer that the kernel holds, at either end; -1: no connection."""
    held, found = 0, False
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, remote, queues = (line.split()[n] for n in (1, 2, 4))
        ports = int(local[-4:], 16), int(remote[-4:], 16)
        if ports == (port, peer_port):
            held, found = held + int(queues.split(":")[0], 16), True
        elif ports == (peer_port, port):
            held += int(queues.split(":")[1], 16)
    return held if found else -1


def _settle(port: int, peer_port: int) -> None:
    """Wait until nothing moves: bytes that came and are not acknowledged count at both ends."""
    held, since = -1, time.monotonic()
    while time.monotonic() < since + 0.3:
        if (now_held := in_kernel(port, peer_port)) != held:
            held, since = now_held, time.monotonic()
        time.sleep(0.02)


@row("the-cap", "how much waits for a reader who is let go, of outbox_bytes")
def the_cap(run: Run) -> Iterator[Figure]:
    cases = [(16384, 500)] if run.short else [(16384, 200), (65536, 900), (262144, 500)]
    shares, resets = [], []
    for number, (cap, size) in enumerate(cases):
        config = ROOMY + f"outbox_bytes = {cap}\nlines_per_second = 0\n"
        with subject(run.place(str(number)), config) as daemon:
            share, seconds = _fill_up(daemon, cap, size)
            shares.append(share * 100)
            resets.append(seconds)
    yield Figure("least", min(shares), 100, 130, "%")
    yield Figure("most", max(shares), 100, 130, "%")
    yield Figure("connection gone after", max(resets), high=1, unit="s")


def _fill_up(daemon: Subject, cap: int, size: int) -> tuple[float, float]:
    """The share of the cap that waited in the daemon; seconds until the connection was cut."""
    talker = daemon.member("talker")
    silent = join(daemon.port, "silent", "127.0.0.2", 4096)
    assert talker.line() == "SERVER: silent joined the chat!"
    peer_port, told, held = silent.getsockname()[1], 0, 0
    silent.settimeout(2)
    line, settled = "x" * size, False
    while True:
        talker.say(f"BCST {line}")
        answer = talker.line()
        if answer == "silent has left the chat":
            break
        told += len(answer) + 2
        now_held = in_kernel(daemon.port, peer_port)
        held = held if now_held < 0 else now_held
        if not settled and told > held + cap // 2:  # what the daemon holds drains for a moment
            told -= len(silent.recv(cap // 4))
            _settle(daemon.port, peer_port)
            settled = True
    began = time.monotonic()
    wait_for(lambda: in_kernel(daemon.port, peer_port) < 0, lambda: "the connection to be cut")
    return (told - held) / cap, time.monotonic() - began
