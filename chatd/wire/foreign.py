"""Other protocols, known by how they begin.

A browser, a port scanner or a lost ssh client is told in words and let go; and no web page
can make somebody's browser post into the room, as its first line gives it away.
"""

import re

ENOUGH = 16
"""Bytes of a beginning that are enough to tell."""

_BEGINNINGS = {
    "HTTP": rb"(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|PROPFIND|LOCK)\s+(?:/|\*|http)"
    rb"|(?:CONNECT|PRI) \S",
    "TLS": rb"\x16\x03[\x00-\x04]",
    "SSH": rb"SSH-\d",
    "SMTP": rb"(?:EHLO|HELO)\s",
}
_FOREIGN = re.compile(
    b"|".join(b"(?P<%b>%b)" % (name.encode(), form) for name, form in _BEGINNINGS.items()),
    re.IGNORECASE,
)


def spoken(beginning: bytes) -> str | None:
    """The protocol that a stream begins in, by its usual name; None: ours, or no telling."""
    match = _FOREIGN.match(beginning)
    return match.lastgroup if match else None
