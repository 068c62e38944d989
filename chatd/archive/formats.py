"""A history as text, JSON lines or CSV: piece by piece, so that a year of it costs no memory."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache

from chatd.lines import Line
from chatd.wire.text import clean

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula. An apostrophe before it says that
it is text."""

CSV_LINES = 100


def text(lines: Iterable[Line], zone: "Zone") -> Iterator[str]:
    """As chat --log writes it: 2026-11-20 21:33:01 drew: hello."""
    return (f"{zone.second(one.at)} {clean(one.speaker)}: {clean(one.text)}\n" for one in lines)


def jsonl(lines: Iterable[Line], _: "Zone") -> Iterator[str]:
    """One object to the line, which ``chatd history import`` reads again."""
    write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for line in lines:
        yield write({"at": precise(line.at), "speaker": line.speaker, "text": line.text}) + "\n"


def table(lines: Iterable[Line], _: "Zone", raw: bool = False) -> Iterator[str]:
    """CSV as of RFC 4180, which no spreadsheet calculates with, unless it is to be ``raw``."""
    cell = str if raw else harmless
    page = io.StringIO(newline="")
    rows = csv.writer(page)
    rows.writerow(("at", "speaker", "text"))
    for number, line in enumerate(lines):
        rows.writerow((precise(line.at), cell(line.speaker), cell(line.text)))
        if number % CSV_LINES == 0:
            yield page.getvalue()
            page.seek(0)
            page.truncate()
    yield page.getvalue()


def harmless(cell: str) -> str:
    """The text of a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def precise(at: float) -> str:
    """A time to the millisecond, as the file has it, in UTC."""
    seconds, milliseconds = divmod(round(at * 1000), 1000)
    return f"{UTC_TIMES.second(seconds).replace(' ', 'T')}.{milliseconds:03}Z"


class Zone:
    """How times are shown: ``local``, or else in UTC."""

    def __init__(self, local: bool) -> None:
        self._local = local
        self._second = lru_cache(maxsize=1024)(self._shown)

    def second(self, at: float) -> str:
        """2026-11-20 21:33:01."""
        return self._second(int(at // 1))

    def time(self, at: float) -> datetime:
        """The same as a date and time, without its zone."""
        utc = datetime.fromtimestamp(at // 1, UTC)
        try:
            return (utc.astimezone() if self._local else utc).replace(tzinfo=None)
        except (ValueError, OverflowError):  # at the end of all years
            return utc.replace(tzinfo=None)

    @property
    def name(self) -> str:
        """What the zone is called, as far as it is known."""
        return (datetime.now().astimezone().tzname() or "local time") if self._local else "UTC"

    def _shown(self, second: int) -> str:
        return self.time(second).isoformat(" ")


UTC_TIMES = Zone(local=False)

Write = Callable[[Iterable[Line], Zone], Iterator[str]]
