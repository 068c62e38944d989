"""What one person sends by a WebSocket: whole messages."""

from chatd.intake import Intake
from chatd.limits import Limits
from chatd.tally import Tally
from chatd.wire.message_reader import MessageReader


class MessageIntake(Intake):
    """Takes messages as they come."""

    _commands: MessageReader

    def __init__(self, limits: Limits, now: float, tally: Tally | None = None) -> None:
        super().__init__(MessageReader(limits.line_bytes), limits, now, tally)

    def feed(self, message: str) -> None:
        """One more."""
        self._commands.feed(message)
        self._unsearched = True
