"""A history that lasts as long as the process."""

from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterator
from itertools import islice
from operator import attrgetter

import attrs

from chatd.boundaries import History
from chatd.events import Public, Said
from chatd.history.matching import SHOWN, folded, has_all
from chatd.history.paging import Numbered, first_page
from chatd.history.visits import Visits
from chatd.lines import Between, Last, Line, Page, Query, Search, Since

DAY = 86400.0
IN_A_TURN = 2000
"""Lines that a search looks through before the room gets its turn."""


@attrs.frozen
class _Kept:
    number: int
    at: float
    visit: int
    speaker: str
    lines: tuple[str, ...]

    @property
    def end(self) -> int:
        return self.number + len(self.lines)

    def numbered(self) -> Iterator[Numbered]:
        for place, text in enumerate(self.lines):
            yield self.number + place, Line(self.at, self.speaker, text)


class MemoryHistory:
    """Keeps the last ``lines`` lines, those of the last ``days`` days (0: of any).

    ``now``: seconds since 1970. ``turn``: fires in the reactor's next turn.
    """

    def __init__(
        self,
        lines: int,
        days: int,
        now: Callable[[], float],
        turn: Callable[[], Awaitable[object]],
    ) -> None:
        self.lines = lines
        self.days = days
        self._now = now
        self._turn = turn
        self._visits = Visits()
        self._kept: list[_Kept] = []
        self._end = 1

    def hear(self, event: Public) -> None:
        """Keep it, if it was said by somebody who wants that."""
        if not isinstance(event, Said):
            self._visits.hear(event)
        elif visit := self._visits.recorded.get(event.speaker):
            kept = _Kept(self._end, self._now(), visit, event.speaker, event.lines)
            self._kept.append(kept)
            self._end = kept.end
            if self._kept[0].end < self._lowest - self.lines:  # not each time: this moves the rest
                self._remove_old()

    async def recall(self, query: Query, most: int) -> Page:
        """See ``boundaries.History``."""
        self._remove_old()
        if isinstance(query, Search):
            return await self._search(query)
        between = query if isinstance(query, Between) else self._between(query)
        return first_page(self._lines(between), between, most)

    async def record(self, speaker: str, on: bool) -> None:
        """See ``boundaries.History``."""
        self._visits.record(speaker, on)

    def records(self, speaker: str) -> bool:
        """See ``boundaries.History``."""
        return speaker in self._visits.recorded

    async def forget(self, speaker: str) -> int:
        """See ``boundaries.History``."""
        visit = self._visits.number(speaker)
        gone = sum(len(kept.lines) for kept in self._kept if kept.visit == visit)
        self._kept = [kept for kept in self._kept if kept.visit != visit]
        return gone

    @property
    def _lowest(self) -> int:
        return self._end - self.lines

    def _remove_old(self) -> None:
        del self._kept[: bisect_left(self._kept, self._lowest + 1, key=attrgetter("end"))]
        if self.days:
            oldest = self._now() - self.days * DAY
            self._kept = [kept for kept in self._kept if kept.at >= oldest]

    def _between(self, query: Last | Since) -> Between:
        if isinstance(query, Since):
            return Between(self._lowest, self._end, query.at)
        first, wanted = self._end, query.count
        for kept in reversed(self._kept):
            if wanted <= 0:
                break
            first = kept.number + max(0, len(kept.lines) - wanted)
            wanted -= len(kept.lines)
        return Between(max(first, self._lowest), self._end)

    def _lines(self, between: Between) -> Iterator[Numbered]:
        start = bisect_left(self._kept, between.first + 1, key=attrgetter("end"))
        for kept in islice(self._kept, start, None):
            if kept.number >= between.end:
                return
            if between.since is None or kept.at >= between.since:
                for number, line in kept.numbered():
                    if between.first <= number < between.end:
                        yield number, line

    async def _search(self, query: Search) -> Page:
        words, lowest, looked = folded(query.words), self._lowest, 0
        found: list[Line] = []
        for kept in self._kept[::-1]:
            for number, line in reversed(list(kept.numbered())):
                if number >= lowest and has_all(words, line.text):
                    found.append(line)
            if len(found) >= SHOWN:
                break
            looked += len(kept.lines)
            if looked >= IN_A_TURN:
                looked = 0
                await self._turn()
        return Page(tuple(reversed(found[:SHOWN])))


_check: type[History] = MemoryHistory
