"""Many lines to many people, once for each turn of the reactor.

What costs is the number of Python calls and of send system calls, so all that is said
in a turn is joined and handed to everyone as the same bytes.
"""

from collections.abc import Callable, Iterable

from chatd.outbox import Outbox, send_to_all
from chatd.tally import Tally

FULL = 49152
"""Bytes said in one turn of the reactor after which they are sent before its end. What a reader's
kernel has no room for (``listening.SEND_BUFFER``, doubled) would wait with us for each of them."""

Later = Callable[[Callable[[], None]], object]


class FanOut:
    """The people of one door, who all read the same bytes.

    ``soon`` calls a function once in the reactor's next turn, before it waits again;
    ``in_a_moment`` once after as long as who came and who went may wait for company.
    ``tally`` is told what goes out.
    """

    def __init__(self, soon: Later, in_a_moment: Later, tally: Tally | None = None) -> None:
        self._soon = soon
        self._in_a_moment = in_a_moment
        self._tally = tally or Tally()
        self._outboxes: dict[Outbox, None] = {}
        self._batch: list[bytes] = []  # what was said since the last flush
        self._ahead: dict[Outbox, int] = {}  # who has, or needs, less than all of it: from where
        self._not_for: dict[Outbox, set[int]] = {}  # who has to hear nothing of which of it
        self._size = 0  # bytes, of what was said in it
        self._said = False  # whether anything in the batch is not to wait for company
        self._scheduled = False
        self._mentioned = False  # whether a moment's wait is under way
        self._reading = False
        self._last_speaker: Outbox | None = None

    def add(self, outbox: Outbox) -> None:
        """Somebody who hears everything from now on."""
        self._outboxes[outbox] = None
        self._ahead[outbox] = len(self._batch)

    def remove(self, outbox: Outbox) -> None:
        """Somebody who hears nothing from now on; what was said before still goes out."""
        if self._last_speaker is outbox:
            self._last_speaker = None
        if self._outboxes.pop(outbox, self) is not self:
            self._catch_up(outbox, b"")
            self._ahead.pop(outbox, None)
            self._not_for.pop(outbox, None)

    def say(self, data: bytes) -> None:
        """Tell everyone, in this turn."""
        self._batch.append(data)
        self._size += len(data)
        self._said = True
        if not self._reading:
            self._flush_soon()

    def say_without(self, data: bytes, deaf: Iterable[Outbox]) -> None:
        """Tell everyone but these, in this turn."""
        for outbox in deaf:
            if outbox in self._outboxes:
                self._not_for.setdefault(outbox, set()).add(len(self._batch))
                self._tally.ignored += data.count(self._tally.end)
                self._ahead.setdefault(outbox, 0)
        self.say(data)

    def mention(self, data: bytes) -> None:
        """Tell everyone in a moment, or with what is said before that.

        For who came and who went: a thousand who come one by one, each told to all, would
        be half a million sends.
        """
        self._batch.append(data)
        if not self._mentioned:
            self._mentioned = True
            self._in_a_moment(self._moment_over)

    def tell(self, outbox: Outbox, data: bytes) -> None:
        """Tell one person, after whatever was said to everyone before."""
        if self._batch and outbox in self._outboxes:
            self._catch_up(outbox, data)
        else:
            self._send(outbox, data)

    def catch_up(self, outbox: Outbox) -> None:
        """Tell one person now what the others will hear in a moment."""
        if outbox in self._outboxes:
            self._catch_up(outbox, b"")

    def begin_read(self) -> None:
        """One person's input is being worked through; ``end_read`` comes before anyone else's."""
        self._reading = True

    def end_read(self, speaker: Outbox) -> None:
        """Send at once if nobody else is likely to speak in this turn, or if it is much, else at
        its end.

        There is no asking the reactor who else has input. Whoever spoke last time too is
        likely to be alone; if not, the others pay with one more send to each.
        """
        self._reading = False
        if not self._said:
            return
        is_alone = speaker is self._last_speaker and not self._scheduled
        if is_alone or self._size >= FULL:
            self.flush()
        else:
            self._flush_soon()
        self._last_speaker = speaker if speaker in self._outboxes else None

    def flush(self) -> None:
        """Send what was said; only needed where the end of the turn is too late."""
        self._scheduled = self._said = False
        self._size = 0
        if not self._batch:
            return
        batch, self._batch = self._batch, []
        ahead, self._ahead = self._ahead, {}
        data = batch[0] if len(batch) == 1 else b"".join(batch)
        self._tally.bytes_out += len(data) * (len(self._outboxes) - len(ahead))
        if ahead:
            self._send_what_is_missing(ahead, batch)
            send_to_all([one for one in self._outboxes if one not in ahead], data)
        else:
            send_to_all(self._outboxes, data)

    def _send_what_is_missing(self, ahead: dict[Outbox, int], batch: list[bytes]) -> None:
        for outbox, start in ahead.items():
            if data := self._missing(outbox, start, batch):
                self._send(outbox, data)
        self._not_for.clear()

    def _missing(self, outbox: Outbox, start: int, batch: list[bytes]) -> bytes:
        """What was said from ``start`` on and is for this one."""
        if not_for := self._not_for.get(outbox):
            return b"".join(batch[n] for n in range(start, len(batch)) if n not in not_for)
        return b"".join(batch[start:])

    def _flush_soon(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._soon(self.flush)

    def _moment_over(self) -> None:
        self._mentioned = False
        self.flush()

    def _catch_up(self, outbox: Outbox, data: bytes) -> None:
        start = self._ahead.get(outbox, 0)
        self._ahead[outbox] = len(self._batch)
        if start < len(self._batch):
            data = self._missing(outbox, start, self._batch) + data
        if data:
            self._send(outbox, data)

    def _send(self, outbox: Outbox, data: bytes) -> None:
        self._tally.bytes_out += len(data)
        outbox.send(data)
