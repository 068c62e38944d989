"""How long something lasts, for people."""

import math

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def span(seconds: float) -> str:
    """Such as "10 minutes": never less than it is, and no rounder than by half."""
    for size, unit in _UNITS:
        if seconds == size or seconds >= 2 * size:
            return _counted(math.ceil(seconds / size), unit)
    return _counted(max(1, math.ceil(seconds)), "second")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
