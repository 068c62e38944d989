"""More connections than there is room for."""

import resource
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from tests.integration.daemon import WITHIN, Peer
from tests.torture.elsewhere import Signals, elsewhere
from tests.torture.people import Account, chatting
from tests.torture.row import Figure, Run, all_of, none_of, percentile, row
from tests.torture.sockets import connect, everything, join, reset, source_of
from tests.torture.subject import ROOMY, Subject, subject

MB = 1 << 20


def waiting(signals: Signals, port: int, silent: int, dripping: int, within: float) -> list[float]:
    """Connections that never join. Gives how long each lasted; inf for those still there."""
    selector, began = selectors.DefaultSelector(), dict[socket.socket, float]()
    lasted, drips = list[float](), list[socket.socket]()
    signals.ready()

    def look(seconds: float) -> None:
        for key, _ in selector.select(seconds):
            one = key.data
            with suppress(OSError):
                if one.recv(4096):
                    continue
            lasted.append(time.monotonic() - began[one])
            selector.unregister(one)
            one.close()

    for number in range(silent + dripping):
        one = connect(port, source_of(number % 150, 5))
        began[one] = time.monotonic()
        selector.register(one, selectors.EVENT_READ, one)
        if number >= silent:
            drips.append(one)
        if number % 50 == 0:
            look(0)
    until, next_drip = time.monotonic() + within, 0.0
    while len(lasted) < len(began) and time.monotonic() < until:
        if time.monotonic() >= next_drip:
            next_drip = time.monotonic() + 1
            for one in drips:
                with suppress(OSError):
                    one.send(b"x")
        look(0.05)
    return lasted + [float("inf")] * (len(began) - len(lasted))


@row("silent-connections", "5000 silent connections and 500 that drip a byte a second")
def silent_connections(run: Run) -> Iterator[Figure]:
    silent, dripping, patience = (300, 50, 3) if run.short else (5000, 500, 60)
    with (
        subject(run.place("daemon"), ROOMY + f"join_seconds = {patience}\n") as daemon,
        elsewhere(waiting, daemon.port, silent, dripping, patience + 15) as crowd,
    ):
        crowd.ready()
        waits, missed, number, until = [], [], 0, time.monotonic() + patience + 3
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                join(daemon.port, f"legit{number}", "127.9.9.9").close()
            except OSError as error:
                missed.append(str(error))
            waits.append((time.monotonic() - began) * 1000)
            number += 1
            time.sleep(max(0, began + (0.25 if run.short else 1) - time.monotonic()))
        lasted: list[float] = crowd.result()
    yield all_of("connections", len(lasted), silent + dripping)
    yield Figure("first gone after", min(lasted), patience - 0.1, patience + 2, "s")
    yield Figure("last gone after", max(lasted), patience, patience + 2, "s")
    yield none_of("JOINs refused", missed)
    yield Figure("JOIN p99", percentile(waits, 99), high=200, unit="ms")


@row("too-many", "more than connections, connections_per_address")
def too_many(run: Run) -> Iterator[Figure]:
    config = "[room]\nmax_users = 0\n[limits]\nconnections = 40\nconnections_per_address = 10\n"
    with subject(run.place("limited"), config + 'unlimited = ["127.8.0.0/16"]\n') as daemon:
        member = daemon.member("member", "127.7.0.1")
        same = [connect(daemon.port, "127.7.0.2") for _ in range(15)]
        told = [everything(one, WITHIN) for one in same[10:]]
        wrong = [
            str(one) for one in told if b"\r\nERROR too-many-connections: " not in b"\r\n" + one
        ]
        yield none_of("over the limit of an address and not told", wrong)
        many = [daemon.peer_at("127.8.0.1") for _ in range(29)]
        yield all_of("from an unlimited address", len(many), 29)
        yield from _newcomers(daemon, same[:10], many)
        yield none_of("of the member's lines lost", _not_fine(member))


def _newcomers(daemon: Subject, busy: list[socket.socket], many: list[Peer]) -> Iterator[Figure]:
    """Everything is full: strangers still get in, at the cost of those who hold the most."""
    joined = [daemon.member(f"stranger{n}", f"127.7.1.{n + 1}") for n in range(5)]
    yield all_of("strangers who got in", len(joined), 5)
    ends = [_end_of(peer) for peer in many]
    yield all_of("made way, the oldest of the busiest", ends.count("made way"), 5)
    yield none_of("others who had to", [e for e in ends[5:] if e] + [e for e in ends[:5] if not e])
    yield none_of("cut off elsewhere", [str(one) for one in busy if _is_closed(one)])
    again = everything(connect(daemon.port, "127.8.0.1"), WITHIN)
    wrong = [] if b"ERROR too-many-connections" in again else [str(again)]
    yield none_of("one more of the busiest not told", wrong)


def _end_of(peer: Peer) -> str:
    """What somebody was told who had to go; nothing if they were not."""
    peer.socket.settimeout(0.1)
    try:
        said = peer.rest()
    except OSError:
        return ""
    return "made way" if said[0].startswith("ERROR too-many-connections: ") else str(said)


