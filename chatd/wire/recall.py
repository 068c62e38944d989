"""HIST and RECORD: asking for lines of before, and saying whether one's own are kept."""

from chatd.lines import Last, Query, Search, Since, moment
from chatd.wire.commands import HELP

MOST = 10**9
"""Nobody has said so many lines; asking for more is asking for so many."""

USAGE = "Please type: HIST 20, or HIST since 2026-11-20T21:00Z, or HIST search words"
RECORD_USAGE = "Please type: RECORD off, RECORD on or RECORD forget"
HELP_WITH_HISTORY = (
    *HELP[:-2],
    "HIST 20: the last 20 lines that were said to everyone",
    "HIST since 2026-11-20T21:00Z: those from that time on",
    "HIST search words: the newest of those with these words in them",
    "RECORD off: what you say from now on is not kept; RECORD on: it is",
    "RECORD forget: what was kept of you since you came is removed",
    *HELP[-2:],
)


def query_in(words: str) -> Query | None:
    """Which lines are asked for after HIST; None where the words do not say."""
    which, _, rest = words.partition(" ")
    rest = rest.strip()
    if which.isascii() and which.isdigit() and not rest:
        return Last(int(which) if len(which) < len(str(MOST)) else MOST)
    if which.lower() == "search" and rest:
        return Search(tuple(rest.split()))
    if which.lower() != "since":
        return None
    try:
        return Since(moment(rest.upper()))
    except ValueError:
        return None
