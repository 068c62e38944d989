"""TLS handshakes by the hundred, and such as never end."""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.torture.elsewhere import Signals, elsewhere
from tests.torture.people import Account, chatting
from tests.torture.row import Figure, Run, all_of, row
from tests.torture.sockets import connect, reset, source_of
from tests.torture.subject import ROOMY, subject

PLACES = (
    '[line]\nlisten = ["tcp:0:interface=127.0.0.1", "tls:0:interface=127.0.0.1"]\n'
    '[tls]\ncertificates = ["{}"]\n'
)
PER_SECOND = 200
RECORD = b"\x16\x03\x01\x40\x00\x01\x00\x3f\xfc\x03\x03"
"""The beginning of a first message of 16 KiB."""
GARBAGE = RECORD[:5] + b"\xff" * 2000


def unchecking() -> ssl.SSLContext:
    """TLS with whoever it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def shaking_hands(signals: Signals, port: int) -> list[int]:
    """So many whole handshakes a second, each of which ends at once, and as many beginnings of
    garbage; gives how many of either there were."""
    context, done, garbage = unchecking(), 0, 0
    signals.ready()
    began = time.monotonic()
    while not signals.stopped:
        time.sleep(max(0, began + done / PER_SECOND - time.monotonic()))
        with contextlib.suppress(OSError):
            one = connect(port, source_of(done % 5000, 51), within=5)
            with context.wrap_socket(one):
                pass
        with contextlib.suppress(OSError):
            one = connect(port, source_of(done % 5000, 52), within=5)
            one.sendall(GARBAGE)
            reset(one)
            garbage += 1
        done += 1
    return [done, garbage]


def stalling(signals: Signals, port: int, count: int, within: float) -> list[float]:
    """As many silent ones as such that send a byte of a record each second; how long each
    lasted, and inf for those still there."""
    began, last = dict[socket.socket, float](), list[float]()
    for number in range(2 * count):
        one = connect(port, source_of(number, 53))
        began[one] = time.monotonic()
        one.setblocking(False)
    slow = list(began)[count:]
    signals.ready()
    until, drip = time.monotonic() + within, 0
    while began and time.monotonic() < until:
        if time.monotonic() > until - within + drip:
            for one in slow:
                with contextlib.suppress(OSError):
                    one.send(RECORD[drip : drip + 1] or b"\x00")
            drip += 1
        for one in tuple(began):
            with contextlib.suppress(BlockingIOError):
                try:
                    gone = not one.recv(4096)
                except ConnectionError:
                    gone = True
                if gone:
                    last.append(time.monotonic() - began.pop(one))
        time.sleep(0.05)
    return last + [float("inf")] * len(began)


@row("tls-handshakes", "200 TLS handshakes a second, as many of garbage, 400 that never end")
def tls_handshakes(run: Run) -> Iterator[Figure]:
    from chatd.tls.making import make

    seconds, count, patience = (2, 20, 3) if run.short else (20, 200, 10)
    where = run.place("daemon")
    make(where / "cert", ("127.0.0.1",), 10, datetime.now(UTC))
    config = ROOMY + f"join_seconds = {patience}\n" + PLACES.format(where / "cert")
    with subject(where, config) as daemon:
        secure = int(daemon.logged(r"(?s)Server is listening on \d+$.*?listening on (\d+)$")[1])
        with (
            elsewhere(chatting, daemon.port, 5, 20) as talk,
            elsewhere(stalling, secure, count, patience + 10, nice=5) as stalled,
            elsewhere(shaking_hands, secure, nice=5) as flood,
        ):
            talk.ready()
            stalled.ready()
            flood.ready()
            daemon.look_inside()
            began = time.monotonic()
            time.sleep(seconds)
            done, garbage = flood.stop()
            pace = done / (time.monotonic() - began)
            turn = daemon.look_inside()["longest_turn_cpu"] * 1000
            lasted: list[float] = stalled.result()
            account: Account = talk.stop()
    yield Figure("handshakes", pace, 10, 1.1 * PER_SECOND, "a second")
    yield Figure("beginnings of garbage", garbage, 1, 1e9)
    yield from account.figures(p99_ms=100)
    yield Figure("longest turn", turn, high=50, unit="ms of processor time")
    yield all_of("stalled", len(lasted), 2 * count)
    yield Figure("last of them gone after", max(lasted), high=patience + 2, unit="s")
