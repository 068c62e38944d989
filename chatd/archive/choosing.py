"""Which lines of a file are wanted."""

from collections.abc import Iterator

import attrs

from chatd.history.matching import folded, has_all
from chatd.history.reading import Reader
from chatd.lines import Line
from chatd.names import key_of


@attrs.frozen
class Choice:
    """Those from ``since`` on and before ``until`` (seconds since 1970), of whoever has one of
    these ``names`` in any spelling, with all these ``words``; what is empty says nothing."""

    since: float | None = None
    until: float | None = None
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def of(self, reader: Reader) -> Iterator[Line]:
        """The lines, oldest first, one by one. Raises sqlite3.Error."""
        lines = reader.each(self.since, self.words)
        return filter(self._is_wanted, lines) if self._is_picky else lines

    @property
    def _is_picky(self) -> bool:
        return bool(self.until is not None or self.names or self.words)

    def _is_wanted(self, line: Line) -> bool:
        if self.until is not None and line.at >= self.until:
            return False
        if self._keys and key_of(line.speaker) not in self._keys:
            return False
        return not self._folded or has_all(self._folded, line.text)

    _keys: frozenset[str] = attrs.field(init=False)
    _folded: list[str] = attrs.field(init=False)

    @_keys.default
    def _make_keys(self) -> frozenset[str]:
        return frozenset(map(key_of, self.names))

    @_folded.default
    def _make_folded(self) -> list[str]:
        return folded(self.words)
