"""Strangers at the web door: frames without end, requests without end, and no reading."""

import selectors
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from tests.integration.daemon import wait_for
from tests.integration.web import TWO_PORTS, WEB, WebPeer, connected, frame, handshake, text
from tests.torture.elsewhere import Signals, elsewhere
from tests.torture.people import Account, chatting
from tests.torture.row import Figure, Run, all_of, none_of, row
from tests.torture.rows.readers import stay
from tests.torture.sockets import connect, everything, reset, source_of
from tests.torture.subject import ROOMY, Subject, subject

MB = 1 << 20
CONFIG = ROOMY + WEB
VISIT = 10
"""Seconds for a request and its answer."""

BEGUN, MORE = frame(0x01, b"x"), frame(0x00, b"x")
BLOCKS = {
    "texts": (b"", text("x") * 9000),
    "said": (b"", text({"type": "say", "text": "x"}) * 1500),
    "empty": (b"", frame(0x81) * 9000),
    "pings": (b"", frame(0x89) * 9000),
    "fragments": (BEGUN, MORE * 9000),
}
JOIN = text({"type": "join"})


def _port(daemon: Subject) -> int:
    return int(daemon.logged(TWO_PORTS)[1])


def _left(daemon: Subject) -> list[str]:
    """What is still there of those who have gone, when they have had a moment."""
    kinds = ("WebVisit", "WebSeat", "MessageIntake")

    def left() -> list[str]:
        seen = daemon.look_inside(objects=True)
        return [f"{seen[kind]:.0f} {kind}" for kind in kinds if seen[kind]]

    with suppress(AssertionError):
        wait_for(lambda: not left(), lambda: "some are left", 5)
    return left()


def framing(signals: Signals, port: int, begin: bytes, block: bytes, count: int) -> int:
    """So many WebSockets that send this as fast as they can, and come again when they are let
    go; gives the bytes sent."""
    selector, sent, made = selectors.DefaultSelector(), 0, 0

    def come(number: int) -> None:
        one = connect(port, source_of(number, 61))
        one.sendall(handshake() + JOIN + begin)
        one.setblocking(False)
        selector.register(one, selectors.EVENT_READ | selectors.EVENT_WRITE, [number, block])

    for number in range(count):
        come(number)
    signals.ready()
    while not signals.stopped:
        for key, events in selector.select(0.1):
            number, rest = key.data
            try:
                if events & selectors.EVENT_READ and not key.fileobj.recv(MB):  # type: ignore[union-attr]
                    raise ConnectionError
                done = key.fileobj.send(rest)  # type: ignore[union-attr]
                sent += done
                key.data[1] = rest[done:] or block
            except BlockingIOError:
                continue
            except OSError:
                selector.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]
                made += 1
                come(number)
    for key in tuple(selector.get_map().values()):
        reset(key.fileobj)  # type: ignore[arg-type]
    return sent


@row("web-frames", "the smallest frames, empty ones, pings and fragments from ten WebSockets")
def web_frames(run: Run) -> Iterator[Figure]:
    seconds, turns, busy, sent = 1 if run.short else 6, list[float](), list[float](), list[int]()
    with (
        subject(run.place("daemon"), CONFIG) as daemon,
        elsewhere(chatting, daemon.port, 5, 20) as talk,
    ):
        talk.ready()
        for begin, block in BLOCKS.values():
            with elsewhere(framing, _port(daemon), begin, block, 10, nice=5) as flood:
                flood.ready()
                daemon.look_inside()
                cpu, began = daemon.cpu, time.monotonic()
                time.sleep(seconds)
                busy.append((daemon.cpu - cpu) / (time.monotonic() - began) * 100)
                turns.append(daemon.look_inside()["longest_turn_cpu"] * 1000)
                sent.append(flood.stop())
        account: Account = talk.stop()
        left = _left(daemon)
        lines = len(daemon.log_text().splitlines()) / (len(BLOCKS) * seconds)
    yield from account.figures(p99_ms=150)
    yield Figure("longest turn", max(turns), high=100, unit="ms of processor time")
    yield Figure("busiest", max(busy), high=100, unit="% of a processor")
    yield Figure("least sent", min(sent) / MB, 0.05, float("inf"), "MB")
    yield Figure("log lines a second", lines, high=400)
    yield none_of("left of them", left)


