"""What the room says, seen by everyone: one stream, of which each member has a piece."""

import re

KEPT = 4 << 20
"""Bytes of the stream that are kept for those who read a little later."""

_LINE = re.compile(
    rb"SERVER: (?P<came>\S+) joined the chat!|(?P<went>\S+) has left the chat"
    rb"|(?P<who>\S+): BCST (?P<number>\d+) x*"
)


class Reference:
    """The stream as the first member reads it. ``faults`` is what was wrong with it."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.lines = 0
        self.present: set[bytes] = set()
        self.sent: dict[bytes, int] = {}
        """What each member has said; taken out by who knows that some of it may be lost."""
        self._seen: dict[bytes, int] = {}
        self._kept = bytearray()
        self._first = 0  # where in the stream what is kept begins
        self._read = 0  # where the first line begins that has not been looked at

    @property
    def end(self) -> int:
        """Where the stream stands."""
        return self._first + len(self._kept)

    def feed(self, data: bytes) -> None:
        """More of it."""
        self._kept += data
        *lines, rest = bytes(self._kept[self._read - self._first :]).split(b"\r\n")
        self._read = self.end - len(rest)
        for line in lines:
            self._look_at(line)
        if len(self._kept) > 2 * KEPT:
            del self._kept[:KEPT]
            self._first += KEPT

    def has(self, at: int, data: bytes) -> bool:
        """Whether this is what it says there."""
        start = at - self._first
        return start >= 0 and self._kept.startswith(data, start)

    def find(self, line: bytes) -> int:
        """Where this line stands, or -1."""
        at = self._kept.rfind(line)
        return -1 if at < 0 else at + self._first

    def _look_at(self, line: bytes) -> None:
        self.lines += 1
        match = _LINE.fullmatch(line)
        if match is None:
            self._fault("an unknown line", line)
        elif name := match["came"]:
            if name in self.present:
                self._fault("came twice", name)
            self.present.add(name)
        elif name := match["went"]:
            self._has_left(name)
        else:
            self._has_said(match["who"], int(match["number"]))

    def _has_left(self, name: bytes) -> None:
        if name not in self.present:
            self._fault("went without being here", name)
        self.present.discard(name)
        seen = self._seen.pop(name, 0)
        if self.sent.pop(name, seen) != seen:
            self._fault("went, and not all that they said was seen", name)

    def _has_said(self, name: bytes, number: int) -> None:
        if name not in self.present or number != self._seen.get(name, 0):
            self._fault(f"line {number} came after {self._seen.get(name, 0)}", name)
        self._seen[name] = number + 1

    def _fault(self, what: str, about: bytes) -> None:
        self.faults.append(f"{about.decode(errors='replace')}: {what}")
