"""Those who send too much, too fast, or without an end."""

import selectors
import time
from collections.abc import Iterator

from tests.integration.daemon import Peer
from tests.torture.elsewhere import Signals, elsewhere
from tests.torture.people import Account, chatting
from tests.torture.row import Figure, Run, all_of, none_of, row
from tests.torture.sockets import connect, everything, join, reset, source_of
from tests.torture.subject import ROOMY, Subject, subject

KB = 1024
MB = 1 << 20
LEAST_POURED = 128 * KB
RATE, BURST = 100, 20
PACED = ROOMY + f"lines_per_second = {RATE}\nburst_lines = {BURST}\n"


class Flood:
    """``count`` connections, ``joined`` of them members, that send blocks as fast as they can.

    Every other one reads nothing, and whoever is cut off comes again.
    """

    def __init__(self, port: int, block: bytes, count: int, net: int, joined: int) -> None:
        self.sent = 0
        self._port, self._block, self._net, self._joined = port, block, net, joined
        self._selector = selectors.DefaultSelector()
        self._made = 0
        for number in range(count):
            self._begin(number)

    def _begin(self, number: int) -> None:
        self._made += 1
        source = source_of(number, self._net)
        if number < self._joined:
            connection = join(self._port, f"flood{self._net}.{number}.{self._made}", source)
        else:
            connection = connect(self._port, source)
        connection.setblocking(False)
        events = selectors.EVENT_WRITE | (selectors.EVENT_READ if number % 2 else 0)
        self._selector.register(connection, events, (number, connection))

    def work(self) -> None:
        for key, events in self._selector.select(0.1):
            number, connection = key.data
            try:
                if events & selectors.EVENT_READ and not connection.recv(MB):
                    raise ConnectionError
                if events & selectors.EVENT_WRITE:
                    self.sent += connection.send(self._block)
            except BlockingIOError:
                continue
            except OSError:
                self._selector.unregister(connection)
                connection.close()
                self._begin(number)

    def end(self) -> None:
        for key in self._selector.get_map().values():
            reset(key.data[1])


def pour(signals: Signals, port: int, block: bytes, count: int, net: int, joined: int) -> int:
    """A Flood until told to stop, and has begun. Gives the bytes sent."""
    flood = Flood(port, block, count, net, joined)
    signals.ready()
    while not signals.stopped or flood.sent < LEAST_POURED:
        flood.work()
    flood.end()
    return flood.sent


