"""The load: the C programs, built on the spot, and a run of them against a server."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.running import Running
from bench.servers import HERE

Figures = dict[str, float]
"""What fan measured in one phase, by the names that it prints."""

LONGEST = 600
"""Seconds after which a run is given up."""


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


def drive(
    fan: Path, at: Running, members: int, phases: Sequence[str], join_batch: int = 1
) -> list[Figures]:
    """The joining, then each phase. Raises Wrong with what was wrong."""
    order = "one" if at.server.one_order else "each"
    options: dict[str, object] = {
        "dialect": at.server.dialect,
        "order": order,
        "port": at.port,
        "pid": at.pid,
        "members": members,
        "join-batch": join_batch,
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    try:
        done = subprocess.run(
            [fan, *words, *phases],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        raise Wrong(f"not done after {LONGEST} s") from None
    if done.returncode:
        raise Wrong(done.stderr.strip() or f"fan ended with status {done.returncode}")
    return [_figures(line) for line in done.stdout.splitlines()]


def _figures(line: str) -> Figures:
    pairs = (word.split("=", 1) for word in line.split())
    return {name: float(value) for name, value in pairs if name != "phase"}
