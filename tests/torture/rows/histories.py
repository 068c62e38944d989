"""A history whose process is killed, and one whose disk is full."""

import os
import random
import re
import resource
import selectors
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from chatd.history.file import open_to_read
from chatd.history.reading import Reader
from chatd.lines import Line
from tests.integration.daemon import Peer
from tests.torture.row import Figure, Run, all_of, none_of, row
from tests.torture.sockets import join
from tests.torture.subject import ROOMY, Subject, subject

UNHURRIED = ROOMY + "lines_per_second = 0\n"
SENDERS = 20
_SHOWN = re.compile(r"HIST [0-9TZ:-]{20} (\S+): BCST (.*)")

Said = tuple[str, str]


@row("history-kills", "SIGKILL, again and again, while 20 people talk and one asks for HIST")
def history_kills(run: Run) -> Iterator[Figure]:
    path = run.place("kills") / "chat.history"
    config = UNHURRIED + f'[history]\nlines = 1000000\nfile = "{path}"\n'
    dice = random.Random(1)
    shown: list[list[Said]] = []
    kills = 5 if run.short else 50
    for number in range(kills):
        with subject(run.place(f"daemon{number}"), config) as daemon:
            shown += _talk_until_killed(daemon, number, 0.1 + dice.random())
    kept = [(line.speaker, line.text) for line in _kept(path)]
    place = {said: number for number, said in enumerate(kept)}
    yield all_of("kills", kills, kills)
    yield Figure("answers to HIST", len(shown), kills, 1e9)
    yield Figure("lines kept", len(kept), kills * SENDERS, 1e9)
    yield none_of("lines shown and not there", _missing(shown, place))
    yield none_of("lines twice", [str(said) for said in kept if kept[place[said]] is not said])
    yield none_of("lines in another order", [*_unordered(shown, place), *_jumps(kept)])
    yield none_of("faults in the file", _faults(path))


def _talk_until_killed(daemon: Subject, run: int, seconds: float) -> list[list[Said]]:
    """What the answers to HIST had, each whole."""
    people = [join(daemon.port, f"user{number}") for number in range(SENDERS)]
    asker = join(daemon.port, "asker")
    answers = _Answers(asker)
    selector = selectors.DefaultSelector()
    for one in people:
        one.setblocking(False)
        selector.register(one, selectors.EVENT_READ, None)
    selector.register(asker, selectors.EVENT_READ, answers)
    answers.ask()
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until or not answers.whole:
        for sender, one in enumerate(people):
            one.send(f"BCST {run} {sender} {number}\r\n".encode())
        number += 1
        for key, _ in selector.select(0.001):
            data = key.fileobj.recv(1 << 18)  # type: ignore[union-attr]
            if key.data is not None:
                key.data.feed(data)
    os.kill(daemon.pid, signal.SIGKILL)
    daemon.process.wait()
    for one in (*people, asker):
        one.close()
    return answers.whole


class _Answers:
    def __init__(self, connection: socket.socket) -> None:
        self.whole: list[list[Said]] = []
        self._connection = connection
        self._part: list[Said] = []
        self._rest = ""

    def ask(self) -> None:
        self._connection.sendall(b"HIST 200\r\n")

    def feed(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data.decode()).split("\r\n")
        for line in lines:
            if match := _SHOWN.fullmatch(line):
                self._part.append((match[1], match[2]))
            elif line == "HIST end":
                self.whole.append(self._part)
                self._part = []
                self.ask()


def _missing(shown: list[list[Said]], place: dict[Said, int]) -> list[str]:
    return [str(said) for answer in shown for said in answer if said not in place]


def _unordered(shown: list[list[Said]], place: dict[Said, int]) -> list[str]:
    """Answers that are no piece of what is kept, without a gap."""
    wrong = []
    for answer in shown:
        places = [place.get(said, -1) for said in answer]
        if places and places != list(range(places[0], places[0] + len(places))):
            wrong.append(str(answer[:3]))
    return wrong


def _jumps(kept: list[Said]) -> list[str]:
    """Lines of a speaker that do not follow the one before."""
    last: dict[tuple[str, str], int] = {}
    wrong = []
    for _, text in kept:
        run, sender, number = text.split()
        if int(number) != last.get((run, sender), -1) + 1:
            wrong.append(text)
        last[run, sender] = int(number)
    return wrong


