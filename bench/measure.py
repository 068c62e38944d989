"""The runs: which server, at which size, how often and in which order."""

import compileall
import sys
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import attrs

from bench.load import Figures, Wrong, drive
from bench.running import NotRunning, Running, running
from bench.servers import ROOT, Server

PACED_DELIVERIES = 20_000
"""Deliveries a second where the wait is measured."""

PAIR = ("floor", "chatd", "chatd-history", "chatd-web")
MANY_SENDERS = 10
ONE_BY_ONE = 1000
"""Up to so many join one by one, each when the one before is in; it takes too long with more."""

IN_PARALLEL = 50


@attrs.frozen
class Plan:
    """How long to measure. ``pairs``: runs of the floor and chatd (with a history, and by the
    web door, too), one after the other."""

    sizes: tuple[int, ...] = (10, 100, 1000)
    pairs: int = 5
    peer_runs: int = 2
    load_seconds: float = 1
    paced_seconds: float = 2
    idle_seconds: float = 5
    idle_peers: bool = True


LOAD, TEN, P50, P99 = "load", "ten", "p50", "p99"
JOIN, JOIN_CPU, RUSH, RUSH_CPU = "join", "join cpu", "rush", "rush cpu"
MEMORY, START, IDLE = "memory", "start", "idle"


Visit = Callable[[Running], Figures]


class Results:
    """All figures, by server, size (0: of no size), what was measured, and run."""

    def __init__(self) -> None:
        self._figures: dict[tuple[str, int, str], dict[Hashable, float]] = defaultdict(dict)
        self.wrong: list[str] = []
        """What was not right, a sentence for each run."""

    def add(self, server: str, size: int, run: Hashable, figures: Figures) -> None:
        """What one run gave."""
        for what, value in figures.items():
            self._figures[server, size, what][run] = value

    def median(self, server: str, size: int, what: str) -> float | None:
        """The middle one of all runs; None where there was none."""
        values = self._figures.get((server, size, what))
        return median(values.values()) if values else None

    def ratios(self, server: str, size: int, what: str, to: str = "floor") -> list[float]:
        """To another server's figure in the same round, so that the machine's moods cancel."""
        mine = self._figures.get((server, size, what), {})
        theirs = self._figures.get((to, size, what), {})
        return [value / theirs[run] for run, value in mine.items() if theirs.get(run)]


def measure(fan: Path, servers: Sequence[Server], plan: Plan) -> Results:
    """Everything in the plan. Where something is wrong it is noted, and the rest goes on."""
    results = Results()
    compileall.compile_dir(ROOT / "chatd", quiet=1)  # as pip does when it installs
    for server in servers:
        if plan.idle_peers or server.name in PAIR:
            _note(results, server, 0, 0, partial(_alone, fan, plan))
    for size in plan.sizes:
        for run in range(plan.pairs):
            for server in servers:
                if run < plan.peer_runs or server.name in PAIR:
                    _note(results, server, size, run, partial(_room, fan, plan, size, run))
    return results


def _note(results: Results, server: Server, size: int, run: int, visit: Visit) -> None:
    what = f"{server.name}, {size} members" if size else f"{server.name}, idle"
    if sys.stderr.isatty():
        print(f"\r{what}, run {run + 1}".ljust(60), end="", file=sys.stderr, flush=True)
    try:
        with running(server) as at:
            results.add(server.name, 0, (size, run), {START: at.cpu_to_listening})
            results.add(server.name, size, run, visit(at))
    except (Wrong, NotRunning) as error:
        results.wrong.append(f"{what}: {error}")
        print(f"\n{what}: {error}", file=sys.stderr)


def _alone(fan: Path, plan: Plan, at: Running) -> Figures:
    _, idle = drive(fan, at, MANY_SENDERS, [f"idle:{plan.idle_seconds}"])
    return {IDLE: idle["cpu_s"]}


def _room(fan: Path, plan: Plan, size: int, run: int, at: Running) -> Figures:
    """A round in a room of this size. A first load, not counted, warms it up."""
    members = _members(at.server, size)
    many = min(MANY_SENDERS, size)
    rate = PACED_DELIVERIES / size
    phases = [
        f"1:{plan.load_seconds / 5}",
        f"1:{plan.load_seconds}",
        f"{many}:{plan.load_seconds}",
        f"1:{plan.paced_seconds}:{rate}",
    ]
    one_by_one = size <= ONE_BY_ONE and run == 0
    joining, _, load, ten, paced = drive(
        fan, at, members, phases, join_batch=1 if one_by_one else IN_PARALLEL
    )
    figures = {
        LOAD: load["us_per_delivery"],
        TEN: ten["us_per_delivery"],
        P50: paced["p50_ms"],
        P99: paced["p99_ms"],
        JOIN if one_by_one else RUSH: joining["seconds"],
        JOIN_CPU if one_by_one else RUSH_CPU: joining["cpu_s"],
    }
    if "kb_per_member" in joining:
        figures[MEMORY] = joining["kb_per_member"]
    return figures


def _members(server: Server, size: int) -> int:
    """IRC does not echo: where all speak, one more must be there to hear every line."""
    return size + 1 if server.dialect == "irc" and size <= MANY_SENDERS else size
