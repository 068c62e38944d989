"""How many newcomers are taken in before everyone else has their turn again.

Twisted accepts more in a turn the more there were in the last one, without end. Where
thousands come in a second, most of them to be turned away, everybody's lines waited for them.
"""

from typing import Any

MOST_AT_ONCE = 100
"""Connections accepted in a turn of the reactor: some ten milliseconds. With 20, what there
is to do in each turn anyhow takes so much of the time that a queue of newcomers grows."""


def accept_in_slices(port: Any) -> None:
    """Let this port of Twisted's accept no more than that in a turn; the others wait in the
    backlog for the next one."""
    accept = port.doRead

    def accept_some() -> None:
        port.numberAccepts = min(port.numberAccepts, MOST_AT_ONCE)
        accept()

    port.doRead = accept_some
