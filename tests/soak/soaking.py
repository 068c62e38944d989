"""The daemon in a busy room, weighed from time to time."""

import time
from collections.abc import Iterator
from pathlib import Path

from tests.soak.crowd import CHANGES, LINES, MEMBERS, Tally, milling
from tests.torture.elsewhere import elsewhere
from tests.torture.row import Figure, all_of, none_of
from tests.torture.subject import ROOMY, Subject, subject

CONFIG = ROOMY + '[log]\nfile = "chat.log"\nrotate_bytes = 200000\nkeep = 3\n'
MB = 1 << 20
WARM_UP = 0.4
LONGEST_WARM_UP = 150.0
"""Seconds before the daemon's memory is weighed for the first time, of a long run; of a
short one so much of it. As many are dead by then as ever will be at once."""
LONGEST_END = 75.0
"""Seconds until nothing of the crowd may be left. The log waits for a minute to say how many
lines it has left out."""
ON_THE_WAY = 60
"""Connections that come and go, timers of those who have not joined, and the dead."""


def soak(where: Path, minutes: float) -> Iterator[Figure]:
    """Give the figures at the end, of so many minutes and a warm-up."""
    seconds = minutes * 60
    with subject(where, CONFIG, log="chat.log") as daemon:
        looker = daemon.member("looker")
        looker.close()
        time.sleep(0.5)
        at_first = daemon.look_inside(objects=True), daemon.descriptors
        with elsewhere(milling, daemon.port) as crowd:
            crowd.ready()
            time.sleep(min(seconds * WARM_UP, LONGEST_WARM_UP))
            weights, in_use, worst_descriptors, worst_timers = _watch(daemon, seconds)
            tally: Tally = crowd.stop()
        yield none_of("promises broken", tally.faults)
        yield Figure("lines", tally.lines, seconds * LINES * 0.8, 1e12)
        yield Figure("came and went", tally.came, MEMBERS + seconds * CHANGES * 0.8, 1e12)
        yield Figure("died", tally.died, 1, 1e12)
        each = " ".join(f"{weight / MB:.2f}" for weight in weights[:: max(1, len(weights) // 20)])
        grown = (weights[-1] - weights[0]) / MB
        yield Figure("memory grown", grown, float("-inf"), 1, "MB", about=each)
        half = len(in_use) // 2  # it goes up and down, so the least of each half is compared
        leaked = (min(in_use[half:]) - min(in_use[:half])) / MB
        yield Figure("of it in use", leaked, float("-inf"), 0.5, "MB")
        yield Figure("memory in the end", weights[-1] / MB, high=150, unit="MB", about=each)
        yield Figure("descriptors", worst_descriptors, high=at_first[1] + MEMBERS + 2 * ON_THE_WAY)
        yield Figure("timers", worst_timers, high=ON_THE_WAY)
        yield from _nothing_left(daemon, at_first)
        yield Figure("log files", len(list(where.glob("chat.log*"))), 1, 4)


def _watch(daemon: Subject, seconds: float) -> tuple[list[int], list[float], float, float]:
    """The daemon's memory, about every second, how much of it is in use, and the most descriptors
    and timers it had.
    """
    weights, descriptors, timers = [daemon.rss], list[float](), list[float]()
    in_use = list[float]()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(min(2, seconds / 20))
        weights.append(daemon.rss)
        descriptors.append(daemon.descriptors)
        inside = daemon.look_inside()
        timers.append(inside["timers"])
        in_use.append(inside["in_use"])
    return weights, in_use, max(descriptors), max(timers)


def _nothing_left(daemon: Subject, at_first: tuple[dict[str, float], int]) -> Iterator[Figure]:
    until = time.monotonic() + LONGEST_END
    while time.monotonic() < until and (
        daemon.descriptors > at_first[1] or daemon.look_inside()["timers"] > at_first[0]["timers"]
    ):
        time.sleep(0.1)
    inside = daemon.look_inside(objects=True)
    yield all_of("descriptors in the end", daemon.descriptors, at_first[1])
    for what in ("timers", "LineSeat", "Outbox", "LineIntake"):
        yield Figure(f"{what} in the end", inside[what], high=at_first[0][what])
    peer = daemon.member("looker")
    yield none_of(
        "still on the list", [one for one in peer.answers("LIST") if one != "Online: looker"]
    )
