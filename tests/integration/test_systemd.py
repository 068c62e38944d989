"""Under systemd: what it is told, the sockets it opens, and its own opinion of our units."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.integration.daemon import (
    PROMPT,
    TWISTD,
    WITHIN,
    Daemon,
    Peer,
    running,
    wait_for,
    write_config,
)
from tests.integration.test_reloading import reload
from tests.tools import needed

ETC = Path(__file__).parents[2] / "etc"
PLACE = "[line]\nlisten = ['systemd:domain=INET:name=chat']\n"


class Manager:
    """The end of NOTIFY_SOCKET at which systemd listens."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.socket.settimeout(2 * WITHIN)

    def told(self) -> list[str]:
        """The next thing that is said."""
        return self.socket.recv(4096).decode().split("\n")

    def forget(self) -> None:
        """All that was said up to now."""
        self.socket.setblocking(False)
        with suppress(BlockingIOError):
            while self.socket.recv(4096):
                pass

    def told_until(self, word: str) -> list[list[str]]:
        """All that is said up to this."""
        found: list[list[str]] = []
        while not found or word not in found[-1]:
            found.append(self.told())
        return found


@pytest.fixture(params=["path", "abstract"])
def manager(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Manager]:
    name = f"@chatd-test-{os.getpid()}-{time.monotonic_ns()}"
    address = f"{tmp_path}/notify" if request.param == "path" else name
    manager = Manager(address)
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    yield manager
    manager.socket.close()


def test_what_systemd_is_told(tmp_path: Path, manager: Manager) -> None:
    """Ready when people can come in, reloading and ready again, stopping at the end."""
    with running(tmp_path) as daemon:
        assert manager.told() == ["READY=1"]
        assert manager.told() == ["STATUS=People in the room: 0, connections: 0"]
        daemon.person("dani")
        before = time.monotonic()
        assert reload(daemon, tmp_path, "[room]\nmax_users = 3\n").startswith("taken")
        word, stamp = manager.told()
        assert word == "RELOADING=1"
        assert before <= int(stamp.removeprefix("MONOTONIC_USEC=")) / 1e6 <= time.monotonic()
        assert manager.told() == ["READY=1", "STATUS=People in the room: 1, connections: 1"]
        assert reload(daemon, tmp_path, "[rooms]\n").startswith("not taken")
        status = manager.told_until("READY=1")[-1][1]
        assert status.endswith("its config was not taken, the log says why")
        os.kill(daemon.pid, signal.SIGTERM)
        assert manager.told_until("STOPPING=1")
        wait_for(lambda: not daemon.running(), lambda: "the end")
        assert daemon.process is not None
        assert daemon.process.returncode == -signal.SIGTERM


