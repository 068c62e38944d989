"""HIST and RECORD: answers that take a while."""

from collections.abc import Awaitable, Callable

import attrs

from chatd.boundaries import History
from chatd.errors import Refused
from chatd.events import Announced, Private, Recalled, RecallEnded, Recording
from chatd.lines import Query
from chatd.outbox import Outbox
from chatd.wire.recall import RECORD_USAGE, USAGE, query_in

PAGE_BYTES = 65536
"""Of an answer, at most, on their way to somebody at a time; and a quarter of what may wait."""

AT_ONCE = 4
"""Pages that follow one another as fast as they are read…"""

PAUSE_SECONDS = 0.01
"""…and the time between two pages after that: a long answer is no way to keep us busy."""

LONGEST_PAUSE_SECONDS = 1.0

KEPT = "What you say to everyone is kept. RECORD off: it is not; RECORD forget removes it."
NOT_KEPT = "Nothing you say is kept. RECORD on: it is; RECORD forget removes what was kept before."
FORGOTTEN = "What was kept of you since you came is removed. Lines:"


@attrs.frozen
class Recalling:
    """Answers one person. ``pause`` waits for so many seconds, ``tell`` tells them something."""

    history: History
    outbox: Outbox
    tell: Callable[[Private], None]
    pause: Callable[[float], Awaitable[None]]

    async def recall(self, words: str) -> None:
        """The lines that these words ask for. Raises Refused (usage)."""
        query = query_in(words)
        if query is None:
            raise Refused("usage", USAGE)
        await self.show(query)

    async def show(self, query: Query) -> None:
        """The lines, no faster than they are read, and that this is all."""
        most = PAGE_BYTES
        if self.outbox.most:
            most = min(most, self.outbox.most // 4)
        rest: Query | None = query
        pages = 0
        while rest is not None:
            await self._until_read(most)
            page = await self.history.recall(rest, most)
            if page.lines:
                self.tell(Recalled(page.lines))
            if page.note:
                self.tell(Announced(page.note))
            rest = page.rest
            pages += 1
            if rest is not None and pages >= AT_ONCE:
                await self.pause(PAUSE_SECONDS)
        self.tell(RecallEnded())

    async def _until_read(self, most: int) -> None:
        seconds = PAUSE_SECONDS
        while self.outbox.owed > most:
            await self.pause(seconds)
            seconds = min(2 * seconds, LONGEST_PAUSE_SECONDS)

    async def record(self, what: str, speaker: str) -> None:
        """Keep what they say, or don't, or remove it. Raises Refused (usage)."""
        if what in ("on", "off"):
            await self.history.record(speaker, what == "on")
        elif what == "forget":
            lines = await self.history.forget(speaker)
            self.tell(Recording("forget", f"{FORGOTTEN} {lines}."))
            return
        elif what:
            raise Refused("usage", RECORD_USAGE)
        kept = self.history.records(speaker)
        self.tell(Recording("on" if kept else "off", KEPT if kept else NOT_KEPT))
