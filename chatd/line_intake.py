"""What one person sends by netcat, telnet or the client: lines, and what comes in between."""

from chatd.intake import LINES_PER_TURN, Intake
from chatd.limits import Limits
from chatd.tally import Tally
from chatd.wire.commands import CommandReader
from chatd.wire.foreign import ENOUGH, spoken
from chatd.wire.said import all_said
from chatd.wire.telnet import TelnetFilter


class LineIntake(Intake):
    """Takes bytes as they come, telnet's negotiation out of them."""

    _commands: CommandReader

    def __init__(self, limits: Limits, now: float, tally: Tally | None = None) -> None:
        super().__init__(CommandReader(limits.line_bytes), limits, now, tally)
        self.foreign: str | None = None
        """The protocol that the peer speaks, if it is none of ours."""
        self._beginning: bytes | None = b""  # until it is known what it speaks
        self._is_plain = False  # whether it is known that nothing is held, of whatever kind
        self._telnet = TelnetFilter()

    def feed(self, data: bytes, now: float) -> bytes:
        """Bytes as they came; gives what to answer to telnet's negotiation."""
        self._is_plain = False
        self._tally.bytes_in += len(data)
        text, answer = self._telnet.feed(data)
        if text:
            if self._beginning is not None:
                self._look_at_beginning(text)
            self._commands.feed(text)
            self._unsearched = self._unsearched or b"\n" in text or b"\0" in text
        return answer

    def take_said(self, data: bytes, now: float) -> tuple[str, ...] | None:
        """What ``data`` says to everyone, if it can be said right away and asks for nothing
        else; if not, None, and ``feed`` it.
        """
        if not (self._is_plain or self._is_between()):
            return None
        said = all_said(data, self._line_bytes)
        if said is None or len(said) > LINES_PER_TURN or not self._pace.take(now, len(said)):
            return None
        self._tally.lines_in += len(said)
        self._tally.bytes_in += len(data)
        self.heard_at = now
        return said

    def _is_between(self) -> bool:
        is_open = self._beginning is not None or self._telnet.is_open
        self._is_plain = self._commands.is_between and not is_open
        return self._is_plain

    @property
    def is_flooded(self) -> bool:
        """Whether there is more telnet negotiation than any telnet does."""
        return self._telnet.is_flooded

    def end(self) -> None:
        """Nothing more will come: a last line without its end counts."""
        self._commands.end()

    def _look_at_beginning(self, text: bytes) -> None:
        beginning = ((self._beginning or b"") + text[: 2 * ENOUGH]).lstrip()
        self.foreign = spoken(beginning)
        told = self.foreign or len(beginning) >= ENOUGH or b"\n" in beginning
        self._beginning = None if told else beginning
