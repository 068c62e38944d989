"""What is typed, pasted or piped in, and what the client does about it."""

from collections.abc import Callable
from datetime import datetime

from chatd.client import facts, kept_out, vouching
from chatd.client.core import Core
from chatd.client.effects import Status
from chatd.client.password import PasswordAsked
from chatd.client.sending import said
from chatd.client.stranger import TrustAsked
from chatd.client.typed import (
    ClearScreen,
    DropUnsent,
    Exit,
    Meaning,
    Reply,
    SendUnsent,
    ShowHelp,
    ShowSince,
    as_text,
    is_goodbye,
    is_yes,
    looks_like_command,
    meaning,
    tidy,
)
from chatd.client.unanswered import Outgoing
from chatd.errors import Refused
from chatd.lines import stamp
from chatd.when import when
from chatd.wire import commands as asked
from chatd.wire.framing import Line
from chatd.wire.orders import Ignore, Pass, Unignore

PASTE_LINES = 10
"""More lines than these are not said before asking."""
TWICE_SECONDS = 5.0
"""Two Ctrl-C within so long leave."""


class Talk:
    """The half of the client that listens to this end. ``now``: the local time."""

    def __init__(self, core: Core, now: Callable[[], datetime] = datetime.now) -> None:
        self._core = core
        self._now = now
        self._number = 0  # of the last line of a pipe
        self._interrupted_at = -TWICE_SECONDS

    def piped(self, line: Line) -> None:
        """One line of a pipe: it is said, whatever it looks like; blank ones can't be."""
        self._number += 1
        if isinstance(line, Refused):
            self._core.refusals += 1
            return self._core.show(facts.LineRefused(line.sentence, "", self._number))
        text = tidy(line)
        if text:
            self._core.sending.add(said(text, self._number))
            self._core.pump()
        return None

    def typed(self, line: Line) -> None:
        """One line that somebody typed: the answer to a question, if one is open."""
        self._interrupted_at = -TWICE_SECONDS
        if isinstance(line, Refused):
            return self._core.show(facts.Explained(line.sentence))
        try:
            line = as_text(line)
            if self._core.question is not None:
                return self._answered(line)
            meant = meaning(line)
            if meant is not None:
                self._obey(meant)
        except Refused as refused:
            self._core.show(facts.Explained(refused.sentence))
        return self._core.pump()

    def pasted(self, lines: list[str]) -> None:
        """Several lines at once, which are said one after the other."""
        try:
            lines = [line for line in map(as_text, lines) if tidy(line)]
        except Refused as refused:
            return self._core.show(facts.Explained(refused.sentence))
        if len(lines) < 2:
            return self.typed(lines[0] if lines else "")
        if self._core.question is not None:
            self._core.show(facts.PasteDropped(len(lines)))
            return self._core.show(self._core.question)
        commands = sum(map(looks_like_command, lines))
        if commands or len(lines) > PASTE_LINES:
            return self._core.ask(facts.PasteAsked(tuple(lines), commands))
        return self._say_all(lines)

    def ended(self) -> None:
        """Ctrl-D, or the end of a pipe."""
        core = self._core
        if not core.someone:
            core.ending = True
            return core.pump()
        if core.question is not None and not isinstance(core.question, facts.PasteAsked):
            return self.leave()
        return core.ask(facts.LeaveAsked(len(core.sending.unsent)))

    def interrupted(self, cleared: bool = False) -> None:
        """Ctrl-C. ``cleared``: it has emptied a half-typed line, and does no more than that."""
        core, now = self._core, self._core.now()
        if not core.someone:
            return core.finish(Status.INTERRUPTED)
        if core.ending:
            return core.finish()
        if not cleared and now - self._interrupted_at < TWICE_SECONDS:
            return self.leave()
        self._interrupted_at = now
        if isinstance(core.question, facts.LeaveAsked | facts.PasteAsked):
            core.take_back()
        return core.show(facts.InterruptedOnce())

    def unheard(self) -> None:
        """Nobody can read what is shown any more. A pipe still says what it has to."""
        self._core.unheard = True
        self.leave()

    def leave(self) -> None:
        """Leave as soon as the server has everything."""
        core = self._core
        core.take_back()
        core.ending = True
        if not core.is_in:
            return core.finish()
        if waiting := core.sending.pending:
            core.show(facts.WaitingToLeave(waiting))
        return core.pump()

    def _answered(self, answer: str) -> None:
        core, question = self._core, self._core.question
        core.question = None
        match question:
            case facts.LeaveAsked():
                return self.leave() if is_yes(answer) else core.show(facts.Stayed())
            case facts.PasteAsked(lines):
                if is_yes(answer):
                    return self._say_all(list(lines))
                return core.show(facts.PasteDropped(len(lines)))
            case facts.NameAsked():
                return self._named(answer)
            case PasswordAsked():
                return kept_out.answered(core, answer)
            case TrustAsked(stranger):
                return vouching.answered(core, stranger, answer)
            case facts.TryAgainAsked():
                return self._try_again(answer)

    def _named(self, answer: str) -> None:
        answer = tidy(answer).strip()
        if is_goodbye(answer):
            return self.leave()
        if answer.startswith("/"):
            self._core.show(facts.Explained("What is wanted here is your name. exit leaves."))
        if not answer or answer.startswith("/"):
            return self._core.ask(facts.NameAsked())
        return self._core.knock(answer.removeprefix("JOIN "))

    def _try_again(self, answer: str) -> None:
        if is_yes(answer):
            return self._core.knock(self._core.name)
        if is_goodbye(answer) or answer.strip().lower() in ("n", "no"):
            return self.leave()
        return self._core.ask(facts.TryAgainAsked())

    def _obey(self, meant: Meaning) -> None:
        core = self._core
        match meant:
            case asked.Broadcast() | asked.Message():
                self._send(Outgoing(meant))
            case Reply(text):
                if not core.answer_to:
                    raise Refused("usage", "Nobody has written to you in private yet.")
                self._send(Outgoing(asked.Message(core.answer_to, text)))
            case asked.Quit():
                self.leave()
            case Exit():
                core.ask(facts.LeaveAsked(len(core.sending.unsent)))
            case ShowHelp():
                core.show(facts.HelpShown())
            case ClearScreen():
                core.show(facts.ScreenCleared())
            case DropUnsent():
                core.show(facts.UnsentDropped(core.sending.drop()))
            case _:
                self._ask_server(meant)

    def _ask_server(self, meant: Meaning) -> None:
        core = self._core
        if not core.is_in:
            raise Refused("not-joined", "There is no connection to the chat just now.")
        match meant:
            case ShowSince(time):
                core.recall.asked(asked.Recall(f"since {self._since(time)}"), time)
            case Pass() | asked.Join():
                raise self._needless(meant)
            case SendUnsent():
                if not core.sending.release():
                    raise Refused("empty", "There is nothing unsent.")
            case asked.Recall():
                core.recall.asked(meant)
            case asked.Record(what):
                core.recording.asked(what)
            case Ignore() | Unignore():
                core.deaf.asked(meant)
            case Reply() | Exit() | ShowHelp() | ClearScreen() | DropUnsent():
                """Dealt with at this end."""
            case _:
                core.sending.add(Outgoing(meant))

    def _needless(self, meant: Pass | asked.Join) -> Refused:
        if isinstance(meant, Pass):
            return Refused("usage", "Nobody has seen that. A password is only asked for.")
        return Refused("already-joined", f"You are here already, as {self._core.name}.")

    def _since(self, time: str) -> str:
        try:
            return stamp(when(time, self._now()).timestamp())
        except ValueError as wrong:
            raise Refused("usage", str(wrong)) from None

    def _say_all(self, lines: list[str]) -> None:
        for line in lines:
            self._send(said(tidy(line)))
        self._core.pump()

    def _send(self, outgoing: Outgoing) -> None:
        core = self._core
        if core.is_in:
            return core.sending.add(outgoing)
        core.sending.unsent.append(outgoing)
        return core.show(facts.KeptUnsent(outgoing.text, outgoing.to))
