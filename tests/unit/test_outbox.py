"""What a peer is owed: all of it, in order, once, however little the kernel takes at a time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatd.outbox import CHUNK, GRACE_SECONDS, STALLED_SECONDS, Outbox, send_to_all
from tests.unit.transports import PausingTransport, SocketTransport, never

SMALL = 4096
"""The least that Linux allows for a send buffer is a little more than this."""


def drained(transport: SocketTransport, at_once: int = 65536) -> bytes:
    """Everything that the peer gets, reading ``at_once`` bytes for each turn of the reactor."""
    got = b""
    transport.turn()
    while data := transport.read(at_once):
        got += data
        transport.turn()
    return got


def taken(transport: SocketTransport, size: int) -> bytes:
    """At least ``size`` bytes, if there are so many, that the peer reads in the reactor's turns."""
    got = b""
    transport.turn()
    while len(got) < size and (data := transport.read()):
        got += data
        transport.turn()
    return got


def test_an_idle_peer_is_sent_to_at_once() -> None:
    """Nothing goes through the transport's buffer."""
    transport = SocketTransport()
    Outbox(transport, 100, never).send(b"hi\r\n")
    assert transport.read() == b"hi\r\n"
    assert transport.producer is None
    assert not transport.buffer


def test_partial_sends_lose_nothing() -> None:
    """A tiny send buffer and a peer that reads one byte at a time: all there, in order."""
    transport = SocketTransport(SMALL)
    outbox = Outbox(transport, 0, never)
    lines = [b"%d " % number + b"x" * 300 + b"\r\n" for number in range(200)]
    for line in lines[:100]:
        outbox.send(line)
    assert outbox.owed > 0
    got = b"".join(transport.read(1) for _ in range(1000))
    transport.turn()
    for line in lines[100:]:
        outbox.send(line)
    assert got + drained(transport) == b"".join(lines)
    assert outbox.owed == 0
    outbox.send(b"and on\r\n")
    assert transport.read() == b"and on\r\n"


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(1, 5000), st.sampled_from(["read", "turn"])), max_size=40))
def test_any_order_of_sends_reads_and_turns(steps: list[int | str]) -> None:
    """Nothing is lost, doubled or overtaken."""
    transport = SocketTransport(SMALL)
    outbox = Outbox(transport, 0, never)
    sent = got = b""
    for number, step in enumerate(steps):
        if step == "read":
            got += transport.read(700)
        elif step == "turn":
            transport.turn()
        else:
            data = bytes([number]) * int(step)
            sent += data
            outbox.send(data)
    assert got + drained(transport) == sent
    transport.socket.close()
    transport.peer.close()


def test_a_peer_that_does_not_read_is_noticed_at_the_limit() -> None:
    """Where it passes the limit, once, and nothing more is kept for it."""
    transport, seconds = SocketTransport(SMALL), [0.0]
    calls: list[int] = []
    most = 10 * CHUNK
    outbox = Outbox(transport, most, lambda: calls.append(owed), lambda: seconds[0])
    line, owed, passed = b"x" * 1000, 0, 0.0
    while not calls:
        owed = outbox.owed + len(line)
        if owed > most:
            passed = passed or seconds[0]
        outbox.send(line)
        seconds[0] += STALLED_SECONDS / 10
    assert most < owed <= 1.3 * most
    assert seconds[0] > passed
    outbox.send(line)
    assert len(calls) == 1
    assert outbox.owed == 0


def test_a_moment_in_which_much_is_said() -> None:
    """Whoever reads it all within a second is not too slow, however much it was."""
    transport, seconds = SocketTransport(SMALL), [0.0]
    outbox = Outbox(transport, 10000, never, lambda: seconds[0])
    for _ in range(10):
        outbox.send(b"x" * 50000)
        outbox.send(b"x" * 50000)
        seconds[0] += STALLED_SECONDS / 2
        got = taken(transport, 2 * CHUNK)
        seconds[0] += STALLED_SECONDS / 2
        outbox.send(b"x" * 50000)
        seconds[0] += GRACE_SECONDS / 2
        assert len(got + drained(transport)) == 150000
        seconds[0] += 10


def test_a_peer_that_reads_too_slowly() -> None:
    """Taking a little now and then is not enough: it has a second to catch up."""
    transport, seconds = SocketTransport(SMALL), [0.0]
    calls: list[float] = []
    outbox = Outbox(transport, 10000, lambda: calls.append(seconds[0]), lambda: seconds[0])
    while not calls:
        outbox.send(b"x" * 50000)
        seconds[0] += STALLED_SECONDS / 2
        taken(transport, 2 * CHUNK)
    assert GRACE_SECONDS <= calls[0] <= GRACE_SECONDS + STALLED_SECONDS


def test_closing_waits_for_what_is_owed() -> None:
    """The connection closes after the last byte, and takes no more."""
    transport = SocketTransport(SMALL)
    outbox = Outbox(transport, 0, never)
    outbox.send(b"x" * 50000)
    outbox.close()
    outbox.send(b"too late")
    assert not transport.closed
    assert drained(transport) == b"x" * 50000
    assert transport.closed


def test_closing_an_idle_connection_is_at_once() -> None:
    """Nothing is owed, nothing is waited for."""
    transport = SocketTransport()
    outbox = Outbox(transport, 0, never)
    outbox.close()
    outbox.close()
    assert transport.closed


def test_aborting_drops_what_is_owed() -> None:
    """A peer that does not read can't keep us waiting."""
    transport = SocketTransport(SMALL)
    outbox = Outbox(transport, 0, never)
    outbox.send(b"x" * 50000)
    outbox.abort(b"ERROR\r\n")
    assert transport.aborted
    assert outbox.owed == 0


def test_a_broken_connection_is_left_to_the_transport() -> None:
    """Sending to a peer that is gone neither raises nor loses a line for the next peer."""
    gone, here = SocketTransport(), SocketTransport()
    outboxes = [Outbox(gone, 0, never), Outbox(here, 0, never)]
    gone.peer.close()
    send_to_all(outboxes, b"hi\r\n")
    assert gone.buffer == b"hi\r\n"  # the transport finds out
    assert here.read() == b"hi\r\n"


@pytest.mark.parametrize("enough", [0, 10, 10**6])
def test_other_transports_take_the_ordinary_way(enough: int) -> None:
    """They pause when they have enough; order is kept, and what waits is counted."""
    transport = PausingTransport(enough)
    outbox = Outbox(transport, 0, never)
    lines = [b"%d\r\n" % number for number in range(100)]
    for number, line in enumerate(lines):
        outbox.send(line)
        if number % 7 == 0:
            transport.turn()
    assert enough > 10 or outbox.owed > 0
    while outbox.owed or transport.value():
        transport.turn()
    assert transport.sent == b"".join(lines)
    outbox.close()
    assert transport.disconnecting
    assert transport.producer is None


def test_a_slow_reader_on_another_transport() -> None:
    """The limit holds there too."""
    transport, seconds = PausingTransport(10), [0.0]
    calls: list[int] = []
    outbox = Outbox(transport, 1000, lambda: calls.append(1), lambda: seconds[0])
    for _ in range(200):
        outbox.send(b"x" * 10)
        seconds[0] += 0.1
    assert calls == [1]
