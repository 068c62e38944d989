"""``python -m bench.history``: a file with a million lines, and what asking for them costs."""

import argparse
import random
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.servers import ROOT
from chatd.history import file, rows
from chatd.history.waiting import Heard
from chatd.lines import stamp

ASKERS = 10
ROUNDS = 20
WATCH_SECONDS = 5.0
CONFIG = """
[room]
max_users = 0
[line]
listen = ["tcp:0:interface=127.0.0.1"]
[limits]
lines_per_second = 0
[history]
lines = 2000000
file = "chat.history"
"""
QUERIES = {
    "HIST 1000": "HIST 1000",
    "HIST since, 1000 lines": "HIST since {since}",
    "HIST search, a word in every tenth line": "HIST search common",
    "HIST search, a word in ten lines": "HIST search rarissimum",
    "HIST search, a word that is in none": "HIST search nowhere",
    "HIST search, two characters, in none": "HIST search qq",
}


def make(path: Path, count: int) -> None:
    """A file with so many lines, each said by itself, a second apart, all searchable."""
    dice = random.Random(1)
    words = ["".join(dice.choices("abcdefghijklmnop", k=dice.randint(2, 9))) for _ in range(5000)]
    connection = file.open_to_write(path)
    number, step = 1, 10_000
    start = int(time.time() * 1000) - count * 1000
    for begin in range(0, count, step):
        heard = []
        for line in range(begin, min(begin + step, count)):
            said = " ".join(dice.choices(words, k=8))
            said += " common" if line % 10 == 0 else ""
            said += " rarissimum" if line % (count // 10) == 0 else ""
            heard.append(Heard(start + line * 1000, line % 97 + 1, f"user{line % 97}", (said,)))
        with rows.transaction(connection):
            number = rows.add(connection, heard, number)
    while rows.make_searchable(connection, min(5000, count)):
        pass
    connection.close()


@contextmanager
def daemon(where: Path) -> Iterator[tuple[int, float]]:
    """The daemon on this file: its port, and the seconds from start to listening."""
    (where / "chatd.toml").write_text(CONFIG)
    began, log = time.monotonic(), where / "log"
    with log.open("wb") as out:
        words = ["-n", "--pidfile=", "chatd", "--config=chatd.toml"]
        process = subprocess.Popen(
            [sys.executable, "-c", "from twisted.scripts.twistd import run; run()", *words],
            cwd=where,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stdout=out,
            stderr=out,
        )
    try:
        while b"listening on " not in (text := log.read_bytes()):
            assert process.poll() is None, text.decode()
            time.sleep(0.005)
        took = time.monotonic() - began
        yield int(text.split(b"listening on ")[1].split()[0]), took
    finally:
        process.terminate()
        process.wait()


def member(port: int, name: str) -> socket.socket:
    """Somebody who is in."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(f"JOIN {name}\r\n".encode())
    until(connection, b"keeps what is said")
    return connection


def until(connection: socket.socket, end: bytes) -> int:
    """Read on until this has come; how many lines of before there were."""
    data = b""
    while end not in data:
        more = connection.recv(1 << 20)
        assert more, data[-200:]
        data += more
    return data.count(b"HIST 2")


def ask(connection: socket.socket, query: str) -> tuple[float, int]:
    """Seconds from asking to the end of the answer, and its lines."""
    began = time.monotonic()
    connection.sendall(query.encode() + b"\r\n")
    lines = until(connection, b"HIST end\r\n")
    return time.monotonic() - began, lines


class Room:
    """Two members, one of whom says 100 lines a second; how long they are on their way."""

    def __init__(self, port: int) -> None:
        self._speaker, self._hearer = member(port, "speaker"), member(port, "hearer")

    def waits(self, seconds: float) -> list[float]:
        """Milliseconds, for each line."""
        found = []
        ends = time.monotonic() + seconds
        selector = selectors.DefaultSelector()
        selector.register(self._speaker, selectors.EVENT_READ)
        while time.monotonic() < ends:
            began = time.monotonic()
            self._speaker.sendall(b"BCST the time is now\r\n")
            until(self._hearer, b"the time is now")
            found.append((time.monotonic() - began) * 1000)
            while selector.select(0):
                self._speaker.recv(1 << 20)
            time.sleep(0.01)
        return sorted(found)


def busy(port: int, number: int, query: str, stop: threading.Event) -> None:
    """Ask, and ask again."""
    connection = member(port, f"asker{number}")
    while not stop.is_set():
        ask(connection, query)
    connection.close()


def main() -> None:
    """Make the file, and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.history", description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        where = Path(name)
        began = time.monotonic()
        make(where / "chat.history", asked.lines)
        size = (where / "chat.history").stat().st_size / 1e6
        print(f"{asked.lines} lines, {size:.0f} MB, made in {time.monotonic() - began:.0f} s")
        (where / "empty").mkdir()
        with daemon(where / "empty") as (_, empty):
            pass
        with daemon(where) as (port, took):
            print(f"start to listening: {took:.2f} s (goal 2); with an empty file {empty:.2f} s")
            since = stamp(time.time() - (time.monotonic() - began) - 1000)
            connection = member(port, "asker")
            for what, query in QUERIES.items():
                answers = [ask(connection, query.format(since=since)) for _ in range(ROUNDS)]
                times = sorted(seconds * 1000 for seconds, _ in answers)
                goal = " (goal 50)" if what == "HIST 1000" else ""
                lines = f"{answers[-1][1]} lines"
                print(
                    f"{what}: median {median(times):.1f} ms{goal}, worst {times[-1]:.1f}; {lines}"
                )
            room = Room(port)
            _watch(room, port, "nobody asking", None)
            for query in ("HIST 1000", "HIST search common", "HIST search qq"):
                _watch(room, port, f"{ASKERS} asking {query} without end", query)


def _watch(room: Room, port: int, what: str, query: str | None) -> None:
    stop = threading.Event()
    askers = [
        threading.Thread(target=busy, args=(port, number, query, stop))
        for number in range(ASKERS if query else 0)
    ]
    for one in askers:
        one.start()
    waits = room.waits(WATCH_SECONDS)
    stop.set()
    for one in askers:
        one.join()
    p99 = waits[int(len(waits) * 0.99)]
    print(
        f"a line's way, {what}: median {median(waits):.2f} ms, p99 {p99:.2f}, worst {waits[-1]:.2f}"
    )


if __name__ == "__main__":
    main()
