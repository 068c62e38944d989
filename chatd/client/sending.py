"""The lines of this end: waiting to be sent, sent and not answered, or kept unsent."""

from collections import deque

from chatd.client.unanswered import Outgoing, Unanswered
from chatd.wire import commands as asked

WINDOW = 500
"""Commands sent and not answered, at most: what a slow server makes us hold, and lose
sight of if the connection breaks."""

FAILURES = 3
"""So many connections that broke with the same line as the first without a receipt."""


class Sending:
    """``keeps``: after a broken connection lines wait for somebody's word (``unsent``),
    and are not sent again by themselves."""

    def __init__(self, keeps: bool) -> None:
        self.unanswered = Unanswered()
        self.unsent: list[Outgoing] = []
        self._keeps = keeps
        self._waiting: deque[Outgoing] = deque()
        self._held_back: deque[Outgoing] = deque()

    def add(self, outgoing: Outgoing) -> None:
        """Send it when there is room for it."""
        self._waiting.append(outgoing)

    def hold_back(self) -> None:
        """What is added from now on goes before what waits."""
        self._held_back, self._waiting = self._waiting, deque()

    def go_on(self) -> None:
        """And after that, what waited."""
        self._waiting += self._held_back
        self._held_back = deque()

    def take(self) -> bytes:
        """What may be sent now."""
        parts = []
        while self._waiting and len(self.unanswered) < WINDOW:
            parts.append(self.unanswered.send(self._waiting.popleft()))
        return "".join(parts).encode()

    def broke(self) -> list[Outgoing]:
        """The connection is gone. The lines that are kept unsent from now on, in order;
        what else was asked for is forgotten."""
        on_their_way = self.unanswered.lines()
        for outgoing in on_their_way:
            outgoing.perhaps = True
        if on_their_way:
            on_their_way[0].failures += 1
        self.unanswered.clear()
        lines = on_their_way + [outgoing for outgoing in self._waiting if outgoing.is_line]
        self._waiting.clear()
        if self._keeps:
            self.unsent += lines
            return lines
        self._waiting.extend(lines)
        return []

    def release(self) -> int:
        """Send what was unsent after all; how many lines that is."""
        unsent, self.unsent = self.unsent, []
        self._waiting.extend(unsent)
        return len(unsent)

    def has_arrived(self, text: str) -> None:
        """A line to everyone that was on its way when the connection broke is there."""
        for outgoing in self.unsent:
            if outgoing.perhaps and not outgoing.to and outgoing.text.split() == text.split():
                self.unsent.remove(outgoing)
                return

    def drop(self) -> int:
        """Forget what was unsent; how many lines that was."""
        unsent, self.unsent = self.unsent, []
        return len(unsent)

    @property
    def pending(self) -> int:
        """Lines of which it is not known yet that the server has them; not the unsent ones."""
        waiting = sum(1 for outgoing in self._waiting if outgoing.is_line)
        return waiting + len(self.unanswered.lines())

    @property
    def is_in_vain(self) -> bool:
        """Whether the connection has broken on the first line again and again."""
        return bool(self._waiting) and self._waiting[0].failures >= FAILURES

    @property
    def has_room(self) -> bool:
        """Whether more input may be read."""
        return len(self._waiting) < WINDOW


def said(text: str, number: int = 0) -> Outgoing:
    """A line to everyone."""
    return Outgoing(asked.Broadcast((text,)), number)
