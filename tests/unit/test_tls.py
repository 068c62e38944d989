"""A TLS place: what its peers are shown, and what becomes of those who do not speak it."""

import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from twisted.internet.task import Clock

from chatd.admission import Admission
from chatd.doors.line import LineDoor
from chatd.limits import Limits
from chatd.room import Room
from chatd.tls.certificate import Certificate
from chatd.tls.connection import ALERT_ACCESS_DENIED, NO_HTTP, NO_TLS
from chatd.tls.served import Served
from tests.unit.tls_peers import Link, certificate

GREETING = b"Enter JOIN followed by your username: JOIN username\r\n"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def door(clock: Clock, **limits: Any) -> LineDoor:
    most = Limits(**limits)
    return LineDoor(Room(), most, Admission(most), clock, clock.seconds)


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served([certificate(tmp_path / "default", "chat.example")])


def der(one: Certificate) -> bytes:
    return one.leaf.public_bytes(Encoding.DER)


@pytest.mark.parametrize("tls12", [False, True])
def test_somebody_joins(served: Served, tls12: bool, clock: Clock) -> None:
    """TLS 1.2 or later: greeted, and heard."""
    link = Link(served, door(clock), clock, tls12=tls12).shake()
    assert link.heard == GREETING
    link.say(b"PING x\r\n")
    assert link.heard.endswith(b"PONG x\r\n")


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("chat.example", 0),
        ("CHAT.example", 0),
        ("lab.example", 1),
        ("a.lab.example", 1),
        ("a.b.lab.example", 0),
        ("nobody.example", 0),
        (None, 0),
    ],
)
def test_which_certificate_is_shown(
    tmp_path: Path, host: str | None, shown: int, clock: Clock
) -> None:
    """The one for the name that was asked for, star or not; else the first."""
    two = [
        certificate(tmp_path / "a", "chat.example"),
        certificate(tmp_path / "b", "lab.example", "*.lab.example"),
    ]
    assert Link(Served(two), door(clock), clock, host).shake().certificate() == der(two[shown])


def test_a_renewed_certificate(tmp_path: Path, served: Served, clock: Clock) -> None:
    """Newcomers are shown it, and who is connected talks on."""
    both = door(clock)
    before = Link(served, both, clock).shake()
    renewed = certificate(tmp_path / "renewed", "chat.example")
    served.take([renewed])
    assert Link(served, both, clock).shake().certificate() == der(renewed)
    assert before.say(b"PING still\r\n").heard.endswith(b"PONG still\r\n")


def test_renewed_in_the_middle_of_a_handshake(tmp_path: Path, served: Served, clock: Clock) -> None:
    """Somebody who has begun to connect is shown one certificate or the other, and gets in."""
    link = Link(served, door(clock), clock, "chat.example").connect()
    served.take([certificate(tmp_path / "renewed", "chat.example")])
    assert link.shake_on().heard == GREETING


@pytest.mark.parametrize("tls12", [False, True])
def test_who_has_said_their_last_gets_every_answer(
    served: Served, tls12: bool, clock: Clock
) -> None:
    """With more lines than may go at once: they are answered one by one, then TLS ends."""
    link = Link(served, door(clock, lines_per_second=1, burst_lines=1), clock, tls12=tls12).shake()
    link.say(b"HELP\r\nPING 2\r\nLIST\r\nJOIN dani").end()
    assert b"PONG 2" in link.heard
    assert not link.ended
    for _ in range(10):
        clock.advance(1)
        link.carry()
    assert b"ERROR not-joined" in link.heard
    assert link.heard.endswith(b"SERVER: dani joined the chat!\r\n")
    assert link.wire.disconnecting


@pytest.mark.parametrize("tls", [True, False])
def test_input_that_was_cut(served: Served, tls: bool, clock: Clock) -> None:
    """A last line without its end counts only if the peer itself has said that it is the last."""
    link = Link(served, door(clock), clock).shake()
    link.say(b"JOIN dani\r\nBCST I owe you 10")
    if tls:
        link.end()
    else:
        link.server.readConnectionLost()
    link.carry()
    assert b"dani joined" in link.heard
    assert (b"dani: BCST I owe you 10\r\n" in link.heard) is tls
    assert link.wire.disconnecting


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (b"JOIN dani\r\n", NO_TLS),
        (b"\r\n", NO_TLS),
        (b"\xff\xfd\x06", NO_TLS),
        (b"GET / HTTP/1.1\r\n", NO_HTTP),
    ],
)
def test_plain_text(served: Served, clock: Clock, text: bytes, answer: bytes) -> None:
    """Netcat, telnet and browsers are told that this place speaks TLS, and the log why."""
    seats = door(clock)
    link = Link(served, seats, clock).connect()
    link.server.dataReceived(text)
    clock.advance(1)
    assert link.wire.value() == answer
    assert link.wire.disconnecting
    assert link.lost() == "spoke no TLS"
    assert len(seats.admission) == 0


