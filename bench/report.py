"""The figures as tables, in Markdown, aligned so that they read well in a terminal too."""

from collections.abc import Sequence
from statistics import median

from bench.goals import goals
from bench.measure import (
    IDLE,
    JOIN,
    JOIN_CPU,
    LOAD,
    MEMORY,
    P50,
    P50_APART,
    P99,
    RUSH,
    RUSH_CPU,
    START,
    TEN,
    Results,
)
from bench.servers import Server

Row = Sequence[str]

MANY = 1000

JOINING = (
    ("one by one s", JOIN, 3),
    ("CPU s", JOIN_CPU, 3),
    ("50 at once s", RUSH, 3),
    ("CPU s", RUSH_CPU, 3),
    ("KB each", MEMORY, 1),
)
"""What is shown of the joining: words, figure, digits."""


def report(results: Results, servers: Sequence[Server], sizes: Sequence[int]) -> str:
    """All tables, then what was wrong."""
    parts = [_size(results, servers, size) for size in sizes]
    parts += [_joining(results, servers, sizes), _alone(results, servers)]
    parts += [_goals(results, servers, sizes)]
    if results.wrong:
        parts.append("\n".join(["WRONG", *results.wrong]))
    else:
        parts.append(_all_well(servers))
    return "\n\n".join(parts)


def _all_well(servers: Sequence[Server]) -> str:
    loose = ", ".join(server.title for server in servers if not server.one_order)
    exception = f" ({loose}: each speaker's own order is kept, and no more is promised)"
    return f"Every member got every line, byte for byte, in one order{exception if loose else ''}."


def _size(results: Results, servers: Sequence[Server], size: int) -> str:
    head = (
        "",
        "CPU us/delivery",
        "x floor",
        "ten senders",
        "x floor",
        "p50 ms",
        "x floor",
        "p99 ms",
        "p50 apart",
        "x floor",
    )
    rows = [
        (
            server.title,
            *_with_ratio(results, server.name, size, LOAD, 3),
            *_with_ratio(results, server.name, size, TEN, 3),
            *_with_ratio(results, server.name, size, P50, 2),
            _number(results.median(server.name, size, P99), 2),
            *_with_ratio(results, server.name, size, P50_APART, 2),
        )
        for server in servers
    ]
    return f"## {size} members\n\n{_table(head, rows)}"


def _joining(results: Results, servers: Sequence[Server], sizes: Sequence[int]) -> str:
    """Only sizes at which there is something to see, and what was measured there."""
    columns = [
        (f"{size}: {what}", size, measured, digits)
        for size in sizes
        for what, measured, digits in JOINING
        if size >= min(MANY, max(sizes))
        and any(results.median(server.name, size, measured) for server in servers)
    ]
    rows = [
        (
            server.title,
            *(
                _number(results.median(server.name, size, measured), digits)
                for _, size, measured, digits in columns
            ),
        )
        for server in servers
    ]
    head = ("", *(column[0] for column in columns))
    return f"## Joining, and memory for each further member\n\n{_table(head, rows)}"


def _alone(results: Results, servers: Sequence[Server]) -> str:
    rows = [
        (
            server.title,
            _number(results.median(server.name, 0, START), 3),
            _number(results.median(server.name, 0, IDLE), 5),
        )
        for server in servers
    ]
    return f"## Start and idleness\n\n{_table(('', 'CPU s to listening', 'CPU s when idle'), rows)}"


def _goals(results: Results, servers: Sequence[Server], sizes: Sequence[int]) -> str:
    rows = [
        (goal.what, goal.reached, goal.wanted, "yes" if goal.met else "no")
        for goal in goals(results, servers, sizes)
    ]
    return f"## Goals\n\n{_table(('', 'reached', 'at most', 'met'), rows)}"


def _with_ratio(
    results: Results, server: str, size: int, what: str, digits: int
) -> tuple[str, str]:
    """The median figure, and the median and range of its ratios to the floor."""
    ratios = results.ratios(server, size, what)
    figure = _number(results.median(server, size, what), digits)
    if not ratios or server == "floor":
        return figure, "1" if ratios else ""
    spread = f" ({min(ratios):.2f}-{max(ratios):.2f})" if len(ratios) > 1 else ""
    return figure, f"{median(ratios):.2f}{spread}"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _table(head: Row, rows: Sequence[Row]) -> str:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [_line(head, widths), "|" + "|".join("-" * (width + 2) for width in widths) + "|"]
    return "\n".join(lines + [_line(row, widths) for row in rows])


def _line(row: Row, widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    return "| " + " | ".join(cells) + " |"
