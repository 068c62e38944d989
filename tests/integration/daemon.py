"""The real daemon in a process of its own, and people who talk to it over a socket.

Nothing here sleeps for a fixed time: everything waits for a condition, until WITHIN.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

TWISTD = str(Path(sys.executable).with_name("twistd"))
CHATD = str(Path(sys.executable).with_name("chatd"))
WITHIN = 60.0
"""Seconds after which a test gives up. Long, since it says nothing of how fast chatd is."""

STOPPED_WITHIN = 5.0
"""Seconds in which the daemon ends, whoever does not read: docs/guarantees.md. It takes two at
most where no other program wants the processor."""

ANYWHERE = '[line]\nlisten = ["tcp:0:interface=127.0.0.1"]\n'
UNHURRIED = "[limits]\nlines_per_second = 0\n"
PROMPT = "Enter JOIN followed by your username: JOIN username"

T = TypeVar("T")


def wait_for(what: Callable[[], T | None], why: Callable[[], str], within: float = WITHIN) -> T:
    """What ``what`` gives as soon as it is true; after ``within`` seconds, fail with ``why()``."""
    deadline = time.monotonic() + within
    while not (found := what()):
        assert time.monotonic() < deadline, f"not within {within:g} seconds: {why()}"
        time.sleep(0.01)
    return found


class Peer:
    """Somebody with a socket, who reads line by line. Every wait has a deadline."""

    def __init__(self, address: "tuple[str, int] | str", source: str = "") -> None:
        if isinstance(address, str):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(WITHIN)
            self.socket.connect(address)
        else:
            bind = (source, 0) if source else None
            self.socket = socket.create_connection(address, WITHIN, source_address=bind)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._incoming = self.socket.makefile("rb")
        self._fences = 0

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def say(self, *lines: str) -> None:
        """Send these lines at once."""
        self.throw("".join(f"{line}\r\n" for line in lines).encode())

    def throw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def end(self) -> None:
        """Send nothing more, and go on reading."""
        self.socket.shutdown(socket.SHUT_WR)

    def line(self) -> str:
        """The next line. Raises EOFError when the daemon has closed the connection."""
        data = self._incoming.readline()
        if not data:
            raise EOFError
        assert data.endswith(b"\r\n"), f"a line without its end: {data!r}"
        return data[:-2].decode()

    def lines(self, count: int) -> list[str]:
        """The next lines."""
        return [self.line() for _ in range(count)]

    def rest(self) -> list[str]:
        """Every line until the daemon closes the connection."""
        return self._incoming.read().decode().split("\r\n")[:-1]

    def heard(self) -> list[str]:
        """Every line up to now: what was sent to somebody comes before the answer to their PING."""
        self._fences += 1
        token = f"fence-{self._fences}"
        self.say(f"PING {token}")
        return list(iter(self.line, f"PONG {token}"))

    def answers(self, line: str) -> list[str]:
        """What comes after saying this."""
        self.say(line)
        return self.heard()

    def close(self) -> None:
        """Hang up, without a word."""
        self._incoming.close()
        self.socket.close()


class Daemon:
    """A running daemon. ``log`` is the file it logs to; ``process`` is None in the background."""

    def __init__(self, pid: int, log: Path, process: "subprocess.Popen[bytes] | None") -> None:
        self.pid = pid
        self.log = log
        self.process = process
        self._people: list[Peer] = []
        self._told_to_stop = False

    @property
    def port(self) -> int:
        """Where it says it listens."""
        found = self.logged(r"Server is listening on (\d+)$")
        return int(found[1])

    def log_text(self) -> str:
        """All that it has logged so far, rotated files aside."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def logged(self, pattern: str) -> "re.Match[str]":
        """The first place in the log where it says this, as soon as it does."""
        form = re.compile(pattern, re.MULTILINE)
        return wait_for(lambda: form.search(self.log_text()), lambda: f"{pattern} in the log")

    def peer(self, source: str = "") -> Peer:
        """Somebody who has connected and read the greeting."""
        peer = self.stranger(source)
        assert peer.line() == PROMPT
        return peer

    def stranger(self, source: str = "") -> Peer:
        """Somebody who has connected and read nothing."""
        peer = Peer(("127.0.0.1", self.port), source)
        self._people.append(peer)
        return peer

    def person(self, name: str) -> Peer:
        """Somebody who has joined, and read that they have."""
        peer = self.peer()
        peer.say(f"JOIN {name}")
        assert peer.line() == f"SERVER: {name} joined the chat!"
        return peer

    def everyone_out(self) -> None:
        """Hang up for everyone, and wait until the daemon has noticed."""
        for peer in self._people:
            peer.close()
        self._people.clear()
        wait_for(self._is_deserted, lambda: "an empty room")

    def running(self) -> bool:
        """Whether the process is there."""
        if self.process is not None:
            return self.process.poll() is None
        return _is_alive(self.pid)

    def tell_to_stop(self, how: int = signal.SIGTERM) -> None:
        """Send it a signal after which it ends."""
        self._told_to_stop = True
        os.kill(self.pid, how)

    def stop(self) -> float:
        """SIGTERM, if it was not told to stop yet; gives the seconds it took to end."""
        start = time.monotonic()
        if not self._told_to_stop:
            self.tell_to_stop()
        wait_for(lambda: not self.running(), lambda: "the end of the daemon")
        return time.monotonic() - start

    def _is_deserted(self) -> bool:
        text = self.log_text()
        return logged_or_left_out("connected", text) == logged_or_left_out("disconnected", text)


