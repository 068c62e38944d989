"""``python -m bench``: the daemon beside the servers that are installed. See README.md."""

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

import attrs

from bench.chart import chart
from bench.load import build
from bench.measure import Plan, measure
from bench.report import report
from bench.servers import Server, servers

QUICK = Plan(
    sizes=(10, 100),
    pairs=1,
    peer_rounds=1,
    turns=1,
    load_seconds=0.15,
    paced_seconds=0.2,
    idle_seconds=0.5,
    idle_peers=False,
)
LARGE = 5000


def main(words: list[str]) -> int:
    """Measure and print. Gives 1 if anything that was said did not arrive as it should."""
    asked = _parser().parse_args(words)
    plan = _plan(asked)
    if not shutil.which("gcc"):
        sys.exit("gcc is needed: the load and the floor are built on the spot")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        fan, floor = build(Path(directory))
        chosen = _chosen(servers(floor), asked.only)
        results = measure(fan, chosen, plan)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(f"# python -m bench {' '.join(words)}\n\n{_machine()}\n")
    print(report(results, chosen, plan.sizes))
    print(f"\nTook {time.monotonic() - began:.0f} s.")
    Path(asked.chart).write_text(chart(results, chosen, plan.sizes))
    print(f"Chart: {asked.chart}")
    return 1 if results.wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute, and rough")
    parser.add_argument("--large", action="store_true", help=f"{LARGE} members too; takes long")
    parser.add_argument("--sizes", type=_sizes, help="members, for example 10,100")
    parser.add_argument("--only", help="servers, for example chatd,floor")
    parser.add_argument("--pairs", type=int, help="rounds of the floor and chatd at each size")
    parser.add_argument("--chart", default="bench.svg", help="where to draw the chart")
    return parser


def _sizes(words: str) -> tuple[int, ...]:
    sizes = tuple(int(word) for word in words.split(","))
    if min(sizes) < 2:
        raise argparse.ArgumentTypeError("a room has two members at least")
    return sizes


def _plan(asked: argparse.Namespace) -> Plan:
    plan = QUICK if asked.quick else Plan()
    if asked.sizes:
        plan = attrs.evolve(plan, sizes=asked.sizes)
    if asked.large:
        plan = attrs.evolve(plan, sizes=(*plan.sizes, LARGE))
    if asked.pairs:
        plan = attrs.evolve(plan, pairs=asked.pairs)
    return plan


def _chosen(known: list[Server], only: str | None) -> list[Server]:
    names = only.split(",") if only else [server.name for server in known]
    unknown = set(names) - {server.name for server in known}
    if unknown:
        sys.exit(f"no such server: {', '.join(sorted(unknown))}")
    missing = [server.name for server in known if server.name in names and not server.program]
    if missing:
        print(f"Not installed, left out: {', '.join(missing)}", file=sys.stderr)
    return [server for server in known if server.name in names and server.program]


def _machine() -> str:
    cpu = "unknown CPU"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
    return (
        f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, {os.cpu_count()} x {cpu},"
        f" Linux {platform.release()}, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
