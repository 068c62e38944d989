"""Bytes as they come, lines as they were meant.

A line ends with LF, CR LF or telnet's CR NUL. One that is too long, or not UTF-8, is
refused whole, and the next one is as good as any.
"""

import re

from chatd.errors import Refused
from chatd.wire.text import clean

_LINE_END = re.compile(rb"\n|\r\0")
Line = str | Refused
"""A line, cleaned and without its end, or why there is none."""


def too_long(line_bytes: int) -> Refused:
    """Of a line with more bytes than these."""
    words = f"A line has at most {line_bytes} bytes. Nobody has seen that one."
    return Refused("line-too-long", words)


class LineBuffer:
    """Cuts a stream into lines.

    ``line_bytes``: how long a line may be, in bytes without its end; 0 for no limit.
    Holds whatever it was fed until it is taken; the caller stops feeding in time.
    """

    def __init__(self, line_bytes: int) -> None:
        self._longest = line_bytes
        self._next_longest = line_bytes
        self._buffer = b""
        self._skipping = False  # inside a line of which enough is kept to refuse it
        self._skipped_cr = b""

    def bound(self, line_bytes: int) -> None:
        """Another limit: at once if it is lower, else as soon as nothing is held.

        Of a line that was too long only the beginning is held, and must not pass for a whole one.
        """
        self._next_longest = line_bytes
        if line_bytes and (not self._longest or line_bytes < self._longest):
            self._longest = line_bytes

    def __len__(self) -> int:
        """Bytes held, in whole lines and in the beginning of one."""
        return len(self._buffer)

    @property
    def is_between(self) -> bool:
        """Whether nothing is held, and what comes next begins a line."""
        return not self._buffer and not self._skipping

    @property
    def has_line(self) -> bool:
        """Whether ``take`` would give anything."""
        return b"\n" in self._buffer

    def feed(self, data: bytes) -> None:
        """More bytes."""
        if self._longest != self._next_longest and not self._buffer and not self._skipping:
            self._longest = self._next_longest
        if self._skipping:
            data = self._skip(data)
        self._buffer = self._buffer + data if self._buffer else data
        if b"\0" in data:
            self._buffer = self._buffer.replace(b"\r\0", b"\n")
        if self._longest and len(self._buffer) > self._longest:
            self._bound_the_rest()

    def end(self) -> None:
        """No more bytes will come: what is left over counts as a line."""
        if self._buffer and not self._buffer.endswith(b"\n"):
            self._buffer += b"\n"

    def take(self, most: int) -> list[Line]:
        """The next lines, at most ``most``; a refused one counts."""
        if self._buffer.count(b"\n") > most:
            *lines, self._buffer = self._buffer.split(b"\n", most)
        else:
            *lines, self._buffer = self._buffer.split(b"\n")
        return [self._read(line) for line in lines]

    def pull(self, pattern: re.Pattern[bytes], most: int) -> list[Line]:
        """The first whole lines, at most ``most``, that a pattern finds; the others stay."""
        found: list[bytes] = []

        def out(match: re.Match[bytes]) -> bytes:
            found.append(match[0][:-1])
            return b""

        self._buffer = pattern.sub(out, self._buffer, count=most)
        return [self._read(line) for line in found]

    def _read(self, line: bytes) -> Line:
        line = line.removesuffix(b"\r")
        if self._longest and len(line) > self._longest:
            return too_long(self._longest)
        try:
            return clean(line.decode())
        except UnicodeDecodeError:
            return Refused("not-utf8", "That line was not UTF-8 text. Nobody has seen it.")

    def _bound_the_rest(self) -> None:
        """Keep of a line without an end what it takes to refuse it, and no more."""
        rest = self._buffer.rfind(b"\n") + 1
        enough = rest + self._longest + 2  # it may end with a CR, which does not count
        if len(self._buffer) >= enough:
            self._skipped_cr = b"\r" if self._buffer.endswith(b"\r") else b""
            self._buffer = self._buffer[:enough] + b"\n"
            self._skipping = True

    def _skip(self, data: bytes) -> bytes:
        data = self._skipped_cr + data  # the NUL of a CR NUL may come late
        end = _LINE_END.search(data)
        self._skipping = end is None
        if end is not None:
            return data[end.end() :]
        self._skipped_cr = b"\r" if data.endswith(b"\r") else b""
        return b""
