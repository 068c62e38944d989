"""The table of docs/guarantees.md, a line with its figures for each row. Bounds in brackets."""

from tests.torture.rows import (
    crowds,
    ends,
    handshakes,
    histories,
    logs,
    order,
    peers,
    readers,
    reloads,
    senders,
    spoilers,
    strangers,
    web,
    words,
)

__all__ = [
    "crowds",
    "ends",
    "handshakes",
    "histories",
    "logs",
    "order",
    "peers",
    "readers",
    "reloads",
    "senders",
    "spoilers",
    "strangers",
    "web",
    "words",
]
