"""What one person sends, on its way from bytes to what they ask for, at their pace."""

from chatd.errors import Refused
from chatd.limits import Limits
from chatd.pace import Pace
from chatd.wire.commands import Command, CommandReader
from chatd.wire.telnet import TelnetFilter

LINES_PER_TURN = 1000
"""Lines worked through for one person before the others get their turn."""


class Intake:
    """Holds what was read and may not be worked through yet.

    Times are in seconds of a clock that never goes back.
    """

    def __init__(self, limits: Limits, now: float) -> None:
        self.heard_at = now
        """When the last byte of text came."""
        self._telnet = TelnetFilter()
        self._commands = CommandReader(limits.line_bytes)
        self._pace = Pace(limits.lines_per_second, limits.burst_lines, now)

    def feed(self, data: bytes, now: float) -> bytes:
        """Bytes as they came; gives what to answer to telnet's negotiation."""
        text, answer = self._telnet.feed(data)
        if text:
            self.heard_at = now
            self._commands.lines.feed(text)
        return answer

    def end(self) -> None:
        """Nothing more will come: a last line without its end counts."""
        self._commands.lines.end()

    def take(self, now: float) -> list[Command | Refused]:
        """What the lines that may go now ask for."""
        if not self.has_line:
            return []
        most = self._pace.allows(now, LINES_PER_TURN)
        if not most:
            return []
        count, todo = self._commands.take(most)
        self._pace.spend(count)
        return todo

    @property
    def has_line(self) -> bool:
        """Whether there is a line that has not been taken."""
        return self._commands.lines.has_line

    def wait(self) -> float:
        """Seconds until ``take`` would give more of what it holds."""
        return self._pace.wait()
