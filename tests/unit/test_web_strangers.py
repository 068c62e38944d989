"""What a stranger sends to the web door, without a port: requests and frames that nobody should."""

from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatd.admission import Admission
from chatd.doors.web.door import WebDoor
from chatd.limits import Limits
from chatd.room import Room
from chatd.web import Terms
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
