"""The real daemon, and the real client in a real terminal, for the tests beside this."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.ports import free_port

PATIENCE = 60.0
"""Seconds after which something that should have happened has not. Long, because the machine
may be busy; it is no claim of speed."""

CHAT = (sys.executable, "-P", "-m", "chatd.client")
TWISTD = (sys.executable, "-c", "from twisted.scripts.twistd import run; run()")
TMUX = shutil.which("tmux")


_open: "list[Netcat | Terminal]" = []


def close_all() -> None:
    """End what a test has left running."""
    while _open:
        _open.pop().close()


def wait_for(true: Callable[[], object], what: Callable[[], str]) -> None:
    """Look again and again until it is true; fail with ``what`` there is to see instead."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what()
        time.sleep(0.03)


class Daemon:
    """``twistd chatd`` on a port of its own, which it keeps when it is started again."""

    def __init__(self, folder: Path, config: str = "", listen: str = "") -> None:
        self.port = free_port()
        listen = listen or f"tcp:{self.port}:interface=127.0.0.1"
        self._folder = folder
        self._config = folder / "chatd.toml"
        self._config.write_text(f'{config}\n[line]\nlisten = ["{listen}"]\n')
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Daemon":
        words = ("-n", "--pidfile=", "chatd", "--config", str(self._config))
        with (self._folder / "daemon.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*TWISTD, *words], stdout=log, stderr=log, cwd=self._folder
            )
        wait_for(self.is_up, (self._folder / "daemon.log").read_text)
        return self

    def is_up(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)
            self._process = None

    def nc(self, name: str) -> "Netcat":
        return Netcat(self.port, name)


class Netcat:
    """Somebody who came with nc: a bare socket."""

    def __init__(self, port: int, name: str, *before: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._file = self._socket.makefile("rb")
        _open.append(self)
        self.send(*before, f"JOIN {name}")
        self.until(f"SERVER: {name} joined the chat!")

    def send(self, *lines: str) -> None:
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def until(self, wanted: str) -> list[str]:
        """All lines up to the one wanted."""
        lines: list[str] = []
        while wanted not in lines:
            line = self._file.readline()
            assert line, f"{wanted!r} did not come, but {lines}"
            lines.append(line.decode().rstrip("\r\n"))
        return lines

    def close(self) -> None:
        self._file.close()
        self._socket.close()


class Terminal:
    """A tmux pane with a program in it."""

    def __init__(
        self, folder: Path, *words: str, size: tuple[int, int] = (80, 24), **env: str
    ) -> None:
        self._name = f"chatd-{uuid.uuid4().hex[:12]}"
        settings = {"HOME": str(folder), "XDG_STATE_HOME": str(folder), "LANG": "C.UTF-8", **env}
        columns, rows = map(str, size)
        _open.append(self)
        # A first line, because tmux takes what is erased at the very top into the scrollback.
        # The status it ends with is left on the screen.
        script = 'trap : INT; echo "$ chat"; "$@"; printf "status=%s\\n" $?; exec cat'
        self._tmux(
            *("-u", "-f", "/dev/null", "new-session", "-d", "-x", columns, "-y", rows),
            *(f"-e{key}={value}" for key, value in settings.items()),
            *("sh", "-c", script, "sh", *words),
        )

    def _tmux(self, *words: str, text: str | None = None) -> str:
        done = subprocess.run(
            [TMUX or "tmux", "-L", self._name, *words],
            capture_output=True,
            check=False,
            input=text,
            text=True,
            env={**os.environ, "LANG": "C.UTF-8"},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def keys(self, *keys: str) -> None:
        """Keys by their tmux names: Enter, Tab, C-c."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Text, letter by letter."""
        self._tmux("send-keys", "-l", text)

    def byte(self, value: int) -> None:
        """A byte as it is, which may be no text."""
        self._tmux("send-keys", "-H", f"{value:x}")

    def enter(self, text: str) -> None:
        self.type(text)
        self.keys("Enter")

    def paste(self, text: str) -> None:
        """As a terminal pastes that was asked to bracket it."""
        self._tmux("load-buffer", "-", text=text)
        self._tmux("paste-buffer", "-p", "-d")

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def child(self) -> int:
        """The process id of the program, which is the only child of the pane's shell."""
        shell = self._tmux("display-message", "-p", "#{pane_pid}").strip()
        return int(Path(f"/proc/{shell}/task/{shell}/children").read_text())

    def rang(self) -> bool:
        """Whether the bell was rung."""
        return self._tmux("display-message", "-p", "#{window_bell_flag}").strip() == "1"

    def screen(self, *how: str) -> str:
        return self._tmux("capture-pane", "-p", *how)

    def lines(self) -> list[str]:
        """All that was ever shown and is still in the scrollback, without blank lines."""
        shown = self.screen("-S", "-", "-J").split("\n")
        return [line.rstrip() for line in shown if line.strip()]

    def last(self) -> str:
        """The line at the bottom: where one types."""
        lines = self.lines()
        return lines[-1] if lines else ""

    def see(self, text: str) -> None:
        wait_for(
            lambda: text in "\n".join(self.lines()),
            lambda: f"no {text!r} in:\n{self.screen('-S', '-')}",
        )

    def see_last(self, line: str) -> None:
        wait_for(
            lambda: self.last() == line,
            lambda: f"no {line!r} last in:\n{self.screen('-S', '-')}",
        )

    def press_until(self, key: str, line: str) -> None:
        """Press the key again and again until this is the last line."""

        def pressed() -> bool:
            self.keys(key)
            return self.last() == line

        wait_for(pressed, self.screen)

    def close(self) -> None:
        with contextlib.suppress(AssertionError):
            self._tmux("kill-server")


@contextlib.contextmanager
def running(folder: Path, config: str = "") -> Iterator[Daemon]:
    daemon = Daemon(folder, config).start()
    try:
        yield daemon
    finally:
        daemon.stop(signal.SIGKILL)
