"""What is asked of the room's history, by itself or because somebody wants it, and what of
the answers is shown."""

from collections import deque
from typing import TYPE_CHECKING

import attrs

from chatd.client import past
from chatd.client.again import Again
from chatd.client.hearing import calls
from chatd.client.past import Why
from chatd.client.track import Track
from chatd.client.unanswered import Outgoing
from chatd.lines import Line
from chatd.wire import commands as asked

if TYPE_CHECKING:
    from chatd.client.core import Core

MARK_LINES = 20
"""Most of the time the last second in so many lines is there from its beginning."""
MOST_REPLAYED = 1000
_WHY = {"since": Why.SINCE, "search": Why.FOUND}


@attrs.define(eq=False)
class _Asking:
    """An answer that is awaited, or comes unasked. ``why``: None for the mark's sake alone."""

    why: Why | None
    words: str = ""
    outgoing: Outgoing | None = None
    most: int = 0
    """Of the last so many lines, those that are not seen are shown when all have come; 0:
    each line is shown at once."""
    lines: deque[Line] = attrs.field(factory=deque)
    shown: int = 0


class Recall:
    """``wanted``: so many lines are shown of what was said before we came, and what is
    missed while the server is away; 0: nothing by itself.

    A server may show lines to whoever joins, unasked. They come before the answer to our
    first LIST, and so are told apart from those that we ask for behind it.
    """

    def __init__(self, core: "Core", wanted: int) -> None:
        self._core = core
        self.wanted = wanted
        self._track = Track()
        self._again = Again(core.now)
        self._asking: deque[_Asking] = deque()
        self._unasked = _Asking(Why.UNASKED)
        self._replayed: deque[Line] = deque(maxlen=MOST_REPLAYED)
        self._answers = False  # whether this server has a history

    @property
    def is_waiting(self) -> bool:
        """Whether an answer that shall be shown is still to come."""
        return any(asking.why for asking in self._asking)

    def entered(self) -> None:
        """We are in: what was said before?"""
        if not self.wanted:
            self._core.caught_up()
        elif self._track.mark:
            self._ask_missed()
        else:
            self._ask_last(max(self.wanted, MARK_LINES), Why.BEFORE)

    def broke(self) -> None:
        """The connection is gone, and with it all answers."""
        self._track.broke()
        self._again.asked()
        self._asking.clear()
        self._replayed.clear()
        self._unasked = _Asking(Why.UNASKED)

    def asked(self, command: asked.Recall, words: str = "") -> None:
        """Somebody wants to see something of it. ``words``: how they say what, if not so."""
        word, _, rest = command.words.partition(" ")
        why = _WHY.get(word.lower(), Why.LAST)
        self._ask(command.words, _Asking(why, words or rest.strip()))

    def heard(self, speaker: str, text: str) -> None:
        """Somebody has said it to everyone."""
        self._track.heard(speaker, text)
        if self.wanted and self._answers and self._track.wants_mark and not self._again.is_wanted:
            self._ask_last(MARK_LINES, None)

    def tick(self) -> None:
        """Time has passed: what was missed, and could not be read, is asked for again."""
        if self._again.is_due:
            self._again.asked()
            if self._track.mark:
                self._ask_missed()
                self._core.pump()
            else:
                self._again.over()  # so much was said that the track is lost

    def told(self, line: Line) -> None:
        """A line of the next answer."""
        if self._is_replay:
            return self._replayed.append(line)
        asking = self._asking[0] if self._asking else self._unasked
        if asking.most:
            asking.lines.append(line)
            if len(asking.lines) > asking.most:
                asking.lines.popleft()
        elif asking.why is not Why.MISSED or self._track.is_news(line):
            self._show(asking, line)
        return None

    def ended(self) -> None:
        """That answer is complete."""
        if self._is_replay:
            return
        asking = self._asking.popleft() if self._asking else self._unasked
        if asking.outgoing is not None:
            self._core.sending.unanswered.recalled(asking.outgoing)
        self._answers = True
        if asking.most:
            are_all = len(asking.lines) < asking.most
            longer = max(asking.lines, self._replayed, key=len)
            news = self._track.told_last(longer, are_all)
            for line in news[-max(self.wanted, len(self._replayed)) :]:
                self._show(asking, line)
        elif asking.why is Why.MISSED:
            self._track.told_all()
            self._again.over()
        if asking.why and (asking.shown or asking.why.is_asked):
            self._core.show(past.Ended(asking.why, asking.shown, asking.words))
        self._replayed.clear()
        self._unasked = _Asking(Why.UNASKED)
        self._caught_up(asking)

    def refused(self, outgoing: Outgoing) -> bool:
        """This was refused; whether nobody has asked for it, and nobody is told."""
        for asking in self._asking:
            if asking.outgoing is outgoing:
                self._asking.remove(asking)
                if asking.why is Why.MISSED:
                    return self._missed_refused(asking)
                if asking.why in (None, Why.BEFORE):
                    self._track.broke()
                    self._caught_up(asking)
                return asking.why in (None, Why.BEFORE)
        return False

    def _missed_refused(self, asking: _Asking) -> bool:
        """It is asked for again in a while; who may have missed something is told once."""
        told = self._again.is_wanted
        self._track.broke()
        if not self._again.refused():
            self._track.mark = ""
        if not told:
            self._caught_up(asking)
        return told

    @property
    def _is_replay(self) -> bool:
        outgoing = self._asking[0].outgoing if self._asking else None
        return outgoing is not None and not self._core.sending.unanswered.is_due(outgoing)

    def _ask_missed(self) -> None:
        self._ask(f"since {self._track.mark}", _Asking(Why.MISSED))

    def _ask_last(self, count: int, why: Why | None) -> None:
        self._ask(str(count), _Asking(why, most=count))

    def _ask(self, what: str, asking: _Asking) -> None:
        asking.outgoing = Outgoing(asked.Recall(what))
        self._asking.append(asking)
        if asking.most or asking.why is Why.MISSED:
            self._track.asked()
        self._core.sending.add(asking.outgoing)

    def _show(self, asking: _Asking, line: Line) -> None:
        core, why = self._core, asking.why
        if why is None:
            return
        if not asking.shown:
            core.show(past.Began(why, asking.words))
        asking.shown += 1
        if why is Why.MISSED and line.speaker == core.name:
            core.sending.has_arrived(line.text)
        marks = calls(core.name, line.text)
        core.show(past.Said(line.at, line.speaker, line.text, why, marks))

    def _caught_up(self, asking: _Asking) -> None:
        if asking.why in (Why.MISSED, Why.BEFORE):
            self._core.caught_up()
