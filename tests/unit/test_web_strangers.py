"""What a stranger sends to the web door, without a port: requests and frames that nobody should."""

import gc
import json
import tracemalloc
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from websockets.frames import CloseCode, Frame, Opcode

from chatd.admission import Admission
from chatd.doors.web.door import WebDoor
from chatd.doors.web.seat import READ_BYTES
from chatd.errors import Refused
from chatd.events import Left, Said
from chatd.limits import Limits
from chatd.room import Room
from chatd.web import Terms
from chatd.wire.message_reader import MessageReader
from tests.unit.web_person import HERE, Browser, WebPerson


class Stranger(SynchronousTestCase):
    """A web door, and somebody at it. What is logged as a fault fails the test."""

    def setUp(self) -> None:
        self.clock = Clock()
        limits = Limits(lines_per_second=0)
        admission: Admission[Any] = Admission(limits)
        self.door = WebDoor(Room(), limits, admission, self.clock, self.clock.seconds)
        self.door.terms = Terms(proxies=frozenset({"10.0.0.1"}))

    def person(self, name: str = "dani", **headers: str) -> WebPerson:
        address = IPv4Address("TCP", "10.0.0.1", 4000)
        person = WebPerson(self.door, self.clock, address, **headers)
        person.asks(f"JOIN {name}")
        person.read()
        return person

    def answer(self, *headers: bytes, first: bytes = b"GET /ws HTTP/1.1") -> bytes:
        browser = Browser(self.door, self.clock)
        browser.sends(b"\r\n".join((first, b"Host: " + HERE.encode(), *headers, b"", b"")))
        assert browser.gone
        return bytes(browser.transport.value())

    def status(self, *headers: bytes, first: bytes = b"GET /ws HTTP/1.1") -> int:
        return int(self.answer(*headers, first=first).split()[1])


