"""What one person sends, on its way from bytes to what they ask for, at their pace."""

from typing import Protocol

from chatd.errors import Refused
from chatd.limits import Limits
from chatd.pace import Pace
from chatd.tally import Tally
from chatd.wire.commands import Command

LINES_PER_TURN = 1000
"""Lines worked through for one person before the others get their turn."""

READ_BYTES = 16384
"""Read at a time…"""

HELD_BYTES = 49152
"""…and held back before nothing more is read; so the two together are what somebody who
sends too fast can cost."""

PINGS_PER_SECOND = 1
PINGS_AT_ONCE = 5
"""How many PINGs overtake lines that are held back."""


class Commands(Protocol):
    """What was read, as far as it has been understood, and nothing of it done."""

    @property
    def has_line(self) -> bool:
        """Whether ``take`` would give anything."""

    @property
    def holds(self) -> int:
        """Bytes that are held."""

    def bound(self, line_bytes: int) -> None:
        """Another limit for a line."""

    def take(self, most: int) -> tuple[int, list[Command | Refused]]:
        """What the next lines ask for, at most ``most`` of them, and how many lines that was."""

    def take_pings(self, most: int) -> list[Command | Refused]:
        """The first PINGs, at most ``most``, from between the other lines, which stay."""


class Intake:
    """Holds what was read and may not be worked through yet.

    Times are in seconds of a clock that never goes back. ``tally`` is told what comes in.
    """

    def __init__(
        self, commands: Commands, limits: Limits, now: float, tally: Tally | None = None
    ) -> None:
        self._commands = commands
        self._tally = tally or Tally()
        self.heard_at = now
        """When the last line came."""
        self._unsearched = False  # whether there may be PINGs that were not looked for
        self._line_bytes = limits.line_bytes
        self._pace = Pace(limits.lines_per_second, limits.burst_lines, now)
        self._ping_pace = Pace(PINGS_PER_SECOND, PINGS_AT_ONCE, now)

    def take_limits(self, limits: Limits, now: float) -> None:
        """Go by these from now on."""
        self._line_bytes = limits.line_bytes
        self._commands.bound(limits.line_bytes)
        self._pace.change(limits.lines_per_second, limits.burst_lines, now)

    def take(self, now: float) -> list[Command | Refused]:
        """What the lines that may go now ask for."""
        if not self.has_line:
            return []
        most = self._pace.allows(now, LINES_PER_TURN)
        if not most:
            return []
        self.heard_at = now
        count, todo = self._commands.take(most)
        self._pace.spend(count)
        self._tally.lines_in += count
        return todo

    def take_pings(self, now: float) -> list[Command | Refused]:
        """The PINGs among the lines that may not go yet: they ask whether we live."""
        if not self._unsearched or not (most := self._ping_pace.allows(now, PINGS_AT_ONCE)):
            return []
        pings = self._commands.take_pings(most)
        self._unsearched = len(pings) == most
        self._ping_pace.spend(len(pings))
        self._tally.lines_in += len(pings)
        return pings

    @property
    def has_line(self) -> bool:
        """Whether there is a line that has not been taken."""
        return self._commands.has_line

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be read before some of it is taken."""
        return self._commands.holds >= HELD_BYTES

    def wait(self) -> float:
        """Seconds until ``take`` would give more of what it holds."""
        return self._pace.wait()
