"""The same order for everyone, and nothing lost."""

import re
import selectors
import socket
import time
from collections.abc import Iterator

from tests.torture.elsewhere import Signals, elsewhere
from tests.torture.row import Figure, Run, none_of, row
from tests.torture.sockets import join, source_of
from tests.torture.subject import ROOMY, subject

VISIT_SECONDS = 0.2


def sending(signals: Signals, port: int, count: int, lines: int) -> None:
    """Senders who write all they have to say at once, and read what they hear."""
    selector, left = selectors.DefaultSelector(), dict[socket.socket, bytes]()
    for number in range(count):
        one = join(port, f"sender{number}", source_of(number, 2))
        one.setblocking(False)
        left[one] = b"".join(b"BCST %d\r\n" % n for n in range(lines))
        selector.register(one, selectors.EVENT_READ | selectors.EVENT_WRITE, one)
    signals.ready()
    while not signals.stopped:
        for key, events in selector.select(0.1):
            one = key.data
            if events & selectors.EVENT_READ:
                assert one.recv(1 << 20), "cut off"
            if events & selectors.EVENT_WRITE:
                left[one] = left[one][one.send(left[one]) :]
                if not left[one]:
                    selector.modify(one, selectors.EVENT_READ, one)


class Reader:
    """A member, and all the bytes they got since they were in."""

    def __init__(self, port: int, name: str) -> None:
        self.socket = join(port, name, "127.0.0.9")
        self.socket.setblocking(False)
        self.until = time.monotonic() + VISIT_SECONDS
        self.got = bytearray()


def reading(signals: Signals, port: int, count: int, lines: int) -> tuple[list[str], int]:
    """Readers until they have seen so many lines, and visitors who come and go meanwhile.

    Gives what was wrong, and how many visitors there were. Everyone gets the same bytes, so
    what a visitor got is a piece of what the first reader got.
    """
    selector = selectors.DefaultSelector()
    readers = [Reader(port, f"reader{number}") for number in range(count)]
    signals.ready()
    visitors, gone, seen = list[Reader](), list[Reader](), 0

    for reader in readers:
        selector.register(reader.socket, selectors.EVENT_READ, reader)
    while seen < lines and not signals.stopped:
        if not visitors or time.monotonic() > visitors[-1].until - VISIT_SECONDS / 2:
            visitors.append(Reader(port, f"visitor{len(visitors) + len(gone)}"))
            selector.register(visitors[-1].socket, selectors.EVENT_READ, visitors[-1])
        if time.monotonic() > visitors[0].until:
            gone.append(visitors.pop(0))
            gone[-1].socket.send(b"QUIT\r\n")
        for key, _ in selector.select(0.05):
            data = key.data.socket.recv(1 << 20)
            if not data:
                selector.unregister(key.fileobj)
            key.data.got += data
            seen += data.count(b": BCST ") if key.data is readers[0] else 0
    _read_up(readers)
    return [*_not_the_same(readers), *_not_a_piece(gone, bytes(readers[0].got))], len(gone)


def _read_up(readers: list[Reader]) -> None:
    """Everyone says something, and reads until it comes back to them from the last one."""
    last = readers[-1]
    last.socket.setblocking(True)
    last.socket.sendall(b"BCST the end\r\n")
    for reader in readers:
        reader.socket.settimeout(10)
        while not reader.got.endswith(b"BCST the end\r\n"):
            reader.got += reader.socket.recv(1 << 20)


def _not_the_same(readers: list[Reader]) -> list[str]:
    # They came one after the other, so the first ones saw the others come.
    start = b"SERVER: reader%d joined the chat!\r\n" % (len(readers) - 1)
    wrong, told = [], bytes(readers[0].got).partition(start)[2]
    for number, reader in enumerate(readers[1:], 1):
        got = bytes(reader.got)
        if (got.partition(start)[2] if start in got else got) != told:
            wrong.append(f"reader{number} saw something else")
    return wrong + _own_order_lost(told)


def _own_order_lost(told: bytes) -> list[str]:
    seen = dict[bytes, int]()
    wrong = []
    for sender, number in re.findall(rb"^(sender\d+): BCST (\d+)\r$", told, re.MULTILINE):
        if int(number) != seen.get(sender, -1) + 1:
            wrong.append(f"{sender.decode()} said {number.decode()} after {seen.get(sender)}")
        seen[sender] = int(number)
    return wrong


def _not_a_piece(visitors: list[Reader], told: bytes) -> list[str]:
    return [
        f"visitor {n} missed something"
        for n, one in enumerate(visitors)
        if bytes(one.got) not in told
    ]


@row("order-and-loss", "50 senders of 2000 numbered lines, 20 readers, visitors who come and go")
def order_and_loss(run: Run) -> Iterator[Figure]:
    senders, lines, readers = (10, 300, 5) if run.short else (50, 2000, 20)
    with (
        subject(run.place("daemon"), ROOMY + "lines_per_second = 200\n") as daemon,
        elsewhere(reading, daemon.port, readers, senders * lines) as listeners,
    ):
        listeners.ready()
        began = time.monotonic()
        with elsewhere(sending, daemon.port, senders, lines) as talk:
            talk.ready()
            wrong, visitors = listeners.result(200)
            seconds = time.monotonic() - began
            talk.stop()
    yield none_of("lost, doubled or moved", wrong)
    yield Figure("lines", senders * lines, senders * lines, senders * lines)
    yield Figure("visitors", visitors, 3, 1e6, about=f"{seconds:.0f} s")
