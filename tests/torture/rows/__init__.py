"""The table of docs/guarantees.md, a line with its figures for each row. Bounds in brackets."""

from tests.torture.rows import readers, senders, crowds, peers, ends

__all__ = ["crowds", "ends", "peers", "readers", "senders"]
