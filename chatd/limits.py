"""What one person, and one address, may cost."""

import attrs

from chatd.settings import setting


@attrs.frozen
class Limits:
    """How much is too much; 0 stands for no limit."""

    connections: int = setting(1000, "Connections open at once, joined or not.")
    connections_per_address: int = setting(50, "The same, from one address.")
    line_bytes: int = setting(
        1024, "Bytes in a line, verb and all, without its end. A longer line is refused whole."
    )
    lines_per_second: float = setting(
        5.0, "A faster sender is slowed down to this, never refused or dropped…"
    )
    burst_lines: int = setting(20, "…after so many lines at once.")
    outbox_bytes: int = setting(262144, "A reader who is further behind than this is let go.")
    join_seconds: float = setting(60.0, "From connecting to JOIN.")
    idle_seconds: float = setting(0.0, "Without a line from a person who has joined.")
