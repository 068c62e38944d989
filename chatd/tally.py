"""What has happened at a door since the start, in numbers.

Whoever does a thing counts it here, a batch at a time and with a plain addition: what is
made of the numbers is paid for when somebody asks (``chatd.metrics``), not here.
"""

from collections import Counter

FULL = "room-full"
"""How the refusal is counted that has a sentence of its own on the wire, and no code."""


class Tally:
    """Counts that only grow. Bytes are those of the wire, TLS and telnet included.

    ``end``: with what each line ends that goes out, and what nothing else has in it.
    """

    __slots__ = (
        "bytes_in",
        "bytes_out",
        "end",
        "gone",
        "ignored",
        "lines_in",
        "lost",
        "most_owed",
        "opened",
        "refused",
        "whispered",
    )

    def __init__(self, end: bytes = b"\n") -> None:
        self.end = end
        self.opened = 0
        """Connections that were let in to talk."""
        self.gone: Counter[str] = Counter()
        """Those of them that have ended, by reason."""
        self.refused: Counter[str] = Counter()
        """Refusals told, by code; to those who were not let in, too."""
        self.lines_in = 0
        """Lines worked through, whatever they asked for; one that waits for its turn is none."""
        self.bytes_in = 0
        self.bytes_out = 0
        """Bytes that connections were owed. What was lost is among them."""
        self.whispered = 0
        """Private lines that reached their reader's connection."""
        self.ignored = 0
        """Lines that were kept from somebody who ignores whoever said them."""
        self.lost = 0
        """Lines of any kind that were owed to a connection and dropped when it ended early."""
        self.most_owed = 0
        """Bytes, the most that have waited for one connection."""

    def refuse(self, code: str) -> None:
        """A refusal was told."""
        self.refused[code] += 1

    @property
    def connections(self) -> int:
        """How many are open now."""
        return self.opened - self.gone.total()
