"""What one person, and one address, may cost."""

import attrs

from chatd.addresses import check_network
from chatd.settings import setting


@attrs.frozen
class Limits:
    """How much is too much; 0 stands for no limit."""

    connections: int = setting(
        1000,
        "Connections open at once, joined or not; never more than there are descriptors for.\n"
        "When all are taken, those who have not joined make way for newcomers from elsewhere.",
    )
    connections_per_address: int = setting(
        50, "The same, from one address; while browsers fetch a page, six times as many."
    )
    unlimited: tuple[str, ...] = setting(
        (),
        'Networks where limits for one address do not hold, such as "127.0.0.0/8".',
        check_each=check_network,
    )
    allow: tuple[str, ...] = setting(
        (),
        'Networks that may connect, such as "192.168.0.0/16" or "::1/128"; none: all of them.',
        check_each=check_network,
    )
    deny: tuple[str, ...] = setting(
        (),
        "Networks that may not, allowed or not. They are not told why.",
        check_each=check_network,
    )
    line_bytes: int = setting(
        1024, "Bytes in a line, verb and all, without its end. A longer line is refused whole."
    )
    lines_per_second: float = setting(
        5.0,
        "A faster sender is slowed down to this, never refused or dropped, and so are those who\n"
        "join from one address, unless it is in unlimited…",
    )
    burst_lines: int = setting(20, "…after so many lines, or JOINs, at once.")
    outbox_bytes: int = setting(
        262144, "A reader who is further behind than this, and does not catch up, is let go."
    )
    join_seconds: float = setting(60.0, "From connecting to JOIN.")
    idle_seconds: float = setting(0.0, "Without a line from a person who has joined.")