@row("blocks", "64 KiB blocks of line ends, short lines, PING and LIST from ten attackers for 30 s")
def blocks(run: Run) -> Iterator[Figure]:
    turns, poured = list[float](), list[float]()
    with (
        subject(run.place("daemon"), ROOMY) as daemon,
        elsewhere(chatting, daemon.port, 5, 20) as talk,
    ):
        talk.ready()
        for net, unit in enumerate((b"\n", b"a\n", b"PING\n", b"LIST\n"), 10):
            block = unit * (65536 // len(unit))
            with elsewhere(pour, daemon.port, block, 10, net, 5, nice=5) as flood:
                flood.ready()
                daemon.look_inside()
                time.sleep(0.5 if run.short else 30)
                poured.append(flood.stop() / MB)
            turns.append(daemon.look_inside()["longest_turn_cpu"] * 1000)
        account: Account = talk.stop()
    yield from account.figures(p99_ms=50, worst_ms=150)
    yield Figure("longest turn", max(turns), high=50, unit="ms of processor time")
    yield Figure("least poured", min(poured), LEAST_POURED / MB, float("inf"), "MB")


@row("fast-sender", "a paste of 500 lines, 4000 lines in one write, `yes` for a minute")
def fast_sender(run: Run) -> Iterator[Figure]:
    paste, write = (120, 150) if run.short else (500, 4000)
    with subject(run.place("paced"), PACED) as daemon:
        yield from _pasting(daemon, "paste", paste)
        yield from _pasting(daemon, "write", write)
        yield from _quitting(daemon)
    with subject(run.place("default"), ROOMY) as daemon:
        yield from _yes(daemon, 1 if run.short else 60, flooders=20 if run.short else 100)


def _pasting(daemon: Subject, name: str, count: int) -> Iterator[Figure]:
    """One write of so many lines, and PING while they are said."""
    reader, fast = daemon.member(f"{name}reader"), daemon.member(name)
    reader.line()
    began, pings, asked = time.monotonic(), list[float](), 0.0
    fast.say(*(f"BCST {number}" for number in range(count)))
    seen = list[str]()
    while len(seen) < count:
        seen.append(reader.line())
        if len(seen) % 125 == 100:  # about once a second, while lines are held back
            asked = time.monotonic()
            fast.say(f"PING {len(seen)}")
            while fast.line() != f"PONG {len(seen)}":
                pass
            pings.append((time.monotonic() - asked) * 1000)
    rate = (count - BURST) / (time.monotonic() - began)
    wrong = [line for n, line in enumerate(seen) if line != f"{name}: BCST {n}"]
    yield none_of(f"{name}: lines lost or moved", wrong)
    yield Figure("pace", rate, RATE * 0.9, RATE * 1.1, "lines/s")
    yield Figure("PING meanwhile", max(pings), high=200, unit="ms")
    reader.close()
    fast.close()


def _quitting(daemon: Subject) -> Iterator[Figure]:
    """QUIT is said behind many lines: they all come first."""
    reader, fast = daemon.member("quitreader"), daemon.member("quitter")
    reader.line()
    fast.say(*(f"BCST {number}" for number in range(150)), "QUIT", "BCST too late")
    wanted = [*(f"quitter: BCST {n}" for n in range(150)), "quitter has left the chat"]
    seen = reader.lines(len(wanted))
    yield none_of(
        "QUIT: lines lost or moved", [a for a, b in zip(seen, wanted, strict=True) if a != b]
    )
    yield none_of("said after QUIT", reader.heard())


def _yes(daemon: Subject, seconds: float, flooders: int) -> Iterator[Figure]:
    """`yes BCST y`, alone and counted, then in a crowd whose memory is weighed, then hung up."""
    reader = daemon.member("yesreader")
    with elsewhere(pour, daemon.port, b"BCST y\n" * 9000, 1, 3, 1) as flood:
        flood.ready()
        began = time.monotonic()
        time.sleep(seconds)
        heard = sum(line.endswith(": BCST y") for line in reader.heard())
        seconds = time.monotonic() - began
        flood.kill()
        began = time.monotonic()
        while not reader.line().endswith("has left the chat"):
            pass
        noticed = time.monotonic() - began
    share = 100 * heard / (20 + 5 * seconds)
    yield Figure("yes: lines", share, 90, 110, "% of the pace")
    yield Figure("hanging up noticed after", noticed, high=2, unit="s")
    before = daemon.rss
    with elsewhere(pour, daemon.port, b"BCST y\n" * 9000, flooders, 4, flooders, nice=5) as flood:
        flood.ready()
        time.sleep(min(seconds, 15))
        grown = (daemon.rss - before) / flooders / KB
        sent = flood.stop() / flooders / KB
    yield Figure(
        "memory for each flooder", grown, high=64, unit="KiB", about=f"{sent:.0f} KiB sent"
    )


@row("no-line-end", "1 GB without a line end; 600 bytes and silence")
def no_line_end(run: Run) -> Iterator[Figure]:
    with subject(run.place("daemon"), ROOMY) as daemon:
        reader = daemon.member("reader")
        before = daemon.rss
        with elsewhere(endless, daemon.port, 20 if run.short else 1024) as sender:
            sender.ready()
            answers: bytes = sender.result()
            grown = (daemon.rss - before) / MB
        seen = reader.heard()
        wanted = ["endless joined the chat!", "endless: BCST on", "endless has left the chat"]
        ends = [line.removeprefix("SERVER: ") for line in seen]
        yield all_of("refusals", answers.count(b"ERROR line-too-long"), 1)
        yield none_of("wrong lines", [str(ends)] if ends != wanted else [])
        yield Figure("memory grown", grown, high=4, unit="MB")
        yield from _half_a_line(daemon, reader, 1 if run.short else 10)


def endless(signals: Signals, port: int, megabytes: int) -> bytes:
    """So much in one line; then another line, which works. Gives the answers."""
    signals.ready()
    connection = join(port, "endless")
    for _ in range(megabytes):
        connection.sendall(b"BCST x x" * (MB // 8))
    connection.sendall(b"\r\nBCST on\r\nQUIT\r\n")
    return everything(connection)


def _half_a_line(daemon: Subject, reader: Peer, seconds: float) -> Iterator[Figure]:
    half = daemon.member("half")
    half.throw(b"BCST " + b"x" * 595)
    busy = daemon.cpu
    time.sleep(seconds)
    yield Figure(
        "busy meanwhile", (daemon.cpu - busy) / seconds * 100, high=2, unit="% of a processor"
    )
    half.say("y")
    half.heard()
    seen = [line for line in reader.heard() if "BCST" in line]
    yield none_of("of it lost", [] if seen == [f"half: BCST {'x' * 595}y"] else [str(seen)])
