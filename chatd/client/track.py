"""Which lines of the room's history have been seen at this end: what was missed is the rest.

Lines have no numbers on the wire, but everybody hears them in the order in which the
history keeps them, and it tells the second in which each was said. So the track is a mark,
a second of the server's own clock, and what was seen from then on. (The clock of this end
is not asked: it may be wrong.) A line that was seen and is not kept, because its speaker
did not want it, does no harm.
"""

from collections import Counter
from collections.abc import Collection

from chatd.lines import Line, stamp

BEGINNING = "1970-01-01T00:00:00Z"
MARK_AFTER = 100
"""After so many lines the mark is set anew: few enough to be told once more."""
RETRY_AFTER = 10
"""After so many more if an answer was no use for it."""
MOST_SEEN = 2000
"""More lines than these after a mark are not remembered: the track is lost."""

_Hash = int  # a hash, because a hostile server's lines are long


class Track:
    """Told of every public line, and of every answer that is asked for its sake."""

    def __init__(self) -> None:
        self.mark = ""
        """A time as in HIST since; empty where there is none."""
        self._seen: Counter[_Hash] = Counter()  # from the mark on
        self._unmarked = 0
        self._untold: Counter[_Hash] = Counter()  # those of _seen that an answer has not told
        self._fresh: Counter[_Hash] | None = None  # heard since the history was asked
        self._last = ""  # the last second in an answer, and what was said in it
        self._in_last: Counter[_Hash] = Counter()

    @property
    def wants_mark(self) -> bool:
        """Whether to ask for the last lines, for the mark's sake alone."""
        return self._fresh is None and self._unmarked >= MARK_AFTER

    def heard(self, speaker: str, text: str) -> None:
        """Somebody has said it now."""
        self._unmarked += 1
        line = hash((speaker, text))
        self._seen[line] += 1
        if self._fresh is not None:
            self._fresh[line] += 1
        if len(self._seen) > MOST_SEEN:
            self._lose()

    def asked(self) -> None:
        """The history is asked; what is heard from now on may come again in the answer."""
        self._unmarked = 0
        self._fresh = Counter()
        self._untold = self._seen.copy()
        self._last, self._in_last = "", Counter()

    def is_news(self, line: Line) -> bool:
        """Whether this line, one of all since the mark, was not seen; now it is."""
        self._note(line)
        return not (_take(self._untold, line) or _take(self._fresh, line))  # older ones first

    def told_all(self) -> None:
        """That were all lines since the mark."""
        self._untold.clear()
        self.broke()

    def told_last(self, lines: Collection[Line], are_all: bool) -> list[Line]:
        """The last lines, ``are_all``: and there are no others. Gives those not seen."""
        for line in lines:
            self._note(line)
        is_whole = are_all or len({line.at for line in lines}) > 1
        # What was said shortly before we asked, and again before the answer came: which of
        # the two does the answer end with?
        is_doubtful = any(line in self._untold for line in self._fresh or ())
        news = [line for line in reversed(list(lines)) if not self._was_seen(line)][::-1]
        if is_whole and not is_doubtful:
            self._set_mark(self._last or BEGINNING)
        elif not self.mark:
            self._seen.update(hash((line.speaker, line.text)) for line in news)
        if is_doubtful or not is_whole:
            self._unmarked = MARK_AFTER - RETRY_AFTER
        self._fresh = None
        return news

    def broke(self) -> None:
        """The rest of an answer will not come."""
        if self._fresh is not None and self._last:
            self._fresh += self._untold
            self._set_mark(self._last)
        self._fresh = None

    def _was_seen(self, line: Line) -> bool:
        return _take(self._fresh, line) or _take(self._untold, line)

    def _note(self, line: Line) -> None:
        second = stamp(line.at)
        if second != self._last:
            self._last, self._in_last = second, Counter()
        if len(self._in_last) <= MOST_SEEN:
            self._in_last[hash((line.speaker, line.text))] += 1

    def _set_mark(self, second: str) -> None:
        self.mark = second
        self._seen = self._in_last + (self._fresh or Counter())
        if len(self._seen) > MOST_SEEN:
            self._lose()

    def _lose(self) -> None:
        self.mark = ""
        self._seen.clear()


def _take(some: Counter[_Hash] | None, line: Line) -> bool:
    said = hash((line.speaker, line.text))
    if not some or some[said] <= 0:
        return False
    some[said] -= 1
    return True
