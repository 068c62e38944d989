"""How long something lasts, for people."""

import math

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))
_ROUNDED = 0.02


def span(seconds: float) -> str:
    """Such as "10 minutes": never less than it is, and at most two in a hundred more."""
    for size, unit in _UNITS:
        count = math.ceil(seconds / size)
        if count * size * (1 - _ROUNDED) <= seconds:
            return _counted(count, unit)
    return _counted(max(1, math.ceil(seconds)), "second")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
