"""The daemon's own end, and its coming back."""

import os
import re
import selectors
import signal
import socket
import time
from collections.abc import Iterator

from tests.integration.daemon import Peer
from tests.torture.elsewhere import Signals, elsewhere
from tests.torture.row import Figure, Run, all_of, none_of, row
from tests.torture.rows.readers import never_reading
from tests.torture.sockets import connect, join, source_of
from tests.torture.subject import ROOMY, subject

CLOSING = b"SERVER: the chat is closing\r\n"


def to_the_end(signals: Signals, port: int, count: int) -> tuple[int, float]:
    """Members who read until they are cut off: how many saw the notice, and when all had gone."""
    selector, rest = selectors.DefaultSelector(), dict[socket.socket, bytes]()
    for number in range(count):
        one = join(port, f"reader{number}", source_of(number, 3))
        selector.register(one, selectors.EVENT_READ, one)
        rest[one] = b""
    signals.ready()
    told = 0
    while selector.get_map() and not signals.stopped:
        for key, _ in selector.select(0.1):
            one = key.data
            try:
                data = one.recv(65536)
            except OSError:
                data = b""
            rest[one] = (rest[one] + data)[-100:]
            if not data:
                told += rest[one].endswith(CLOSING)
                selector.unregister(one)
    return told, time.monotonic()


@row("sigterm", "SIGTERM with 1000 members of whom 100 do not read")
def sigterm(run: Run) -> Iterator[Figure]:
    count, silent = (90, 10) if run.short else (900, 100)
    config = ROOMY + "outbox_bytes = 0\nlines_per_second = 0\n"
    with (
        subject(run.place("daemon"), config) as daemon,
        elsewhere(never_reading, daemon.port, silent) as silence,
        elsewhere(to_the_end, daemon.port, count) as readers,
    ):
        silence.ready()
        readers.ready()
        talker = daemon.member("talker")
        talker.socket.settimeout(60)
        _fill_the_kernel(talker)
        began = time.monotonic()
        os.kill(daemon.pid, signal.SIGTERM)
        daemon.process.wait(30)
        gone = time.monotonic() - began
        told, _ = readers.result()
        log = daemon.log_text()
    yield all_of("readers told", told, count)
    yield Figure("gone after", gone, high=5, unit="s")
    ends = re.findall(r"has left the chat: (.*)$", log, re.MULTILINE)
    yield none_of("other ends", [end for end in ends if end != "server stopping"])


def _fill_the_kernel(talker: Peer) -> None:
    """Say so much that whoever does not read is owed something."""
    for number in range(400):
        talker.say(f"BCST {number} " + "x" * 990)
        talker.line()


def coming_back(signals: Signals, port: int, first: int, count: int) -> None:
    """Members who come back as soon as they can; then ready again, with when the last was in."""
    joined = [join(port, f"back{n}", source_of(n, 4)) for n in range(first, first + count)]
    signals.ready()
    selector = selectors.DefaultSelector()
    seen, number_of, done = dict[socket.socket, bytes](), dict[socket.socket, int](), 0
    for number, one in enumerate(joined, first):
        selector.register(one, selectors.EVENT_READ, one)
        seen[one], number_of[one] = b"", number

    def again(number: int) -> None:
        one = connect_patiently(port, source_of(number, 4), signals)
        one.sendall(b"JOIN back%d\r\n" % number)
        selector.register(one, selectors.EVENT_READ, one)
        seen[one], number_of[one] = b"", number

    old, last = set(joined), 0.0
    waiting = set[socket.socket]()
    while done < count and not signals.stopped:
        for key, _ in selector.select(0.1):
            one = key.data
            try:
                data = one.recv(1 << 18)
            except OSError:
                data = b""
            if not data:
                # The old daemon's kernel may take one more connection while it dies.
                assert not seen[one], f"cut off again, after {seen[one]!r}"
                selector.unregister(one)
                again(number_of[one])
            elif one not in old and one not in waiting:
                seen[one] = seen[one][-60:] + data
                if b"SERVER: back%d joined" % number_of[one] in seen[one]:
                    waiting.add(one)
                    done, last = done + 1, time.monotonic()
    signals.ready(last)
    while not signals.stopped:
        time.sleep(0.1)


def connect_patiently(port: int, source: str, signals: Signals) -> socket.socket:
    """A connection, as soon as somebody listens."""
    while True:
        try:
            return connect(port, source)
        except OSError:
            assert not signals.stopped
            time.sleep(0.02)


@row("comeback", "SIGKILL, restart, 2000 clients at once")
def comeback(run: Run) -> Iterator[Figure]:
    count = 200 if run.short else 2000
    with subject(run.place("first"), ROOMY) as daemon:
        port = daemon.port
        with (
            elsewhere(coming_back, port, 0, count // 2) as some,
            elsewhere(coming_back, port, count // 2, count // 2) as others,
        ):
            some.ready()
            others.ready()
            daemon.process.kill()
            daemon.process.wait()
            began = time.monotonic()
            listen = f'[line]\nlisten = ["tcp:{port}:interface=127.0.0.1"]\n'
            with subject(run.place("second"), ROOMY + listen) as second:
                last = max(some.ready(60), others.ready(60))
                online = second.member("looker").answers("LIST")
    yield Figure("all back after", last - began, high=10, unit="s")
    yield all_of("online", len(online[0].split(", ")), count + 1)
