"""Many who keep to every limit, and would spoil the room together."""

import contextlib
import re
import socket
import time
from collections.abc import Iterator

from tests.torture.elsewhere import Signals, elsewhere
from tests.torture.people import Account, chatting
from tests.torture.row import Figure, Run, none_of, percentile, row
from tests.torture.rows.senders import pour
from tests.torture.sockets import connect, everything, join, reset, source_of
from tests.torture.subject import ROOMY, Subject, subject

BURST = b"".join(b"BCST %b\r\n" % (b"x" * 1000) for _ in range(19))
"""As much as one may say at once."""

LEAST_DRIPPED, LEAST_VISITS = 1000, 3
"""What there must be of an attack, however busy the machine."""


def drain(connection: socket.socket) -> bool:
    """Read what there is; whether the connection is still open."""
    try:
        while connection.recv(1 << 20):
            pass
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def bursting(signals: Signals, port: int, count: int, seconds: float) -> int:
    """Members who all say at once as much as each may, and read; gives how many were cut off."""
    members = [join(port, f"loud{n}", source_of(n, 31)) for n in range(count)]
    signals.ready()
    time.sleep(0.5)
    for member in members:
        member.setblocking(False)
    for member in members:
        member.send(BURST)
    until = time.monotonic() + seconds
    present = members
    while time.monotonic() < until:
        present = [member for member in present if drain(member)]
        time.sleep(0.005)
    return count - len(present)


@row("burst-of-all", "50 members say at once as much as each may")
def burst_of_all(run: Run) -> Iterator[Figure]:
    size = (25, 1.5) if run.short else (50, 5)
    with (
        subject(run.place("daemon"), ROOMY) as daemon,
        elsewhere(chatting, daemon.port, 5, 20, nice=-5) as talk,
    ):
        talk.ready()
        with elsewhere(bursting, daemon.port, *size, nice=-5) as burst:
            burst.ready()
            cut: int = burst.result()
        yield Figure("of them cut off", cut)
        slow = daemon.count_logged("has left the chat: too slow$")
        yield Figure("readers who were let go as too slow", slow)
        if not slow:
            account: Account = talk.stop()
            yield none_of("lines lost, doubled or moved", account.faults)


def dripping(signals: Signals, port: int, count: int) -> int:
    """Members who have sent much too much, and go on byte by byte until told to stop, and have
    begun; gives the bytes."""
    members = [join(port, f"drip{n}", source_of(n, 30)) for n in range(count)]
    time.sleep(0.3)
    for member in members:
        member.sendall(b"a\n" * 10000)
        member.setblocking(False)
    signals.ready()
    dripped = 0
    while not signals.stopped or dripped < LEAST_DRIPPED:
        for member in members:
            with contextlib.suppress(OSError):
                dripped += member.send(b"x")
            drain(member)
    return dripped


@row("drip-in-a-flood", "50 members who are slowed down go on sending, byte by byte")
def drip_in_a_flood(run: Run) -> Iterator[Figure]:
    with (
        subject(run.place("daemon"), ROOMY) as daemon,
        elsewhere(chatting, daemon.port, 5, 20) as talk,
        elsewhere(dripping, daemon.port, 50, nice=5) as drips,
    ):
        talk.ready()
        drips.ready()
        daemon.look_inside()
        time.sleep(1 if run.short else 20)
        turn = daemon.look_inside()["longest_turn_cpu"] * 1000
        dripped: int = drips.stop()
        account: Account = talk.stop()
    yield from account.figures(p99_ms=50, worst_ms=150)
    yield Figure("longest turn", turn, high=50, unit="ms of processor time")
    yield Figure("bytes", dripped, LEAST_DRIPPED, 1e12)


DEAR = [
    b"BCST " + "\u009d".encode() * 509,
    b"MESG " + "ش".encode() * 500 + b" x",
    b"JOIN e" + "\u0301".encode() * 79,
    b"BCST " + "e\u0301".encode() * 339,
    b"JOIN " + "ặ".encode() * 20,
]
"""Lines that take the daemon longer than others."""


def asking_dearly(signals: Signals, port: int) -> int:
    """Come, say as much as one may at once of the dearest, go, and again; gives how often."""
    count = 0
    signals.ready()
    while not signals.stopped or count < LEAST_VISITS:
        burst = b"JOIN dear%d\r\n" % count + b"\r\n".join([DEAR[count % len(DEAR)]] * 19) + b"\r\n"
        with contextlib.suppress(OSError):
            connection = connect(port, source_of(count % 5000, 32))
            connection.sendall(burst + b"QUIT\r\n")
            everything(connection, 5)
            connection.close()
        count += 1
    return count


