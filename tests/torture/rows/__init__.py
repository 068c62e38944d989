"""The table of docs/guarantees.md, a line with its figures for each row. Bounds in brackets."""

from tests.torture.rows import (
    readers,
    senders,
)

__all__ = ["readers", "senders"]
