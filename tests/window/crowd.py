"""Others in the room: real netcats."""

import os
import shutil
import subprocess
import tempfile

from tests.client.running import wait_for

NC = shutil.which("nc.openbsd") or shutil.which("nc")


class Talker:
    """Somebody at a netcat."""

    def __init__(self, port: int, name: str) -> None:
        assert NC is not None
        self._screen = tempfile.TemporaryFile()  # noqa: SIM115
        self._nc = subprocess.Popen(
            [NC, "127.0.0.1", str(port)], stdin=subprocess.PIPE, stdout=self._screen
        )
        self._write(f"JOIN {name}")
        wait_for(lambda: f"SERVER: {name} joined the chat!" in self.screen(), self.screen)

    def say(self, *lines: str) -> None:
        """To everyone."""
        self._write(*(f"BCST {line}" for line in lines))

    def screen(self) -> str:
        """All that has come."""
        # Without moving the place at which it writes.
        return os.pread(self._screen.fileno(), 1 << 24, 0).decode()

    def close(self) -> None:
        """Leave."""
        if self._nc.poll() is None:
            self._nc.terminate()
            self._nc.wait()
            assert self._nc.stdin is not None
            self._nc.stdin.close()
            self._screen.close()

    def _write(self, *lines: str) -> None:
        assert self._nc.stdin is not None
        self._nc.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self._nc.stdin.flush()


_open: list[Talker] = []


def netcat(port: int, name: str) -> Talker:
    """Somebody comes in."""
    _open.append(Talker(port, name))
    return _open[-1]


def close_all() -> None:
    """Everybody out."""
    while _open:
        _open.pop().close()


def flood(port: int, name: str, count: int) -> "subprocess.Popen[bytes]":
    """So many lines as fast as a netcat sends them; it reads, and leaves when all is said."""
    assert NC is not None
    words = "and some more words, so that it is about as long as lines are"
    said = "".join(f"BCST line {number} {words}\n" for number in range(count))
    with tempfile.TemporaryFile() as file:
        file.write(f"JOIN {name}\n{said}QUIT\n".encode())
        file.seek(0)
        return subprocess.Popen(
            [NC, "-N", "127.0.0.1", str(port)], stdin=file, stdout=subprocess.DEVNULL
        )