@pytest.mark.parametrize("garbage", [b"\x16\x03\x01\x00\x05hello", b"\x16" * 5000])
def test_a_hello_that_is_none(served: Served, garbage: bytes, clock: Clock) -> None:
    """A damaged handshake, or one that never ends, harms nobody; the log says what it was."""
    link = Link(served, door(clock), clock).connect()
    link.server.dataReceived(garbage)
    clock.advance(1)
    assert NO_TLS not in link.wire.value()
    assert link.lost().startswith("TLS handshake failed: ")


@pytest.mark.parametrize("alert", [b"\x01\x00", b"\x02\x00", b"\x02\x30"])
def test_goodbye_in_the_middle(served: Served, clock: Clock, alert: bytes) -> None:
    """A peer may hang up during the handshake, with whatever alert: it is one line in the log."""
    link = Link(served, door(clock), clock, tls12=True).connect().hello()
    link.server.dataReceived(b"\x15\x03\x03\x00\x02" + alert)
    clock.advance(1)
    assert link.wire.disconnecting
    assert link.lost().startswith("TLS handshake failed: ")


def test_a_handshake_that_takes_too_long(served: Served, clock: Clock) -> None:
    """The time for JOIN runs from connecting: whoever does not finish is cut off."""
    link = Link(served, door(clock, join_seconds=5), clock).connect()
    link.server.dataReceived(b"\x16\x03\x01")
    clock.pump([4, 1, 2])
    assert link.wire.disconnecting
    assert link.lost() == "join timeout"


def test_a_connection_too_many(served: Served, clock: Clock) -> None:
    """Is closed before any handshake, by an alert that every client understands."""
    full = door(clock, connections=1)
    Link(served, full, clock).shake()
    link = Link(served, full, clock).connect()
    clock.advance(1)
    assert link.wire.value() == ALERT_ACCESS_DENIED
    assert link.wire.disconnecting
    with pytest.raises(ssl.SSLError, match=r"(?i)access.denied"):
        understand(link)


def understand(link: Link) -> None:
    try:
        link.client.do_handshake()
    except ssl.SSLWantReadError:
        link._incoming.write(link.wire.value())
        link.client.do_handshake()


def test_a_barred_network(served: Served, clock: Clock) -> None:
    """Costs no TLS at all: the connection is closed where it was accepted."""
    assert Link(served, door(clock, deny=("192.0.2.0/24",)), clock).server is None


def test_a_slow_reader_costs_no_more_than_its_limit(served: Served, clock: Clock) -> None:
    """What waits for somebody who does not read is bounded, and then they are let go."""
    everyone = door(clock, outbox_bytes=20000, lines_per_second=0)
    slow, fast = (Link(served, everyone, clock).shake() for _ in range(2))
    for name, link in ((b"slow", slow), (b"fast", fast)):
        link.say(b"JOIN " + name + b"\r\n")
    clock.advance(0)
    full(slow)
    for _ in range(100):
        fast.say(b"BCST " + b"x" * 900 + b"\r\n")
        clock.advance(0.1)
        fast.carry()
    assert slow.wire.disconnecting
    assert len(slow.wire.value()) < 5000
    assert b"slow has left the chat" in fast.heard
    assert fast.heard.count(b"fast: BCST") == 100


def full(link: Link) -> None:
    """Its socket takes nothing more."""
    producer: Any = link.wire.producer
    producer.pauseProducing()


def test_reads_are_as_small_as_without_tls(served: Served, clock: Clock) -> None:
    """What one person can make us hold is the same."""
    link = Link(served, door(clock), clock)
    link.wire.bufferSize = 65536  # type: ignore[attr-defined]
    link.connect()
    assert link.wire.bufferSize == 16384  # type: ignore[attr-defined]
