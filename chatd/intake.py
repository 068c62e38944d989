"""What one person sends, on its way from bytes to what they ask for, at their pace."""

from chatd.errors import Refused
from chatd.limits import Limits
from chatd.pace import Pace
from chatd.tally import Tally
from chatd.wire.commands import Command, CommandReader, all_said
from chatd.wire.foreign import ENOUGH, spoken
from chatd.wire.telnet import TelnetFilter

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


class Intake:
    """Holds what was read and may not be worked through yet.

    Times are in seconds of a clock that never goes back. ``tally`` is told what comes in.
    """

    def __init__(self, limits: Limits, now: float, tally: Tally | None = None) -> None:
        self._tally = tally or Tally()
        self.heard_at = now
        """When the last line came."""
        self.foreign: str | None = None
        """The protocol that the peer speaks, if it is none of ours."""
        self._beginning: bytes | None = b""  # until it is known what it speaks
        self._unsearched = False  # whether there may be PINGs that were not looked for
        self._telnet = TelnetFilter()
        self._line_bytes = limits.line_bytes
        self._commands = CommandReader(limits.line_bytes)
        self._lines = self._commands.lines
        self._pace = Pace(limits.lines_per_second, limits.burst_lines, now)
        self._ping_pace = Pace(PINGS_PER_SECOND, PINGS_AT_ONCE, now)

    def take_limits(self, limits: Limits, now: float) -> None:
        """Go by these from now on."""
        self._line_bytes = limits.line_bytes
        self._lines.bound(limits.line_bytes)
        self._pace.change(limits.lines_per_second, limits.burst_lines, now)

    def feed(self, data: bytes, now: float) -> bytes:
        """Bytes as they came; gives what to answer to telnet's negotiation."""
        self._tally.bytes_in += len(data)
        text, answer = self._telnet.feed(data)
        if text:
            if self._beginning is not None:
                self._look_at_beginning(text)
            self._lines.feed(text)
            self._unsearched = self._unsearched or b"\n" in text or b"\0" in text
        return answer

    def take_said(self, data: bytes, now: float) -> tuple[str, ...] | None:
        """What ``data`` says to everyone, if it can be said right away and asks for nothing
        else; if not, None, and ``feed`` it.
        """
        if self._beginning is not None or self._lines or self._telnet.is_open:
            return None
        said = all_said(data, self._line_bytes)
        if said is None or self._pace.allows(now, LINES_PER_TURN) < len(said):
            return None
        self._pace.spend(len(said))
        self._tally.lines_in += len(said)
        self._tally.bytes_in += len(data)
        self.heard_at = now
        return said

    @property
    def is_flooded(self) -> bool:
        """Whether there is more telnet negotiation than any telnet does."""
        return self._telnet.is_flooded

    def end(self) -> None:
        """Nothing more will come: a last line without its end counts."""
        self._lines.end()

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
        return self._lines.has_line

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be read before some of it is taken."""
        return len(self._lines) >= HELD_BYTES

    def wait(self) -> float:
        """Seconds until ``take`` would give more of what it holds."""
        return self._pace.wait()

    def _look_at_beginning(self, text: bytes) -> None:
        beginning = ((self._beginning or b"") + text[: 2 * ENOUGH]).lstrip()
        self.foreign = spoken(beginning)
        told = self.foreign or len(beginning) >= ENOUGH or b"\n" in beginning
        self._beginning = None if told else beginning
