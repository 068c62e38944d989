"""What operators have ordered and a restart must not undo, and the text that keeps it.

Times are kept as what is left of them, with the wall clock's time of writing: while the daemon
runs they go by a clock that nobody sets, and over a restart by the wall clock, if that is
believable. A clock that went back, or was never set, neither lifts a ban nor prolongs it.
"""

import json
from typing import Any

import attrs

from chatd.errors import Refused
from chatd.sanctions import Sanction, Sanctions

LONGEST_DOWN = 366 * 86400.0
"""Seconds. A longer time between writing and reading is a clock's fault, and counts as none."""


class Orders:
    """``closed_by``: the operator who lets nobody new in; empty: nobody does."""

    def __init__(self) -> None:
        self.bans = Sanctions()
        self.mutes = Sanctions()
        self.closed_by = ""

    def __bool__(self) -> bool:
        return bool(self.bans or self.mutes or self.closed_by)

    @property
    def is_timed(self) -> bool:
        """Whether time changes any of it."""
        return any(one.ends is not None for some in (self.bans, self.mutes) for one in some)

    def snapshot(self, now: float, wall: float) -> "Snapshot":
        """What is to be kept, at this time by the clock that never goes back and by the wall's."""
        return Snapshot(self.closed_by, tuple(self.bans), tuple(self.mutes), now, wall)

    @classmethod
    def read(cls, text: str, now: float, wall: float) -> "Orders":
        """Raises ValueError, in words, where the text is not what was written."""
        orders = cls()
        try:
            kept = json.loads(text)
            down = wall - _number(kept["written"])
            passed = down if 0 <= down <= LONGEST_DOWN else 0.0
            orders.closed_by = _text(kept["closed_by"])
            for kind, sanctions in (("bans", orders.bans), ("mutes", orders.mutes)):
                for one in kept[kind]:
                    sanctions.add(_read(one, now - passed))
        except (KeyError, TypeError, AttributeError, RecursionError) as wrong:
            raise ValueError(f"something is missing or is not what it should be: {wrong}") from None
        except Refused as refused:
            raise ValueError(refused.sentence) from None
        return orders


@attrs.frozen
class Snapshot:
    """Orders at a moment, to be written off the reactor: thousands take a while."""

    closed_by: str
    bans: tuple[Sanction, ...]
    mutes: tuple[Sanction, ...]
    now: float
    wall: float

    def text(self) -> str:
        """What ``Orders.read`` reads: JSON, with a line for each."""
        kinds = (("bans", self.bans), ("mutes", self.mutes))
        parts = [f'"{kind}": [{self._lines(sanctions)}]' for kind, sanctions in kinds]
        head = [f'"written": {self.wall:.1f}', f'"closed_by": {json.dumps(self.closed_by)}']
        return "{" + ",\n".join([*head, *parts]) + "}\n"

    def _lines(self, sanctions: tuple[Sanction, ...]) -> str:
        lines = [
            json.dumps(_written(one, self.now), ensure_ascii=False)
            for one in sanctions
            if one.ends is None or one.ends > self.now
        ]
        return "\n " + ",\n ".join(lines) if lines else ""


def _written(one: Sanction, now: float) -> dict[str, Any]:
    left = None if one.ends is None else round(one.ends - now, 1)
    kept = {"name": one.name, "network": one.network, "by": one.by, "why": one.why, "left": left}
    return {key: value for key, value in kept.items() if value not in ("", None)}


def _read(kept: dict[str, Any], now: float) -> Sanction:
    ends = None if kept.get("left") is None else now + _number(kept["left"])
    words = {key: _text(kept.get(key, "")) for key in ("name", "network", "by", "why")}
    if not (words["name"] or words["network"]):
        raise ValueError("somebody has neither a name nor a network")
    return Sanction(**words, ends=ends)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} should be a text")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise TypeError(f"{value!r:.40} should be a number")
    return float(value)
