"""Lines of the past as text: as what they are even where there is no grey, by a bar."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chatd.client import past
from chatd.client.past import Why

BAR = "| "
"""Before each line. No name begins so, and nothing else that is shown."""

_BEGAN = {
    Why.BEFORE: "Said before you came:",
    Why.MISSED: "Said while you were away:",
    Why.LAST: "Said last:",
    Why.SINCE: "Said since {words}:",
    Why.FOUND: "Lines with “{words}”:",
    Why.UNASKED: "Said before:",
}
_NOTHING = {
    Why.LAST: "Nothing has been kept yet.",
    Why.SINCE: "Nothing has been kept since {words}.",
    Why.FOUND: "No line has “{words}”.",
}


def local(at: float) -> datetime:
    """A server's time on this machine's clock, as it is on that day."""
    try:
        return datetime.fromtimestamp(at)
    except (ValueError, OverflowError, OSError):  # at the end of all years, or before 1970
        return datetime.fromtimestamp(at, UTC).replace(tzinfo=None)


def _said(fact: past.Said) -> str:
    return f"{BAR}{fact.speaker}: {fact.text}"


def _ended(fact: past.Ended) -> str:
    if not fact.count:
        return _NOTHING.get(fact.why, "").format(words=fact.words)
    found = "1 line" if fact.count == 1 else f"{fact.count} lines"
    return f"{found} found." if fact.why is Why.FOUND else ""


_TEXT: dict[type, Callable[[Any], str]] = {
    past.Began: lambda fact: _BEGAN[fact.why].format(words=fact.words),
    past.Said: _said,
    past.Ended: _ended,
    past.Recording: lambda fact: fact.sentence,
}


def words(fact: past.Past) -> list[list[tuple[str, str]]]:
    """As in ``chatd.client.screen``, all of it quiet."""
    text = _TEXT[type(fact)](fact)
    style = "past" if isinstance(fact, past.Said) else "quiet"
    return [[(style, text)]] if text else []