def _is_closed(one: socket.socket) -> bool:
    one.settimeout(0.1)
    try:
        while one.recv(4096):
            pass
    except TimeoutError:
        return False
    return True


def _not_fine(member: Peer) -> list[str]:
    lines = member.answers("BCST still here")
    return [] if lines[-1:] == ["member: BCST still here"] else lines


def knocking(
    signals: Signals, port: int, count: int, at_once: bool, seconds: float
) -> Counter[str]:
    """So many connections in so many seconds, or at once and again; what became of each."""
    signals.ready()
    began, kept, ends = time.monotonic(), list[socket.socket](), Counter[str]()
    for number in range(count):
        if not at_once:
            time.sleep(max(0, began + number * seconds / count - time.monotonic()))
        try:
            one = connect(port, source_of(number % 20, 6))
            kept.append(one)
        except OSError as error:
            ends[f"connect: {error}"] += 1
    while time.monotonic() < began + seconds and not signals.stopped:
        time.sleep(0.05)
    for one in kept:
        ends[_word_for(one)] += 1
        reset(one)
    return ends


def _word_for(one: socket.socket) -> str:
    """What somebody is told first."""
    data = b""
    with suppress(OSError):
        while b"\n" not in data and (more := one.recv(4096)):
            data += more
    if b"ERROR too-many-connections" in data:
        return "told"
    return "let in" if data.startswith(b"Enter JOIN") else f"nothing: {data!r}"


def few_descriptors() -> None:
    """256, and no way to have more."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


@row("descriptors", "a limit of 256 file descriptors and 1000 connects, for a minute")
def descriptors(run: Run) -> Iterator[Figure]:
    count, seconds = (300, 1) if run.short else (1000, 60)
    for how in (True, False):
        with (
            subject(run.place(f"daemon{how}"), ROOMY, prepare=few_descriptors) as daemon,
            elsewhere(chatting, daemon.port, 5, 20) as talk,
        ):
            talk.ready()
            busy, lines, began = daemon.cpu, len(daemon.log_text().splitlines()), time.monotonic()
            with elsewhere(knocking, daemon.port, count, how, seconds, nice=5) as knocks:
                knocks.ready()
                time.sleep(seconds)
                busy, elapsed = daemon.cpu - busy, time.monotonic() - began
                lines = len(daemon.log_text().splitlines()) - lines
                ends: Counter[str] = knocks.result()
            quiet = _seconds_to_normal(daemon)
            account: Account = talk.stop()
            name = "at once" if how else "spread"
            yield from account.figures(p99_ms=20)
            if not run.short:  # three hundred in a second is another load
                yield Figure(f"{name}: busy", busy / elapsed * 100, high=5, unit="% of a processor")
                yield Figure("log lines a second", lines / elapsed, high=20)
            told = ends["told"] + ends["let in"]
            yield Figure("told, or let in", told, count, count, about=str(ends))
            yield Figure("normal after", quiet, high=1, unit="s")


def _seconds_to_normal(daemon: Subject) -> float:
    began = time.monotonic()
    while time.monotonic() < began + 10:
        with suppress(OSError, AssertionError, EOFError):
            daemon.member(f"after{time.monotonic_ns() % 10**9}", "127.9.9.9").close()
            break
    return time.monotonic() - began


@row("allow-deny", "networks that may connect, and networks that may not")
def allow_deny(run: Run) -> Iterator[Figure]:
    config = ROOMY + 'allow = ["127.0.0.0/8"]\ndeny = ["127.6.0.0/16"]\n'
    with subject(run.place("daemon"), config) as daemon:
        count = 200 if run.short else 5000
        with elsewhere(chatting, daemon.port, 5, 20) as talk:
            talk.ready()
            lines, busy = len(daemon.log_text()), daemon.cpu
            with elsewhere(knocking_denied, daemon.port, count, nice=5) as knocks:
                said: list[bytes] = knocks.result()
            each = (daemon.cpu - busy) / count * 1e6
            logged = (len(daemon.log_text()) - lines) / count
            account: Account = talk.stop()
        yield none_of("refused ones told something", [str(one) for one in said if one])
        yield Figure("cost of each", each, high=500, unit="µs")
        yield Figure("bytes logged for each", logged, high=1)
        yield from account.figures(p99_ms=50)
    with subject(run.place("allowed"), ROOMY + 'allow = ["127.5.0.0/16"]\n') as daemon:
        inside = daemon.member("inside", "127.5.0.1").answers("LIST")
        outside = everything(connect(daemon.port, "127.4.0.1"), 2)
        wrong = [str(outside)] if outside or inside != ["Online: inside"] else []
        yield none_of("allowed wrongly", wrong)


def knocking_denied(_: Signals, port: int, count: int) -> list[bytes]:
    """What is said to those who come from a network that may not."""
    return [everything(connect(port, source_of(number, 6))) for number in range(count)]
