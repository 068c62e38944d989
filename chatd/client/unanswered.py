"""What was sent and has no answer yet: how the client knows what the server has.

The server answers in order. A line to everyone comes back to its speaker. A private line
is not answered if all is well, so a LIST follows it, and the list is the receipt: a PING
would be cheaper, but overtakes the lines of a sender who is slowed down.
"""

from collections import deque
from collections.abc import Callable

import attrs

from chatd.wire import commands as asked
from chatd.wire import orders

_ORDERS: tuple[type, ...] = (orders.Order, orders.Ignore, orders.Unignore)
_REFUSABLE: dict[str, tuple[type, ...]] = {
    "no-such-user": (asked.Message, *_ORDERS),
    "muted": (asked.Broadcast, asked.Message),
    "not-operator": (orders.Order,),
    "is-operator": (orders.Order,),
    "history-off": (asked.Recall, asked.Record),
    "already-joined": (asked.Join,),
}
_ANY: tuple[type, ...] = (
    asked.Broadcast,
    asked.Message,
    asked.Recall,
    asked.Record,
    asked.ListPeople,
    *_ORDERS,
)


@attrs.define(eq=False)
class Outgoing:
    """Something on its way to the server. ``number``: see facts.LineRefused."""

    command: asked.Command
    number: int = 0
    perhaps: bool = False
    """Whether it was sent once before, without an answer."""
    failures: int = 0
    """How many connections broke while it was the first without an answer."""
    refused: bool = False
    silent: bool = False
    """Whether nobody here has asked for it, or wants to see the answer."""
    receipt_for: "Outgoing | None" = None
    """For a LIST that nobody wants to see: the private line before it."""

    @property
    def text(self) -> str:
        """What it says, to everyone or to one person."""
        match self.command:
            case asked.Broadcast(lines):
                return "\n".join(lines)
            case asked.Message(_, text):
                return text
        return ""

    @property
    def to(self) -> str:
        """Whom it is for, if it is private."""
        return self.command.to if isinstance(self.command, asked.Message) else ""

    @property
    def is_line(self) -> bool:
        """Whether somebody is meant to read it: what must not be lost."""
        return isinstance(self.command, asked.Broadcast | asked.Message)


class Unanswered:
    """In the order in which it was sent."""

    def __init__(self) -> None:
        self._sent: deque[Outgoing] = deque()
        self.answered = 0
        """How many there were so far."""

    def __len__(self) -> int:
        return len(self._sent)

    def send(self, outgoing: Outgoing) -> str:
        """The line, or two, that ask for it; from now on it waits for its answer."""
        text = asked.write(outgoing.command) + "\r\n"
        self._sent.append(outgoing)
        if isinstance(outgoing.command, asked.Message):
            text += self.send(Outgoing(asked.ListPeople(), receipt_for=outgoing))
        elif isinstance(outgoing.command, _ORDERS):  # which may have no answer, too
            text += self.send(Outgoing(asked.ListPeople(), silent=True))
        return text

    def echoed(self, text: str) -> None:
        """A line of our own has come back; one that we have not sent answers nothing."""
        words = text.split()
        self._answer(lambda sent: not sent.to and sent.is_line and sent.text.split() == words)

    def listed(self) -> Outgoing | None:
        """The list of people has come; what it was asked for, if it was."""
        return self._answer(lambda sent: isinstance(sent.command, asked.ListPeople))

    def refused(self, code: str) -> Outgoing | None:
        """What a refusal with this code is for."""
        kinds = _REFUSABLE.get(code, _ANY)
        for position, sent in enumerate(self._sent):
            if isinstance(sent.command, kinds) and not sent.refused:
                sent.refused = True
                self._drop(position + 1)
                return sent
        return None

    def is_due(self, asked_for: Outgoing) -> bool:
        """Whether it was sent, and every LIST before it is answered."""
        for sent in self._sent:
            if sent is asked_for or isinstance(sent.command, asked.ListPeople):
                return sent is asked_for
        return False

    def recalled(self, asked_for: Outgoing) -> None:
        """The lines of before that were asked for have come."""
        self._answer(lambda sent: sent is asked_for)

    def recorded(self) -> None:
        """The answer to a RECORD has come."""
        self._answer(lambda sent: isinstance(sent.command, asked.Record))

    def lines(self) -> list[Outgoing]:
        """The lines of which it is not known whether the server has them."""
        return [sent for sent in self._sent if sent.is_line]

    def clear(self) -> None:
        """The connection is gone, and with it all answers."""
        self._sent.clear()

    def _answer(self, is_it: Callable[[Outgoing], bool]) -> Outgoing | None:
        for position, sent in enumerate(self._sent):
            if is_it(sent):
                self._drop(position + 1)
                return sent
        return None

    def _drop(self, count: int) -> None:
        # Whatever was sent before the one that is answered has been dealt with, too.
        self.answered += count
        for _ in range(count):
            self._sent.popleft()
