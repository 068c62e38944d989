"""What was sent and has no answer yet: how the client knows what the server has.

The server answers in order. A line to everyone comes back to its speaker; a private line
is not answered if all is well, so a PING follows it, and its PONG is the receipt.
"""

from collections import deque
from collections.abc import Callable
from itertools import count

import attrs

from chatd.wire import commands as asked

PING_PREFIX = "chat-client-"
"""What the tokens of our own PINGs begin with."""

_REFUSABLE: dict[str, tuple[type, ...]] = {
    "no-such-user": (asked.Message,),
    "history-off": (asked.History,),
    "already-joined": (asked.Join,),
}
_ANY: tuple[type, ...] = (asked.Broadcast, asked.Message, asked.History, asked.ListPeople)


@attrs.define(eq=False)
class Outgoing:
    """Something on its way to the server. ``number``: see facts.LineRefused."""

    command: asked.Command
    number: int = 0
    perhaps: bool = False
    """Whether it was sent once before, without an answer."""
    token: str = ""
    refused: bool = False

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
        self._numbers = count(1)

    def __len__(self) -> int:
        return len(self._sent)

    def send(self, outgoing: Outgoing) -> str:
        """The line, or two, that ask for it; from now on it waits for its answer."""
        text = asked.write(outgoing.command)
        if isinstance(outgoing.command, asked.Message):
            outgoing.token = self.token()
            text += f"\r\n{asked.write(asked.Ping(outgoing.token))}"
        self._sent.append(outgoing)
        return text + "\r\n"

    def token(self) -> str:
        """For a PING, one that was not used before."""
        return f"{PING_PREFIX}{next(self._numbers)}"

    def echoed(self) -> None:
        """A line of our own has come back."""
        self._answer(lambda sent: isinstance(sent.command, asked.Broadcast))

    def listed(self) -> None:
        """The list of people has come."""
        self._answer(lambda sent: isinstance(sent.command, asked.ListPeople))

    def ponged(self, token: str) -> Outgoing | None:
        """The private line for which this token is the receipt, unless it was refused."""
        sent = self._answer(lambda sent: sent.token == token)
        return sent if sent is not None and not sent.refused else None

    def refused(self, code: str) -> Outgoing | None:
        """What a refusal with this code is for."""
        kinds = _REFUSABLE.get(code, _ANY)
        for sent in self._sent:
            if isinstance(sent.command, kinds) and not sent.refused:
                sent.refused = True
                if not sent.token:
                    self._answer(lambda one: one.refused and not one.token)
                return sent
        return None

    def lines(self) -> list[Outgoing]:
        """The lines of which it is not known whether the server has them."""
        return [sent for sent in self._sent if sent.is_line and not sent.refused]

    def clear(self) -> None:
        """The connection is gone, and with it all answers."""
        self._sent.clear()

    def _answer(self, fits: Callable[[Outgoing], bool]) -> Outgoing | None:
        """The first that fits. Whatever was sent before it has been dealt with, too."""
        for position, sent in enumerate(self._sent):
            if fits(sent):
                for _ in range(position + 1):
                    self._sent.popleft()
                return sent
        return None