class TestRequests(Stranger):
    """HTTP that is wrong somewhere is answered, and is no fault of ours."""

    def test_headers_of_any_bytes(self) -> None:
        page = b"GET / HTTP/1.1"
        assert self.status(b"Origin: \xff") == 403
        assert self.status(b"X-Forwarded-For: \xff", first=page) == 200
        assert self.status(b"If-None-Match: \xff", first=page) == 200
        assert self.status(b"Connection: ,,\x7f((", b"Upgrade: \xff") in (400, 426)

    def test_a_length_of_five_thousand_digits(self) -> None:
        assert self.status(b"Content-Length: " + b"9" * 5000) == 400

    def test_two_hosts(self) -> None:
        """Are refused: who is on the way may go by the other one."""
        assert self.status(b"Host: elsewhere", first=b"GET / HTTP/1.1") == 400

    def test_the_http_of_old(self) -> None:
        """Knows no WebSocket."""
        upgrade = (b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Version: 13")
        answer = self.answer(
            *upgrade, b"Sec-WebSocket-Key: " + b"A" * 22 + b"==", first=b"GET /ws HTTP/1.0"
        )
        assert int(answer.split()[1]) == 426
        assert b"\r\nUpgrade: websocket\r\n" in answer

    def test_nobody_is_asked_for_a_body(self) -> None:
        """Not even one of no bytes."""
        assert b"100 Continue" not in self.answer(b"Expect: 100-continue", first=b"GET / HTTP/1.1")

    def test_who_sends_nothing_more(self) -> None:
        """Has hung up, at a WebSocket as before one, whether TCP says so or TLS."""
        dani, browser = self.person(), Browser(self.door, self.clock)
        for one in (dani, browser):
            IHalfCloseableProtocol(one.protocol).readConnectionLost()
            self.clock.advance(0)
            assert one.transport.aborted or one.transport.disconnecting

    def test_a_zone_of_an_address(self) -> None:
        """Is any text, and no part of what somebody is called."""
        person = WebPerson(self.door, self.clock, X_Forwarded_For="fe80::1%<dani>")
        person.asks("JOIN")
        assert "<fe80::1>" in [one.get("name") for one in person.messages()]


class TestFrames(Stranger):
    """Bytes at a WebSocket."""

    def text(self, message: object) -> bytes:
        return Frame(Opcode.TEXT, json.dumps(message).encode()).serialize(mask=True)

    def test_a_large_read(self) -> None:
        """Such as TLS gives is gone through bit by bit, in order, while nothing more is read."""
        dani = self.person()
        messages = [{"type": "say", "text": str(n)} for n in range(1000)]
        data = b"".join(map(self.text, messages))
        assert len(data) > 3 * READ_BYTES
        dani.protocol.dataReceived(data[:-10])
        assert dani.transport.producerState == "paused"
        dani.protocol.dataReceived(data[-10:])
        assert dani.transport.value().count(b'"said"') < 1000
        said = [event for event in dani.read() if isinstance(event, Said)]
        lines = [line for event in said for line in event.lines]
        assert lines == [str(n) for n in range(1000)]

    def test_who_is_let_go_in_the_middle_of_a_large_read(self) -> None:
        """Is read on, for their goodbye."""
        dani = self.person()
        close = Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True)
        dani.protocol.dataReceived(self.text({"type": "quit"}) + self.text({}) * 3000 + close)
        self.clock.advance(0)
        self.clock.advance(0)
        assert dani.transport.disconnecting

    def test_who_speaks_and_closes(self) -> None:
        """Has spoken, though both come in one read, and though the others had to wait for it."""
        zoe, dani = self.person("zoe"), self.person()
        zoe.read()
        limits = Limits(lines_per_second=1, burst_lines=1)
        self.door.take_limits(limits)
        self.clock.advance(1)
        says = b"".join(self.text({"type": "say", "text": str(n)}) for n in range(3))
        dani.sends(says + Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True))
        assert not dani.gone
        self.clock.pump([1.0] * 3)
        assert zoe.read() == [*(Said("dani", (str(n),)) for n in range(3)), Left("dani")]
        assert dani.messages()[-1]["text"] == "2"
        assert dani.engine.close_rcvd is not None
        assert dani.transport.disconnecting

    def test_what_came_before_a_fault(self) -> None:
        """Is said, wherever the bytes were cut."""
        for end in (Frame(Opcode.CLOSE, b"\x03\xe8"), Frame(Opcode.CONT, b"x")):
            zoe, dani = self.person("zoe"), self.person()
            zoe.read()
            ping = Frame(Opcode.PING, b"").serialize(mask=True)
            says = self.text({"type": "say", "text": "before"})
            dani.sends(ping + says + end.serialize(mask=True))
            assert Said("dani", ("before",)) in zoe.read()
            zoe.vanish()
            dani.vanish()

    def test_an_empty_beginning(self) -> None:
        """Of a message in pieces is a beginning: no other text may come between."""
        dani = self.person()
        begun = Frame(Opcode.TEXT, b"", fin=False).serialize(mask=True)
        dani.sends(begun + self.text({"type": "say", "text": "x"}))
        assert dani.read() == []
        assert dani.engine.close_rcvd is not None
        assert dani.engine.close_rcvd.code == CloseCode.PROTOCOL_ERROR

    def test_a_name_as_long_as_a_message(self) -> None:
        """Is not put into each of five hundred lines."""
        dani = self.person()
        dani.sends_messages(json.dumps({"type": "tell", "to": "a" * 60000, "text": "a\n" * 500}))
        assert dani.codes() == ["usage"]

    def test_a_message_is_kept_as_it_came(self) -> None:
        """Not as the five hundred lines that it asks for, each with a name of wide letters."""
        reader = MessageReader(1024)
        message = json.dumps({"type": "tell", "to": "\U00010400" * 100, "text": "a\n" * 500})
        tracemalloc.start()
        try:
            for _ in range(4):
                reader.feed(str(message.encode(), "ascii"))
            count, refused = reader.take(20)
            kept, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert count == len(refused) == 20
        assert reader.holds > 3 * len(message)
        assert kept < 10 * len(message)

    def test_refusals_leave_nothing(self) -> None:
        """There may be a thousand in a moment: they are forgotten before Python's collector
        comes for all of them."""

        def refusals() -> int:
            return sum(isinstance(one, Refused) for one in gc.get_objects())

        dani = self.person()
        gc.collect()
        before = refusals()
        gc.disable()
        try:
            dani.sends_messages(*["nonsense", '{"type": "tell", "to": "zoe", "text": "x"}'] * 20)
            dani.sends_messages(json.dumps({"type": "say", "text": "x" * 2000 + "\n\ud800"}))
            assert len(dani.codes()) == 42
            assert refusals() == before
        finally:
            gc.enable()