def logged_or_left_out(kind: str, text: str) -> int:
    """How many lines of this kind are in the log, or counted there as left out."""
    left_out = re.findall(rf"\b(\d+) {kind}\b", text)
    return text.count(f"[info {kind} ") + sum(map(int, left_out))


def twistd(where: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run twistd to its end, or to where it goes into the background."""
    return subprocess.run(
        [TWISTD, *words],
        check=False,
        cwd=where,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=2 * WITHIN,
    )


@contextmanager
def running(
    where: Path,
    config: str = UNHURRIED,
    words: Sequence[str] = (),
    options: Sequence[str] = (),
    log: str = "screen",
) -> Iterator[Daemon]:
    """A daemon in the foreground; at the end it is stopped, and must have logged no fault.

    ``config``: added to ANYWHERE where it has no [line] of its own. ``words`` come after
    ``twistd chatd``, ``options`` before. ``log``: the file in ``where`` in which it logs.
    """
    config_file = write_config(where, config)
    with (where / "screen").open("wb") as screen:
        process = subprocess.Popen(
            [TWISTD, "-n", "--pidfile=", *options, "chatd", f"--config={config_file}", *words],
            cwd=where,
            stdin=subprocess.DEVNULL,
            stdout=screen,
            stderr=subprocess.STDOUT,
        )
    with _kept(Daemon(process.pid, where / log, process)) as daemon:
        yield daemon


@contextmanager
def in_background(
    where: Path,
    config: str,
    options: Sequence[str] = (),
    log: str = "chat.log",
    relative: bool = False,
) -> Iterator[Daemon]:
    """The same daemon, daemonised. ``relative``: the path of its config is."""
    config_file, pid_file = write_config(where, config), where / "chatd.pid"
    named = config_file.name if relative else config_file
    started = twistd(where, f"--pidfile={pid_file}", *options, "chatd", f"--config={named}")
    assert (started.returncode, started.stdout, started.stderr) == (0, "", "")
    with _kept(Daemon(int(pid_file.read_text()), where / log, None)) as daemon:
        yield daemon
    assert not pid_file.exists()


def write_config(where: Path, config: str) -> Path:
    """A config file for a daemon that gets a free port of this machine."""
    file = where / "chatd.toml"
    file.write_text(config if "[line]" in config else ANYWHERE + config, encoding="utf-8")
    return file


@contextmanager
def _kept(daemon: Daemon) -> Iterator[Daemon]:
    try:
        yield daemon
    except BaseException:
        print(f"{daemon.log} of the daemon:\n{daemon.log_text()}")
        raise
    finally:
        if daemon.running():
            daemon.stop()
    assert "Traceback" not in daemon.log_text()


def _is_alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
