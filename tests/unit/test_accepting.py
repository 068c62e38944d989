"""Newcomers by the thousand are taken in by slices."""

import socket

import attrs

from chatd.accepting import MOST_AT_ONCE
from chatd.listening import prepare


@attrs.define(slots=False, eq=False)
class Port:
    """A port of Twisted's in a flood: there are always more to accept, and it tries to."""

    socket: socket.socket
    numberAccepts: int = 100
    accepted: list[int] = attrs.field(factory=list)

    def doRead(self) -> None:
        """Accept."""
        self.accepted.append(self.numberAccepts)
        self.numberAccepts += 20


def test_a_slice_in_each_turn() -> None:
    """However many come, and for however long, each turn takes in so many of them at most."""
    with socket.socket() as never_bound:
        port = Port(never_bound)
        prepare(port)  # type: ignore[arg-type]
        for _ in range(50):
            port.doRead()
    assert port.accepted == [MOST_AT_ONCE] * 50


def test_fewer_when_fewer_come() -> None:
    """Twisted's own count holds where it is less."""
    with socket.socket() as never_bound:
        port = Port(never_bound, numberAccepts=1)
        prepare(port)  # type: ignore[arg-type]
        port.doRead()
    assert port.accepted == [1]
