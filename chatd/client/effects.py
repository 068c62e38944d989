"""What the core wants done, how far it has come, and how it ends."""

from collections import deque
from enum import Enum, IntEnum

import attrs

from chatd.client import facts
from chatd.client.stranger import Stranger
from chatd.wire import commands as asked


class Stage(Enum):
    """How far in we are."""

    AWAY = "no connection yet, or not any more"
    JOINING = "asked to be let in"
    HELD_OFF = "connected, and about to ask again"
    IN = "in"
    LEAVING = "said goodbye"
    ASIDE = "no connection, and none wanted before a question is answered"
    DONE = "over"

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection that we want."""
        return self in (Stage.JOINING, Stage.HELD_OFF, Stage.IN)


class Status(IntEnum):
    """How it ended; exit statuses, in the table of chat(1)."""

    OK = 0
    LINES_REFUSED = 1
    USAGE = 2
    NO_CONNECTION = 3
    NOT_ADMITTED = 4
    LOST = 5
    UNHEARD = 6
    NOT_TRUSTED = 7
    INTERRUPTED = 130
    TERMINATED = 143


@attrs.frozen
class Connect:
    """Open a connection, and another whenever one fails or is lost."""


@attrs.frozen
class Send:
    """Bytes for the server."""

    data: bytes


@attrs.frozen
class Abort:
    """This connection is dead: cut it off, and open another."""


@attrs.frozen
class HangUp:
    """Close the connection, and open none before the next Connect."""


@attrs.frozen
class Show:
    """A fact for whoever reads."""

    fact: facts.Fact


@attrs.frozen
class Done:
    """It is over."""

    status: Status


@attrs.frozen
class Accept:
    """Trust this certificate from now on."""

    stranger: Stranger


Effect = Accept | Connect | Send | Abort | HangUp | Show | Done


class Wishes:
    """In the order in which they are to be carried out."""

    def __init__(self) -> None:
        self._effects: deque[Effect] = deque()
        self.question: facts.Question | None = None

    def effect(self) -> Effect | None:
        """The next thing to be done; None when there is nothing."""
        return self._effects.popleft() if self._effects else None

    def do(self, effect: Effect) -> None:
        """To be done."""
        self._effects.append(effect)

    def show(self, fact: facts.Fact) -> None:
        """To be shown."""
        self.do(Show(fact))

    def ask_for(self, command: asked.Command) -> None:
        """To be asked of the server."""
        self.do(Send(f"{asked.write(command)}\r\n".encode()))

    def ask(self, question: facts.Question) -> None:
        """The next typed line is the answer."""
        self.take_back()
        self.question = question
        self.show(question)

    def take_back(self) -> None:
        """The question, if one is open, is not asked any more."""
        question, self.question = self.question, None
        if isinstance(question, facts.PasteAsked):
            self.show(facts.PasteDropped(len(question.lines)))
