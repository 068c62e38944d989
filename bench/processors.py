"""Keeping the load out of a server's way."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ALL = os.sched_getaffinity(0)
LOADS = {max(ALL)}
"""The processor that the load has to itself, where there are two or more."""

CAN_BE_APART = len(ALL) > 1


@contextmanager
def apart(server: int, load: int) -> Iterator[None]:
    """The load, one thread, runs on a processor of its own, and the server on all others; both
    are process numbers. Without this the kernel places them."""
    _place(server, ALL - LOADS)
    _place(load, LOADS)
    try:
        yield
    finally:
        _place(server, ALL)
        _place(load, ALL)


def _place(pid: int, processors: set[int]) -> None:
    for thread in Path(f"/proc/{pid}/task").glob("*"):  # none if all has ended
        with suppress(ProcessLookupError):  # this one has, meanwhile
            os.sched_setaffinity(int(thread.name), processors)
