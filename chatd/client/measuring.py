"""How long a typed line is, as the server counts."""

from chatd.client.typed import meaning, tidy
from chatd.errors import Refused
from chatd.limits import Limits
from chatd.wire import commands as asked

USUAL_LIMIT = Limits().line_bytes
"""Of a server that was not set up otherwise; it does not tell."""


def bytes_of(line: str) -> int:
    """What the line comes to when it is sent; 0 for what is dealt with at this end."""
    try:
        meant = meaning(line)
    except Refused:
        return 0
    if not isinstance(meant, asked.Command):
        return 0
    return len(asked.write(meant).encode(errors="replace"))


def left(text: str, limit: int = USUAL_LIMIT) -> int:
    """How many bytes the longest of these lines may still grow; negative if it is too long."""
    return limit - max(map(bytes_of, map(tidy, text.split("\n"))))
