"""The load: the C programs, built on the spot, and a run of them against a server."""

import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from bench.running import Running
from bench.servers import HERE

Figures = dict[str, float]
"""What fan measured in one phase, by the names that it prints."""

LONGEST = 600
"""Seconds after which a crowd is given up."""


class Wrong(Exception):
    """A member missed a line, got a wrong one, or was cut off."""


def build(directory: Path) -> tuple[Path, Path]:
    """The programs ``fan`` and ``floor``. Raises CalledProcessError where gcc fails."""
    fan, floor = directory / "fan", directory / "floor"
    _compile(sorted((HERE / "fan").glob("*.c")), fan)
    _compile([HERE / "floor.c"], floor)
    return fan, floor


def _compile(sources: Sequence[Path], to: Path) -> None:
    subprocess.run(["gcc", "-O2", "-o", to, *sources], check=True)


class Crowd:
    """Members in a room, who say nothing until they are asked to.

    Joining them, and each phase, raises Wrong with what was wrong.
    """

    def __init__(self, fan: Path, at: Running, members: int, join_batch: int = 1) -> None:
        options: dict[str, object] = {
            "dialect": at.server.dialect,
            "order": "one" if at.server.one_order else "each",
            "port": at.port,
            "pid": at.pid,
            "members": members,
            "join-batch": join_batch,
        }
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._process = subprocess.Popen(
            [fan, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            bufsize=1,
        )
        self._end = threading.Timer(LONGEST, self._process.kill)
        self._end.daemon = True
        self._end.start()
        self.joining = self._told()

    @property
    def pid(self) -> int:
        """Of the process that they all are in."""
        return self._process.pid

    def phase(self, words: str) -> Figures:
        """What was measured in this phase; see ``fan/main.c`` for the words."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n")
        return self._told()

    def close(self) -> None:
        """All go."""
        self._end.cancel()
        self._process.kill()
        self._process.communicate()

    def _told(self) -> Figures:
        assert self._process.stdout is not None
        if line := self._process.stdout.readline():
            return _figures(line)
        self._end.cancel()
        _, wrong = self._process.communicate()
        status = self._process.returncode
        raise Wrong(wrong.strip() or f"fan ended with status {status}")


def _figures(line: str) -> Figures:
    pairs = (word.split("=", 1) for word in line.split())
    return {name: float(value) for name, value in pairs if name != "phase"}