def _kept(path: Path) -> list[Line]:
    reader = Reader(open_to_read(path))
    lines = list(reader.each())
    reader.close()
    return lines


def _faults(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    found = [text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"]
    connection.close()
    return found


@row("history-disk-full", "the disk is full under the history, and later it is not")
def history_disk_full(run: Run) -> Iterator[Figure]:
    where = run.place("daemon")
    disk = where / "disk"
    disk.mkdir()
    mounted = _mount(disk)
    config = UNHURRIED + '[history]\nlines = 100000\nfile = "disk/chat.history"\n'
    try:
        with subject(where, config) as daemon:
            yield Figure("a disk of its own, or a limit in its place", float(mounted), 0, 1)
            begin, end = _filler(disk) if mounted else _limit(daemon, disk)
            yield from _while_full(daemon, begin, end, 1 if run.short else 70)
        yield none_of("faults in the file", _faults(disk / "chat.history"))
    finally:
        if mounted:
            subprocess.run(["umount", disk], check=False)


def _while_full(
    daemon: Subject, begin: Callable[[], None], end: Callable[[], None], seconds: float
) -> Iterator[Figure]:
    dani, drew = _member(daemon, "dani"), _member(daemon, "drew")
    said = [f"before {number}" for number in range(20)]
    dani.say(*(f"BCST {line}" for line in said))
    heard = [drew.line().removeprefix("dani: BCST ") for _ in said]
    assert _recalled(drew, "1000", heard) == said
    begin()
    until, slowest = time.monotonic() + seconds, 0.0
    while time.monotonic() < until or not daemon.count_logged("cannot write to "):
        said.append(f"{len(said)} " + "x" * 900)
        dani.say(f"BCST {said[-1]}")
        began = time.monotonic()
        _recalled(drew, "1", heard)
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(seconds / 100)
    yield Figure("lines said meanwhile", len(said) - 20, 10, 1e6)
    yield Figure("slowest HIST meanwhile", slowest, 0, 5, "s")
    warnings = daemon.count_logged("cannot write to ")
    yield Figure("warnings", warnings, 1, 1 + seconds // 60)
    end()
    daemon.wait_until_logged("can be written again", 1, 30)
    kept = _recalled(drew, "100000", heard)
    yield none_of("lines of the chat lost or moved", [] if heard == said else [str(len(heard))])
    yield none_of("lines not kept, or moved", [] if kept == said else [str(len(kept))])
    for peer in (dani, drew):
        peer.close()


def _member(daemon: Subject, name: str) -> Peer:
    peer = daemon.peer_at()
    assert any("keeps what is said" in line for line in peer.answers(f"JOIN {name}"))
    return peer


def _recalled(peer: Peer, count: str, heard: list[str]) -> list[str]:
    """The answer to HIST; what is said meanwhile is added to ``heard``."""
    peer.say(f"HIST {count}")
    found = []
    for line in iter(peer.line, "HIST end"):
        if match := _SHOWN.fullmatch(line):
            found.append(match[2])
        elif line.startswith("dani: BCST "):
            heard.append(line.removeprefix("dani: BCST "))
    return found


def _mount(disk: Path) -> bool:
    """A small disk of its own, where we may make one."""
    words = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0777", "tmpfs", str(disk)]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


def _filler(disk: Path) -> tuple[Callable[[], None], Callable[[], None]]:
    file = disk / "filler"

    def begin() -> None:
        with file.open("wb", buffering=0) as filling, suppress(OSError):
            while filling.write(b"x" * 4096):
                pass

    return begin, file.unlink


def _limit(daemon: Subject, disk: Path) -> tuple[Callable[[], None], Callable[[], None]]:
    """No file of the daemon's may grow any more: a write meets that much as a full disk."""

    def limit(size: int) -> None:
        if daemon.running():
            resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def begin() -> None:
        limit(max(one.stat().st_size for one in disk.glob("chat.history*")))

    return begin, (lambda: limit(resource.RLIM_INFINITY))
