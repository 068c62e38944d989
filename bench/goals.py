"""What the daemon is meant to reach, and whether it did."""

from collections.abc import Iterator, Sequence
from statistics import median

import attrs

from bench.measure import (
    IDLE,
    JOIN,
    LOAD,
    MEMORY,
    P50,
    P50_APART,
    RUSH,
    START,
    TEN,
    Results,
)
from bench.servers import Server

_WAIT = {10: 1.5, 100: 1.3, 1000: 1.2}

TO_THE_FLOOR = {
    LOAD: ("CPU per delivery, one sender", {10: 2.0, 100: 1.3, 1000: 1.25}),
    TEN: ("CPU per delivery, ten senders", {10: 2.5, 100: 1.5, 1000: 1.4}),
    P50: ("median wait at 20,000 deliveries/s", _WAIT),
    P50_APART: ("the same, load apart", _WAIT),
}
"""At most so many times the floor, by members."""

WITH_HISTORY = {10: 1.4, 100: 1.15}
"""CPU per delivery with everything written to a file, over that without a history."""

BY_WEB = {1000: 2.0}
"""CPU per delivery by the web door, over that of the line door."""

KB_PER_MEMBER = 5.0
JOIN_SECONDS = 2.0
START_SECONDS = 0.5
IDLE_SECONDS = 0.001
"""CPU that counts as none: what it takes to see that there is none."""

GROWTH = 1.2
"""CPU per delivery in the dearest size over the cheapest, from 100 members up."""


@attrs.frozen
class Goal:
    """One goal: the figure reached, the figure wanted."""

    what: str
    reached: str
    wanted: str
    met: bool


def goals(results: Results, servers: Sequence[Server], sizes: Sequence[int]) -> list[Goal]:
    """Those that this run has figures for."""
    return [
        *_to_the_floor(results, sizes),
        *_below_the_peers(results, [s for s in servers if s.from_outside], sizes),
        *_over_chatd(results, "chatd-history", "with a history", WITH_HISTORY),
        *_over_chatd(results, "chatd-web", "by the web door", BY_WEB),
        *_growth(results, sizes),
        *_memory(results, sizes),
        *_plain("1000 joining one by one", results.median("chatd", 1000, JOIN), JOIN_SECONDS),
        *_plain("1000 joining, 50 at once", results.median("chatd", 1000, RUSH), JOIN_SECONDS),
        *_plain("CPU to listening", results.median("chatd", 0, START), START_SECONDS),
        *_plain("CPU when nothing happens", results.median("chatd", 0, IDLE), IDLE_SECONDS),
    ]


def _to_the_floor(results: Results, sizes: Sequence[int]) -> Iterator[Goal]:
    for measured, (what, limits) in TO_THE_FLOOR.items():
        for size in sizes:
            ratios = results.ratios("chatd", size, measured)
            if size in limits and ratios:
                reached = median(ratios)
                yield Goal(
                    f"{what}, {size} members",
                    f"{reached:.2f} x floor",
                    f"{limits[size]:g} x",
                    reached <= limits[size],
                )


def _below_the_peers(
    results: Results, peers: Sequence[Server], sizes: Sequence[int]
) -> Iterator[Goal]:
    for size in sizes:
        for peer in peers:
            ratios = results.ratios("chatd", size, LOAD, to=peer.name)
            if ratios:
                reached = median(ratios)
                yield Goal(
                    f"CPU per delivery, {size} members, against {peer.title}",
                    f"{reached:.2f} x",
                    "below 1 x",
                    reached < 1,
                )


def _over_chatd(
    results: Results, server: str, words: str, limits: dict[int, float]
) -> Iterator[Goal]:
    """chatd in another way, over chatd as it comes."""
    for measured, who in ((LOAD, "one sender"), (TEN, "ten senders")):
        for size, limit in limits.items():
            if ratios := results.ratios(server, size, measured, to="chatd"):
                reached = median(ratios)
                what = f"CPU per delivery {words}, {who}, {size} members"
                yield Goal(what, f"{reached:.2f} x chatd", f"{limit:g} x", reached <= limit)


def _growth(results: Results, sizes: Sequence[int]) -> Iterator[Goal]:
    loads = [
        load for size in sizes if size >= 100 and (load := results.median("chatd", size, LOAD))
    ]
    if len(loads) > 1:
        reached = max(loads) / min(loads)
        yield Goal(
            "CPU per delivery from 100 members up, dearest over cheapest",
            f"{reached:.2f} x",
            f"{GROWTH:g} x",
            reached <= GROWTH,
        )


def _memory(results: Results, sizes: Sequence[int]) -> Iterator[Goal]:
    size = max(sizes)
    memory = results.median("chatd", size, MEMORY)
    if size >= 1000 and memory is not None:
        yield Goal(
            f"memory for each further member, {size // 5} to {size}",
            f"{memory:.1f} KB",
            f"{KB_PER_MEMBER:g} KB",
            memory <= KB_PER_MEMBER,
        )


def _plain(what: str, reached: float | None, most: float) -> Iterator[Goal]:
    if reached is not None:
        yield Goal(what, f"{reached:.4f} s", f"{most:g} s", reached <= most)