@row("dear-lines", "four strangers who come, say at once what takes longest, go, and come again")
def dear_lines(run: Run) -> Iterator[Figure]:
    with (
        subject(run.place("daemon"), ROOMY) as daemon,
        elsewhere(chatting, daemon.port, 5, 20) as talk,
        contextlib.ExitStack() as strangers,
    ):
        talk.ready()
        asking = [
            strangers.enter_context(elsewhere(asking_dearly, daemon.port, nice=5)) for _ in range(4)
        ]
        for stranger in asking:
            stranger.ready()
        daemon.look_inside()
        time.sleep(1 if run.short else 20)
        turn = daemon.look_inside()["longest_turn_cpu"] * 1000
        visits = sum(stranger.stop() for stranger in asking)
        account: Account = talk.stop()
    yield from account.figures(p99_ms=50, worst_ms=150)
    yield Figure("longest turn", turn, high=50, unit="ms of processor time")
    yield Figure("visits", visits, 4 * LEAST_VISITS, 1e12)


def coming_and_going(signals: Signals, port: int, prefix: str, patient: bool) -> int:
    """Join and quit, ten at a time, as fast as one can; gives how often it was tried."""
    tried = 0
    signals.ready()
    while not signals.stopped:
        crowd = []
        for _ in range(10):
            tried += 1
            with contextlib.suppress(OSError):
                crowd.append(connect(port, "127.33.0.1"))
                crowd[-1].sendall(b"JOIN %s%d\r\nQUIT\r\n" % (prefix.encode(), tried))
        for connection in crowd:
            if patient:
                everything(connection)
            reset(connection)
    return tried


def newcomers(daemon: Subject, seconds: float) -> list[float]:
    """Somebody joins from elsewhere now and then; gives how long it took, in milliseconds."""
    waits, until = list[float](), time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        join(daemon.port, f"newcomer{len(waits)}", "127.34.0.1").close()
        waits.append((time.monotonic() - began) * 1000)
        time.sleep(0.5)
    return waits


@row("join-flood", "three programs at one address join and go as fast as they can")
def join_flood(run: Run) -> Iterator[Figure]:
    with (
        subject(run.place("daemon"), "[room]\nmax_users = 0\n") as daemon,
        elsewhere(chatting, daemon.port, 5, 20) as talk,
        contextlib.ExitStack() as strangers,
    ):
        talk.ready()
        floods = [
            strangers.enter_context(
                elsewhere(coming_and_going, daemon.port, prefix, prefix != "b", nice=5)
            )
            for prefix in "abc"
        ]
        began = time.monotonic()
        for flood in floods:
            flood.ready()
        daemon.look_inside()
        waits = newcomers(daemon, 2 if run.short else 20)
        seconds = time.monotonic() - began
        turn = daemon.look_inside()["longest_turn_cpu"] * 1000
        account: Account = talk.stop()
        tried = sum(flood.stop() for flood in floods)
    came = re.compile(r"SERVER: [abc]\d+ joined the chat!")
    joined = sum(count for line, count in account.others.items() if came.fullmatch(line))
    yield Figure("JOINs tried", tried, 30, 1e12)
    allowed = 20 + 5 * seconds
    yield Figure("of those allowed", 100 * joined / allowed, 50, 110, "% of the pace")
    yield Figure("JOIN from elsewhere p99", percentile(waits, 99), high=200, unit="ms")
    yield from account.figures(p99_ms=50, worst_ms=150)
    yield Figure("longest turn", turn, high=50, unit="ms of processor time")


@row("telnet-flood", "64 KiB blocks of telnet commands, which are no lines, from ten strangers")
def telnet_flood(run: Run) -> Iterator[Figure]:
    turns = list[float]()
    with (
        subject(run.place("daemon"), ROOMY) as daemon,
        elsewhere(chatting, daemon.port, 5, 20) as talk,
    ):
        talk.ready()
        for net, unit in enumerate((b"\xff\xfd\x01", b"\xff\xf1", b"\xff\xff"), 40):
            block = unit * (65536 // len(unit))
            with elsewhere(pour, daemon.port, block, 10, net, 5, nice=5) as flood:
                flood.ready()
                daemon.look_inside()
                time.sleep(0.5 if run.short else 10)
                flood.stop()
            turns.append(daemon.look_inside()["longest_turn_cpu"] * 1000)
        account: Account = talk.stop()
    yield from account.figures(p99_ms=50, worst_ms=150)
    yield Figure("longest turn", max(turns), high=50, unit="ms of processor time")