def test_the_watchdog(tmp_path: Path, manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gets a sign of life again and again, and none from a daemon whose reactor stands still."""
    monkeypatch.setenv("WATCHDOG_USEC", "400000")
    with running(tmp_path) as daemon:
        for _ in range(5):
            manager.told_until("WATCHDOG=1")
        os.kill(daemon.pid, signal.SIGSTOP)
        stat = Path(f"/proc/{daemon.pid}/stat")
        wait_for(lambda: ") T " in stat.read_text(), lambda: "a daemon that stands still")
        manager.forget()
        manager.socket.settimeout(1)
        with pytest.raises(TimeoutError):
            manager.told()
        os.kill(daemon.pid, signal.SIGCONT)
        manager.socket.settimeout(2 * WITHIN)
        manager.told_until("WATCHDOG=1")


@contextmanager
def activated(where: Path, config: str, listen: str) -> Iterator[Daemon]:
    """A daemon that is started by the first connection, as by a .socket unit."""
    file = write_config(where, config)
    with (where / "screen").open("wb") as screen:
        process = subprocess.Popen(
            [
                "systemd-socket-activate", f"--listen={listen}", "--fdname=chat",
                TWISTD, "-n", "--pidfile=", "chatd", f"--config={file}",
            ],
            cwd=where,
            stdout=screen,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    daemon = Daemon(process.pid, where / "screen", process)
    try:
        wait_for(lambda: "Listening on" in daemon.log_text(), lambda: "a socket")
        yield daemon
    finally:
        if daemon.running():
            daemon.stop()
    assert "Traceback" not in daemon.log_text()


def test_a_socket_that_systemd_opens(tmp_path: Path) -> None:
    """The first connection starts the daemon and is its first newcomer; a reload keeps it."""
    needed("systemd-socket-activate")
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with activated(tmp_path, PLACE, f"127.0.0.1:{port}") as daemon:
        with Peer(("127.0.0.1", port)) as dani:
            assert dani.line() == PROMPT
            assert dani.answers("JOIN dani") == ["SERVER: dani joined the chat!"]
            daemon.logged(f"Server is listening on {port}$")
            told = reload(daemon, tmp_path, "[line]\nlisten = []\n[room]\nmax_users = 1\n")
            assert told == "taken; changed: [room] max_users, [line] listen"
            daemon.logged(
                r"Not changed before a restart: \[line\] listen systemd:domain=INET:name=chat, "
                "a socket of systemd's$"
            )
            with Peer(("127.0.0.1", port)) as drew:
                assert drew.line() == PROMPT
            assert reload(daemon, tmp_path, PLACE).startswith("taken")
            os.kill(daemon.pid, signal.SIGTERM)
            assert dani.rest() == ["SERVER: the chat is closing"]
        wait_for(lambda: not daemon.running(), lambda: "the end")


def test_a_unix_socket_that_systemd_opens(tmp_path: Path) -> None:
    """Is still there after the daemon has ended: it is systemd's."""
    needed("systemd-socket-activate")
    place = tmp_path / "chat.sock"
    config = "[line]\nlisten = ['systemd:domain=UNIX:index=0']\n"
    with activated(tmp_path, config, str(place)) as daemon:
        with Peer(str(place)) as dani:
            assert dani.line() == PROMPT
        daemon.stop()
    assert place.exists()


def test_a_socket_that_systemd_has_not_opened(tmp_path: Path) -> None:
    """Ends the start with a line that says so; `chatd check` can't know and does not mind."""
    file = write_config(tmp_path, "[line]\nlisten = ['systemd:domain=INET:index=0']\n")
    words = [TWISTD, "-n", "--pidfile=", "chatd", f"--config={file}"]
    tried = subprocess.run(words, check=False, cwd=tmp_path, capture_output=True, text=True)
    assert tried.returncode == 1
    assert "systemd has opened no socket for us, or given none a name" in tried.stderr
    assert len(tried.stderr.splitlines()) == 1
    check = [str(Path(sys.executable).with_name("chatd")), "check", str(file)]
    assert subprocess.run(check, check=False, capture_output=True).returncode == 0


def test_our_units_are_right(tmp_path: Path) -> None:
    """systemd-analyze verify has nothing to say of them, paths of the installation aside."""
    needed("systemd-analyze")
    for unit in ("chatd.service", "chatd.socket"):
        text = (ETC / unit).read_text(encoding="utf-8")
        text = text.replace("/opt/chatd/bin", str(Path(sys.executable).parent))
        (tmp_path / unit).write_text(text)
    for unit in ("chatd.service", "chatd.socket"):
        words = ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)]
        told = subprocess.run(words, check=False, capture_output=True, text=True)
        assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_our_unit_is_hardened() -> None:
    """systemd-analyze security finds an exposure of less than 2.0, of 10."""
    needed("systemd-analyze")
    words = ["systemd-analyze", "security", "--offline=true", "--no-pager"]
    told = subprocess.run(
        [*words, str(ETC / "chatd.service")], check=False, capture_output=True, text=True
    )
    found = re.search(r"Overall exposure level for chatd.service: ([\d.]+)", told.stdout)
    assert found, told.stdout + told.stderr
    assert float(found[1]) < 2.0
