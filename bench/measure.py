"""The runs: which server, at which size, how often and in which order."""

import compileall
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import attrs

from bench.load import Crowd, Figures, Wrong
from bench.processors import CAN_BE_APART, apart
from bench.running import NotRunning, running
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
    """How long to measure. ``pairs``: rounds of the floor and chatd (with a history, and by the
    web door, too); in ``peer_rounds`` of them the peers take part. ``turns``: how often each is
    measured in a round, in turn."""

    sizes: tuple[int, ...] = (10, 100, 1000)
    pairs: int = 5
    peer_rounds: int = 2
    turns: int = 4
    load_seconds: float = 0.25
    paced_seconds: float = 0.75
    idle_seconds: float = 5
    idle_peers: bool = True


LOAD, TEN, P50, P99, P50_APART = "load", "ten", "p50", "p99", "p50 apart"
JOIN, JOIN_CPU, RUSH, RUSH_CPU = "join", "join cpu", "rush", "rush cpu"
MEMORY, START, IDLE = "memory", "start", "idle"


When = tuple[int, int]
"""The number of a round, and of a turn in it."""


class Results:
    """All figures, by server, size (0: of no size), what was measured, round and turn."""

    def __init__(self) -> None:
        self._figures: dict[tuple[str, int, str], dict[When, float]] = defaultdict(dict)
        self.wrong: list[str] = []
        """What was not right, a sentence for each time."""

    def add(self, server: str, size: int, when: When, figures: Figures) -> None:
        """What was measured then."""
        for what, value in figures.items():
            self._figures[server, size, what][when] = value

    def median(self, server: str, size: int, what: str) -> float | None:
        """The middle one of all; None where there was none."""
        values = self._figures.get((server, size, what))
        return median(values.values()) if values else None

    def ratios(self, server: str, size: int, what: str, to: str = "floor") -> list[float]:
        """To another server's figures, one for each round: the median over its turns, in each
        of which both are measured within a second or two, so that the machine's moods cancel."""
        mine = self._figures.get((server, size, what), {})
        theirs = self._figures.get((to, size, what), {})
        of_round: dict[int, list[float]] = defaultdict(list)
        for (number, turn), value in mine.items():
            if other := theirs.get((number, turn)):
                of_round[number].append(value / other)
        return [median(ratios) for ratios in of_round.values()]


def measure(fan: Path, servers: Sequence[Server], plan: Plan) -> Results:
    """Everything in the plan. Where something is wrong it is noted, and the rest goes on."""
    results = Results()
    compileall.compile_dir(ROOT / "chatd", quiet=1)  # as pip does when it installs
    for server in servers:
        if plan.idle_peers or server.name in PAIR:
            with _noting(results, f"{server.name}, idle"), ExitStack() as stack:
                room = _Room(results, stack, fan, server, 0, 0)
                results.add(server.name, 0, (0, 0), room.idle(plan.idle_seconds))
    for size in plan.sizes:
        for number in range(plan.pairs):
            present = [s for s in servers if number < plan.peer_rounds or s.name in PAIR]
            with ExitStack() as stack:
                _round(_Rooms(results, stack, fan, present, size, number), plan)
    return results


class _Room:
    """A server with members in it."""

    def __init__(
        self, results: Results, stack: ExitStack, fan: Path, server: Server, size: int, number: int
    ) -> None:
        self._at = at = stack.enter_context(running(server))
        results.add(server.name, 0, (size, number), {START: at.cpu_to_listening})
        one_by_one = size <= ONE_BY_ONE and number == 0
        batch = 1 if one_by_one else IN_PARALLEL
        self._crowd = Crowd(fan, at, _members(server, size or MANY_SENDERS), batch)
        stack.callback(self._crowd.close)
        joining = self._crowd.joining
        self.joining = {
            JOIN if one_by_one else RUSH: joining["seconds"],
            JOIN_CPU if one_by_one else RUSH_CPU: joining["cpu_s"],
        }
        if "kb_per_member" in joining:
            self.joining[MEMORY] = joining["kb_per_member"]

    def idle(self, seconds: float) -> Figures:
        """Nobody says anything."""
        return {IDLE: self._crowd.phase(f"idle:{seconds}")["cpu_s"]}

    def one_speaks(self, seconds: float) -> Figures:
        """As fast as the room allows."""
        return {LOAD: self._crowd.phase(f"1:{seconds}")["us_per_delivery"]}

    def many_speak(self, size: int, seconds: float) -> Figures:
        """The same."""
        return {TEN: self._crowd.phase(f"{min(MANY_SENDERS, size)}:{seconds}")["us_per_delivery"]}

    def paced(self, size: int, seconds: float) -> Figures:
        """One speaks, and the wait is what counts."""
        told = self._crowd.phase(f"1:{seconds}:{PACED_DELIVERIES / size}")
        return {P50: told["p50_ms"], P99: told["p99_ms"]}

    def paced_apart(self, size: int, seconds: float) -> Figures:
        """The same, while the load does not run where the server runs."""
        with apart(self._at.pid, self._crowd.pid):
            return {P50_APART: self.paced(size, seconds)[P50]}


class _Rooms:
    """Those of one round, all of this size, each in its turn; the others are silent then."""

    def __init__(
        self,
        results: Results,
        stack: ExitStack,
        fan: Path,
        servers: Sequence[Server],
        size: int,
        number: int,
    ) -> None:
        self.size = size
        self._results = results
        self._number = number
        self._rooms: dict[str, _Room] = {}
        for server in servers:
            with _noting(results, self._what(server.name)):
                room = _Room(results, stack, fan, server, size, number)
                self._rooms[server.name] = room
                results.add(server.name, size, (number, 0), room.joining)

    def each(self, turn: int, visit: Callable[[_Room], Figures]) -> None:
        """Measure in each of them; one in which something is wrong is left out from then on."""
        for name, room in tuple(self._rooms.items()):
            del self._rooms[name]
            with _noting(self._results, self._what(name)):
                self._results.add(name, self.size, (self._number, turn), visit(room))
                self._rooms[name] = room

    def _what(self, name: str) -> str:
        return f"{name}, {self.size} members, round {self._number + 1}"


def _round(rooms: _Rooms, plan: Plan) -> None:
    """A load that is not counted, to warm up, and then each measure turn by turn."""
    rooms.each(-1, lambda room: room.one_speaks(plan.load_seconds) and {})
    for turn in range(plan.turns):
        rooms.each(turn, lambda room: room.one_speaks(plan.load_seconds))
    for turn in range(plan.turns):
        rooms.each(turn, lambda room: room.many_speak(rooms.size, plan.load_seconds))
    for turn in range(plan.turns):
        rooms.each(turn, lambda room: room.paced(rooms.size, plan.paced_seconds))
    for turn in range(plan.turns if CAN_BE_APART else 0):
        rooms.each(turn, lambda room: room.paced_apart(rooms.size, plan.paced_seconds))


@contextmanager
def _noting(results: Results, what: str) -> Iterator[None]:
    if sys.stderr.isatty():
        print(f"\r{what}".ljust(60), end="", file=sys.stderr, flush=True)
    try:
        yield
    except (Wrong, NotRunning) as error:
        results.wrong.append(f"{what}: {error}")
        print(f"\n{what}: {error}", file=sys.stderr)


def _members(server: Server, size: int) -> int:
    """IRC does not echo: where all speak, one more must be there to hear every line."""
    return size + 1 if server.dialect == "irc" and size <= MANY_SENDERS else size
