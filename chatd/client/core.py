"""The client without a network and without a terminal.

It is fed what comes from the server and the ticks of a clock, and gives effects: bytes
to send, facts to show, connections to open and to close. What is typed comes in by
``chatd.client.talk``; what the server's lines mean stands in ``chatd.client.hearing``, and
what comes of time in ``chatd.client.ticking``.
"""

import sys
from collections.abc import Callable

from chatd.client import facts
from chatd.client.deaf import Deaf
from chatd.client.effects import Connect, Done, HangUp, Send, Stage, Status, Wishes
from chatd.client.hearing import hear
from chatd.client.patience import TRIES, Patience
from chatd.client.pulse import Pulse
from chatd.client.recall import Recall
from chatd.client.recording import Recording
from chatd.client.sending import Sending
from chatd.client.stages import Stages
from chatd.client.ticking import tick
from chatd.client.typed import tidy
from chatd.client.unanswered import Outgoing
from chatd.wire import commands as asked
from chatd.wire.framing import LineBuffer
from chatd.wire.orders import Pass

LINE_BYTES = 262144
"""A longer line from the server is not shown. The list of a thousand people is well below."""


class Core(Wishes, Stages):
    """``name``: empty for a guest. ``clock``: seconds that never go back. ``someone``:
    whether a person answers questions, or else a pipe says what it has to and ends.
    ``reconnect``: whether a lost connection is opened again. ``where``: for people.
    ``past``: see Recall.
    """

    def __init__(
        self,
        name: str,
        clock: Callable[[], float],
        someone: bool = True,
        reconnect: bool = True,
        where: str = "the chat",
        past: int = 0,
    ) -> None:
        Wishes.__init__(self)
        Stages.__init__(self, clock)
        self.name = tidy(name)
        self.password = ""  # for the room or for our name, given before each JOIN
        self.someone = someone
        self.people: dict[str, None] = {}
        self.sending = Sending(keeps=someone)
        self.recall: Recall = Recall(self, past)
        self.recording: Recording = Recording(self)
        self.deaf: Deaf = Deaf(self)
        self.ending = False  # no more input: leave when the server has everything
        self.refusals = 0
        self.unheard = False  # what there is to show can't be shown any more
        self.is_held_back = False  # what comes is not read, because nobody reads us
        self.answer_to = ""  # who wrote to us alone last
        self.why = ""  # the server's last words, if they tell why it goes
        self._wanted = self.name
        self.where = where
        self._reconnect = reconnect
        self._lines = LineBuffer(LINE_BYTES)
        self.was_in = False  # now, or before the connection was lost
        self._tries = 0
        self.told = ""  # why there is no connection, as was shown last
        self.pulse = Pulse(clock)
        self.patience = Patience(self.sending, clock)

    # What the surroundings do with it.

    def start(self) -> None:
        """Go and knock."""
        self.enter(Stage.AWAY)
        self.do(Connect())

    def connected(self) -> None:
        """A connection has been made."""
        self._lines = LineBuffer(LINE_BYTES)
        self.why = ""
        self.pulse.heard()
        self.ask_in()

    def received(self, data: bytes) -> None:
        """Bytes from the server, cut anywhere."""
        self.pulse.heard()
        self._lines.feed(data)
        for line in self._lines.take(sys.maxsize):
            if self.stage not in (Stage.ASIDE, Stage.DONE):
                hear(self, line)
        self.pump()

    def failed(self, reason: str) -> None:
        """A connection could not be made; another try follows by itself."""
        if self.stage is not Stage.AWAY:
            return
        again = self._comes_back
        if not again or (reason != self.told and not self.was_in):
            # Who has lost the server knows already that it is away.
            self.show(facts.ConnectionFailed(reason, again))
        self.told = reason
        if not again:
            self.finish(self._failure)

    def lost(self, reason: str) -> None:
        """The connection is gone; another try follows by itself."""
        if self.stage in (Stage.ASIDE, Stage.DONE):
            return None
        if self.stage is Stage.LEAVING:
            return self.finish()
        broke = self.sending.broke()
        self.recall.broke()
        reason, again = self.why or reason, self._comes_back
        if self.stage is Stage.IN:
            self.show(facts.ConnectionLost(reason, again))
        elif not again or reason != self.told:
            self.show(facts.ConnectionFailed(reason, again))
        self.told = reason
        self.enter(Stage.AWAY)
        for kept in broke:
            self.show(facts.KeptUnsent(kept.text, kept.to, kept.perhaps))
        return None if again else self.finish(self._failure)

    def tick(self) -> None:
        """Time has passed; wanted about once a second."""
        tick(self)

    # What hearing and talking come down to.

    def knock(self, name: str) -> None:
        """Try once more, under this name."""
        self.name = self._wanted = tidy(name)
        self.start()

    def come_in(self, name: str) -> None:
        """We are in, under this name as the server writes it."""
        self.name = name
        self.people = {name: None}
        self.enter(Stage.IN)
        self.show(facts.Entered(name, self.was_in, self.someone and not self.was_in))
        self.was_in = True
        self.patience.renew()
        self._tries, self.told = 0, ""
        self.sending.hold_back()
        self.recording.entered()
        self.deaf.entered()
        if self.someone or self.recall.wanted:
            self.sending.add(Outgoing(asked.ListPeople(), silent=not self.someone))
        self.recall.entered()
        self.sending.go_on()

    def caught_up(self) -> None:
        """We know what was said before, or that nobody tells."""
        if self.sending.unsent:
            self.show(facts.UnsentWaiting(len(self.sending.unsent)))

    def not_let_in(self, fact: facts.Fact, sentence: str, question: facts.Question) -> None:
        """Try again if we were in before, then ask."""
        self._tries += 1
        if self.was_in and (self._tries <= TRIES or not self.someone):
            if self._tries == 1:
                self.show(facts.NotBackYet(sentence))
            return self.enter(Stage.HELD_OFF)
        self.show(fact)
        self.stand_aside()
        return self.ask(question) if self.someone else self.finish(Status.NOT_ADMITTED)

    def stand_aside(self) -> None:
        """Have no connection before somebody has decided something."""
        self.enter(Stage.ASIDE)
        self.do(HangUp())

    def pump(self) -> None:
        """Send what may be sent, and say goodbye after the last of it."""
        if self.stage is not Stage.IN:
            return
        if data := self.sending.take():
            self.do(Send(data))
        awaited = self.recall.is_waiting and not self.someone
        if self.ending and not (self.sending.pending or awaited):
            self.enter(Stage.LEAVING)
            self.ask_for(asked.Quit())

    def finish(self, status: Status | None = None) -> None:
        """It is over; without ``status``, all went well but for lines that were refused."""
        if self.stage is Stage.DONE:
            return
        if undelivered := self.sending.pending + len(self.sending.unsent):
            self.show(facts.Undelivered(undelivered))
        self.enter(Stage.DONE)
        self.take_back()
        self.do(Done(self._success if status is None else status))

    def ask_in(self) -> None:
        """Knock at the connection that there is."""
        self.enter(Stage.JOINING)
        if self.password:
            self.ask_for(Pass(self.password))
        self.ask_for(asked.Join(self._wanted))

    # The connection.

    @property
    def _comes_back(self) -> bool:
        if self.someone:
            return self._reconnect and not self.ending
        return self._reconnect and self.was_in and not self.sending.is_in_vain

    @property
    def _success(self) -> Status:
        if self.refusals and not self.someone:
            return Status.LINES_REFUSED
        return Status.UNHEARD if self.unheard else Status.OK

    @property
    def _failure(self) -> Status:
        return Status.LOST if self.was_in else Status.NO_CONNECTION
