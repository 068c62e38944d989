"""A running client: the core, a connection and a face, joined."""

from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet import defer
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.task import LoopingCall

from chatd.client import facts, vouching
from chatd.client.connection import Connection
from chatd.client.core import Core
from chatd.client.effects import Abort, Accept, Connect, Done, Effect, HangUp, Send, Show, Status
from chatd.client.inbox import Inbox
from chatd.client.stranger import Stranger
from chatd.client.talk import Talk
from chatd.client.trust import Trust
from chatd.wire.framing import Line


class Face(Protocol):
    """What somebody looks at, or a pipe."""

    def show(self, fact: facts.Fact) -> None:
        """Something has happened."""

    def refresh(self) -> None:
        """The core may have changed: a prompt, a state, whether input is wanted."""

    def close(self) -> Any:
        """Show what is not shown yet, and end; gives None or a Deferred."""


class Session:
    """``done`` is called when all is over and shown; ``status`` is the exit status then."""

    def __init__(
        self,
        core: Core,
        place: IStreamClientEndpoint,
        reactor: Any,
        done: Callable[[], None],
        trust: Trust | None = None,
    ) -> None:
        self.core = core
        self.status: Status | None = None
        self._talk = Talk(core)
        self._connection = Connection(place, self, reactor)
        self._trust = trust
        self._inbox = Inbox(
            self._heard, self._connection.hold_back, reactor.callLater, reactor.seconds
        )
        self._done = done
        self._faces: list[Face] = []
        self._clock = LoopingCall(self._tick)
        self._clock.clock = reactor

    def start(self, *faces: Face) -> None:
        """Connect, and let these see it."""
        self._faces += faces
        self._clock.start(1.0, now=False)
        self.core.start()
        self._carry_out()

    @property
    def is_over(self) -> bool:
        """Whether all that is left is to show the last of it."""
        return self.status is not None

    # What faces say.

    def typed(self, line: Line) -> None:
        """See Talk."""
        self._talk.typed(line)
        self._carry_out()

    def pasted(self, lines: list[str]) -> None:
        """See Talk."""
        self._talk.pasted(lines)
        self._carry_out()

    def piped(self, lines: list[Line]) -> None:
        """See Talk."""
        for line in lines:
            self._talk.piped(line)
        self._carry_out()

    def ended(self) -> None:
        """See Talk."""
        self._talk.ended()
        self._carry_out()

    def interrupted(self, cleared: bool = False) -> None:
        """See Talk."""
        self._talk.interrupted(cleared)
        self._carry_out()

    def leave(self) -> None:
        """See Talk."""
        self._talk.leave()
        self._carry_out()

    def hold_back(self, held: bool) -> None:
        """Whether to leave what comes to the network, until what has come is read."""
        self.core.is_held_back = held
        self._inbox.hold(held)

    def unheard(self) -> None:
        """See Talk."""
        self._talk.unheard()
        self._carry_out()

    def abandon(self, status: Status = Status.INTERRUPTED) -> None:
        """Stop at once: there is no terminal any more, or somebody wants us to."""
        self.core.finish(status)
        self._carry_out()

    def explain(self, sentence: str) -> None:
        """Tell that something can't be done here."""
        self.core.show(facts.Explained(sentence))
        self._carry_out()

    # What the connection says.

    def connected(self) -> None:
        """See Ear."""
        self.core.connected()
        self._carry_out()

    def received(self, data: bytes) -> None:
        """See Ear."""
        self._inbox.put(data)

    def failed(self, reason: str) -> None:
        """See Ear."""
        self.core.failed(reason)
        self._carry_out()

    def lost(self, reason: str) -> None:
        """See Ear."""
        self._inbox.hear_all()
        self.core.lost(reason)
        self._carry_out()

    def not_trusted(self, stranger: Stranger) -> None:
        """See Ear."""
        vouching.not_trusted(self.core, stranger)
        self._carry_out()

    def _heard(self, data: bytes) -> None:
        self.core.received(data)
        self._carry_out()

    def _tick(self) -> None:
        self.core.tick()
        if self.core.is_settled:
            self._connection.settled()
        self._carry_out()

    def _carry_out(self) -> None:
        # Effects may call back here: each is taken before it is carried out.
        while (effect := self.core.effect()) is not None:
            self._carry(effect)
        for face in self._faces:
            face.refresh()

    def _carry(self, effect: Effect) -> None:
        match effect:
            case Show(fact):
                for face in self._faces:
                    face.show(fact)
            case Send(data):
                self._connection.send(data)
            case Connect():
                self._inbox.forget()
                self._connection.open()
            case Abort():
                self._connection.abort()
            case Accept(stranger):
                self._accept(stranger)
            case HangUp():
                self._inbox.forget()
                self._connection.hang_up()
            case Done(status):
                self._end(status)

    def _accept(self, stranger: Stranger) -> None:
        if self._trust is not None and (why := self._trust.accept(stranger)):
            self.core.show(facts.Explained(f"Trusted until you leave: {why}."))

    def _end(self, status: Status) -> None:
        self.status = status
        self._inbox.forget()
        self._connection.hang_up()
        self._clock.stop()
        faces, self._faces = self._faces, []
        closing = [closed for face in faces if (closed := face.close()) is not None]
        defer.gatherResults(closing).addBoth(lambda _: self._done())