def dripping(signals: Signals, port: int, count: int) -> list[float]:
    """As many that send nothing as such that send a header's byte each second; how long each
    lasted, and inf for those still there."""
    began, last = dict[int, float](), list[float]()
    all_of_them = [connect(port, source_of(n, 62)) for n in range(2 * count)]
    signals.ready()
    for one in all_of_them:
        began[one.fileno()] = time.monotonic()
        one.setblocking(False)
    slow = all_of_them[count:]
    head, until, drip = b"GET / HTTP/1.1\r\nX: " + b"x" * 1000, time.monotonic() + VISIT + 10, 0
    open_ones = set(all_of_them)
    while open_ones and time.monotonic() < until:
        if time.monotonic() > until - VISIT - 10 + drip:
            for one in slow:
                with suppress(OSError):
                    one.send(head[drip : drip + 1])
            drip += 1
        for one in tuple(open_ones):
            try:
                gone = not one.recv(4096)
            except BlockingIOError:
                gone = False
            except OSError:
                gone = True
            if gone:
                last.append(time.monotonic() - began[one.fileno()])
                open_ones.discard(one)
        time.sleep(0.05)
    return last + [float("inf")] * len(open_ones)


@row("slow-http", "600 at the web door of whom half are silent, and half send a byte a second")
def slow_http(run: Run) -> Iterator[Figure]:
    count = 30 if run.short else 300
    with (
        subject(run.place("daemon"), CONFIG) as daemon,
        elsewhere(chatting, daemon.port, 5, 20) as talk,
    ):
        talk.ready()
        descriptors = daemon.descriptors
        with elsewhere(dripping, _port(daemon), count, nice=5) as slow:
            slow.ready()
            lasted: list[float] = slow.result()
        wait_for(lambda: daemon.descriptors <= descriptors, lambda: "descriptors are left")
        left = _left(daemon)
        account: Account = talk.stop()
    yield from account.figures(p99_ms=50)
    yield all_of("requests", len(lasted), 2 * count)
    yield Figure("last gone after", max(lasted), high=VISIT + 2, unit="s")
    yield none_of("left of them", left)


@row("web-crowd", "500 WebSockets at once where 100 connections are allowed, 50 from one address")
def web_crowd(run: Run) -> Iterator[Figure]:
    most, count = (30, 100) if run.short else (100, 500)
    limits = f"[limits]\nconnections = {most}\nconnections_per_address = {most // 2}\n"
    config = f"[room]\nmax_users = 0\n{limits}{WEB}"
    with (
        subject(run.place("daemon"), config) as daemon,
        elsewhere(chatting, daemon.port, 5, 20) as talk,
    ):
        talk.ready()
        port, ends = _port(daemon), Counter[str]()
        crowd = [connect(port, source_of(n % 3, 63)) for n in range(count)]
        for one in crowd:
            with suppress(OSError):
                one.sendall(handshake())
        wait_for(lambda: daemon.descriptors < most + 60, lambda: "more descriptors than allowed")
        began = time.monotonic()
        with WebPeer(connected(port, "127.64.0.1")) as stranger:
            stranger.join("stranger")
            waited = time.monotonic() - began
        for one in crowd:
            told = everything(one, 0.05)
            if b"too-many-connections" in told:
                told = told.replace(b"101", b"503", 1)  # in a way that a page can read
            ends[told[9:12].decode() if told else "cut off"] += 1
            reset(one)
        left = _left(daemon)
        account: Account = talk.stop()
    yield from account.figures(p99_ms=100)
    yield Figure("let in at most", ends["101"], 1, most, about=str(ends))
    yield Figure("a stranger from elsewhere was in after", waited, high=2, unit="s")
    yield none_of("left of them", left)


def deaf(signals: Signals, port: int, count: int) -> None:
    """Members at WebSockets who read nothing once they are in."""
    kept = []
    for number in range(count):
        one = connect(port, source_of(number, 64), 4096)
        WebPeer(one).join(f"deaf{number}")
        kept.append(one)
    stay(signals, kept)


@row("web-readers", "200 members at WebSockets never read, 10 do, 40 lines a second of 500 bytes")
def web_readers(run: Run) -> Iterator[Figure]:
    silent = 30 if run.short else 200
    config = ROOMY + f"outbox_bytes = 32768\nlines_per_second = 40\n{WEB}"
    with (
        subject(run.place("daemon"), config) as daemon,
        elsewhere(chatting, daemon.port, 10, 40, 470, "reader") as talk,
    ):
        talk.ready()
        with elsewhere(deaf, _port(daemon), silent) as silence:
            silence.ready()
            before, most = daemon.rss, 0
            until = time.monotonic() + 90
            gone = r"deaf\d+ has left the chat: too slow$"
            while daemon.count_logged(gone) < silent and time.monotonic() < until:
                most = max(most, daemon.rss)
                time.sleep(0.1)
            dropped = daemon.count_logged(gone)
            silence.stop()
        left = _left(daemon)
        account: Account = talk.stop()
    yield from account.figures(p99_ms=100)
    yield all_of("let go as too slow", dropped, silent)
    yield Figure("memory grown", max(0, most - before) / MB, high=20, unit="MB")
    told = [f"deaf{n} has left the chat" for n in range(silent)]
    yield none_of("not told to the room once", [t for t in told if account.others[t] != 1])
    yield none_of("left of them", left)
