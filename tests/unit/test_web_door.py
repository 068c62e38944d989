"""The web door, without a port: the contract of every door, and what is its own."""

import json
from typing import Any

from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase
from websockets.frames import CloseCode, Frame, Opcode

from chatd.admission import A_PAGE, Admission
from chatd.doors.line import LineDoor
from chatd.doors.patience import GOODBYE_SECONDS
from chatd.doors.web.door import WebDoor
from chatd.doors.web.frames import FRAMES_AT_ONCE, MESSAGE_BYTES
from chatd.doors.web.seat import PING_SECONDS
from chatd.events import Left, Ponged, Said
from chatd.http_visit import VISIT_SECONDS
from chatd.limits import Limits
from chatd.room import Room
from chatd.web import Terms
from tests.unit.door_contract import DoorContract
from tests.unit.test_line_door import LinePerson
from tests.unit.web_person import HERE, Browser, WebPerson


class WebHouse(SynchronousTestCase):
    """A web door, and what it takes to come in."""

    def open_door(self, room: Room, limits: Limits) -> Any:
        self.clock = Clock()
        self.admission: Admission[Any] = Admission(limits)
        self.door = WebDoor(room, limits, self.admission, self.clock, self.clock.seconds)
        self.door.clock = lambda: 1_795_000_000.0
        self.door.terms = Terms(names=frozenset({"localhost"}))
        return self.door

    def connect(self, host: str = "10.0.0.1", **headers: str) -> WebPerson:
        address = IPv4Address("TCP", host, 4000)
        return WebPerson(self.door, self.clock, address, **headers)

    def joined(self, name: str, **limits: Any) -> WebPerson:
        self.open_door(Room(), Limits(**limits))
        return self.another(name)

    def another(self, name: str) -> WebPerson:
        person = self.connect()
        person.asks(f"JOIN {name}")
        person.read()
        return person

    def status(self, answer: bytes) -> int:
        return int(answer.split()[1])


class TestWebDoor(WebHouse, DoorContract):
    """Every door's promises."""

    def expect_logged(self, error: type[Exception]) -> None:
        assert len(self.flushLoggedErrors(error)) == 1


class TestMessages(WebHouse):
    """What is asked and told."""

    def test_the_first_message_says_what_kind_of_room_this_is(self) -> None:
        self.open_door(Room(guests=False), Limits(line_bytes=500))
        self.door.terms = Terms(title="Class 5b")
        (hello,) = self.connect().messages()
        version = hello.pop("version")
        assert version
        assert hello == {
            "type": "hello",
            "title": "Class 5b",
            "at": "2026-11-18T11:06:40Z",
            "history": False,
            "guests": False,
            "password": False,
            "line_bytes": 500,
        }

    def test_a_text_of_several_lines(self) -> None:
        """Is said line by line, blank ones left out."""
        dani = self.joined("dani")
        dani.sends_messages(json.dumps({"type": "say", "text": "one\r\n\n two\n"}))
        assert dani.read() == [Said("dani", ("one",)), Said("dani", (" two",))]

    def test_what_is_no_message(self) -> None:
        """Is refused in words, in its turn, and the next one is as good as any."""
        dani = self.joined("dani", burst_lines=100)
        wrong: list[Any] = [
            "{",
            "[]",
            "1",
            '"say"',
            "[" * 60000,
            "{}",
            {"type": "BCST"},
            {"type": ["say"]},
            {"type": "say"},
            {"type": "say", "text": 1},
            {"type": "say", "text": "a\n" * 501},
            {"type": "tell", "to": "zoe hi", "text": "there"},
            {"type": "tell", "to": "", "text": "there"},
            {"type": "join", "name": "a\nBCST b"},
            {"type": "history", "last": True},
            {"type": "history", "last": 1.5},
            {"type": "order", "line": "BCST hello"},
        ]
        for one in wrong:
            dani.sends_messages(one if isinstance(one, str) else json.dumps(one))
            assert dani.codes() == ["usage"], one
        dani.sends_messages(json.dumps({"type": "say", "text": "\ud800"}))
        assert dani.codes() == ["not-utf8"]
        dani.asks("BCST hello")
        assert dani.read() == [Said("dani", ("hello",))]

    def test_a_private_line_never_goes_to_the_room(self) -> None:
        """Whatever a name looks like that it is addressed to."""
        dani = self.joined("dani")
        zoe = self.another("zoe")
        dani.read()
        for to in ("nobody", "zoe x", "", "zoe\n", "\u00a0zoe", "zoe\tBCST", "\u200b"):
            dani.sends_messages(json.dumps({"type": "tell", "to": to, "text": "zoe my secret"}))
        assert len(dani.codes()) == 7
        assert zoe.read() == []

    def test_the_line_door_and_this_one_are_one_room(self) -> None:
        """And a line from there is no other here."""
        room, limits = Room(), Limits()
        self.open_door(room, limits)
        other = LineDoor(room, limits, self.admission, self.clock, self.clock.seconds)
        drew = LinePerson(other, self.clock, IPv4Address("TCP", "10.0.0.2", 4000))
        drew.asks("JOIN drew")
        dani = self.another("dani")
        dani.asks("BCST from a browser")
        drew.read()
        drew.asks("BCST from a netcat", "MESG dani psst")
        told = [(one["type"], one.get("text")) for one in dani.messages()]
        assert told == [("said", "from a browser"), ("said", "from a netcat"), ("told", "psst")]

    def test_a_fast_sender_is_slowed_down(self) -> None:
        """Loses nothing, a PING overtakes what is held, and reading stops when it is enough."""
        dani = self.joined("dani", lines_per_second=1, burst_lines=2)
        dani.asks(*(f"BCST {n}" for n in range(5)), "PING now")
        assert [event for event in dani.read() if isinstance(event, Ponged)] == [Ponged("")]
        self.clock.pump([1.0] * 6)
        said = [event.lines[0] for event in dani.read() if isinstance(event, Said)]
        assert said[-1] == "4"
        dani.sends_messages(*(json.dumps({"type": "say", "text": "x" * 1000}) for _ in range(60)))
        assert dani.transport.producerState == "paused"
        self.clock.pump([1.0] * 70)
        assert dani.transport.producerState == "producing"
        assert len(dani.read()) == 60


class TestTheWebSocket(WebHouse):
    """What comes in a frame, or should not."""

    def frames(self, person: WebPerson, *frames: Frame) -> None:
        person.sends(b"".join(one.serialize(mask=True) for one in frames))

    def close_code(self, person: WebPerson) -> int | None:
        person.messages()
        closed = person.engine.close_rcvd
        return None if closed is None else closed.code

    def test_a_goodbye_while_lines_wait(self) -> None:
        """They are said, and what comes behind it is not kept."""
        zoe = self.joined("zoe", lines_per_second=1, burst_lines=1)
        dani = self.another("dani")
        zoe.read()
        dani.sends_messages(*(json.dumps({"type": "say", "text": str(n)}) for n in range(9)))
        self.frames(dani, Frame(Opcode.CLOSE, b"\x03\xe8"))
        assert dani.transport.producerState == "paused"
        assert not dani.gone
        dani.sends(b"\0" * MESSAGE_BYTES)  # as a wrapper may still have some
        self.clock.pump([1.0] * 10)
        said = [line for event in zoe.read() if isinstance(event, Said) for line in event.lines]
        assert said == list("012345678")
        assert dani.transport.disconnecting

    def test_tls_where_none_is_spoken(self) -> None:
        """Is not waited for: no request can come of it."""
        self.open_door(Room(), Limits())
        browser = Browser(self.door, self.clock)
        browser.sends(b"\x16\x03\x01\x02\x00\x01")
        assert browser.transport.aborted
        assert self.door.tally.refused["unknown-command"] == 1
        assert len(self.admission) == 0

    def test_a_message_in_pieces(self) -> None:
        """Is one message, a ping between them or not, however it is cut by the network."""
        dani = self.joined("dani")
        text = json.dumps({"type": "say", "text": "grüße"}, ensure_ascii=False).encode()
        pieces = [
            Frame(Opcode.TEXT, text[:25], fin=False),
            Frame(Opcode.PING, b"there?"),
            Frame(Opcode.CONT, b"", fin=False),
            Frame(Opcode.CONT, text[25:]),
        ]
        for byte in b"".join(one.serialize(mask=True) for one in pieces):
            dani.sends(bytes([byte]))
        assert dani.read() == [Said("dani", ("grüße",))]

    def test_what_is_no_text(self) -> None:
        """Ends the connection with the code that says why; the others lose nothing."""
        zoe = self.joined("zoe")
        for frame, code in (
            (Frame(Opcode.BINARY, b"x"), CloseCode.UNSUPPORTED_DATA),
            (Frame(Opcode.TEXT, b"\xff"), CloseCode.INVALID_DATA),
            (Frame(Opcode.CONT, b"x"), CloseCode.PROTOCOL_ERROR),
            (Frame(Opcode.TEXT, b"x" * (MESSAGE_BYTES + 1)), CloseCode.MESSAGE_TOO_BIG),
        ):
            dani = self.another("dani")
            zoe.read()
            self.frames(dani, frame)
            assert self.close_code(dani) == code
            assert zoe.read() == [Left("dani")]
            dani.vanish()

    def test_pieces_without_end(self) -> None:
        """Are let go, whether they are empty or as many as make a message too big."""
        dani = self.joined("dani")
        self.frames(dani, Frame(Opcode.TEXT, b"", fin=False))
        self.frames(dani, *([Frame(Opcode.CONT, b"", fin=False)] * (FRAMES_AT_ONCE + 1)))
        assert self.close_code(dani) == CloseCode.POLICY_VIOLATION
        drew = self.another("drew")
        self.frames(drew, Frame(Opcode.TEXT, b"", fin=False))
        for _ in range(MESSAGE_BYTES // 1024 + 1):
            self.clock.advance(1)
            self.frames(drew, Frame(Opcode.CONT, b"x" * 1024, fin=False))
        assert self.close_code(drew) == CloseCode.MESSAGE_TOO_BIG

    def test_pings_without_end(self) -> None:
        """Each is answered, until there are too many."""
        dani = self.joined("dani")
        self.frames(dani, *([Frame(Opcode.PING, b"")] * (FRAMES_AT_ONCE + 1)))
        assert self.close_code(dani) == CloseCode.POLICY_VIOLATION

    def test_who_closes_is_gone(self) -> None:
        """And is told goodbye."""
        dani = self.joined("dani")
        zoe = self.another("zoe")
        dani.read()
        zoe.engine.send_close(1000)
        zoe._send()
        assert dani.read() == [Left("zoe")]
        assert zoe.gone

    def test_who_is_let_go_and_says_no_goodbye(self) -> None:
        """Is cut off soon."""
        dani = self.joined("dani")
        dani.sends_messages('{"type": "quit"}')
        assert not dani.transport.disconnecting
        self.frames(dani, Frame(Opcode.PING, b"still there?"))
        self.clock.advance(GOODBYE_SECONDS)
        assert dani.transport.aborted

    def test_who_is_let_go_and_goes_on(self) -> None:
        """Is read for a moment, to find their goodbye, and then no more: else each ping after
        our own goodbye would be answered, in memory, and they can send a lot of them."""
        dani = self.joined("dani")
        dani.sends_messages('{"type": "quit"}')
        dani.transport.clear()
        ping = Frame(Opcode.PING, b"x" * 125).serialize(mask=True)
        sent = 0
        while dani.transport.producerState == "producing":
            dani.sends(ping * 60)
            sent += 60 * len(ping)
            assert sent < 2 * MESSAGE_BYTES
        assert dani.transport.value() == b""
        self.clock.advance(GOODBYE_SECONDS)
        assert dani.transport.aborted

    def test_the_daemon_stops(self) -> None:
        """They are told so, by the code, too."""
        dani = self.joined("dani")
        self.door.room.close()
        stopped = self.door.close()
        assert [one["type"] for one in dani.messages()] == ["closed"]
        assert self.close_code(dani) == CloseCode.GOING_AWAY
        assert dani.gone
        self.successResultOf(stopped)

    def test_a_silent_browser(self) -> None:
        """Is asked whether it is there, and let go when it does not answer."""
        dani = self.joined("dani")
        for _ in range(5):
            self.clock.advance(PING_SECONDS)
            dani.messages()  # answers
        assert not dani.gone
        self.clock.advance(PING_SECONDS)
        self.clock.advance(PING_SECONDS)
        assert dani.codes() == []  # a page that slept takes it for a lost connection
        assert self.close_code(dani) == CloseCode.NORMAL_CLOSURE

    def test_no_proxy_takes_the_connection_for_dead(self) -> None:
        """In a silent room something is sent every half a minute: nginx waits for one."""
        dani = self.joined("dani")
        heard_at = self.clock.seconds()
        while self.clock.seconds() < 5 * PING_SECONDS:
            self.clock.advance(0.1)
            if dani.transport.value():
                heard_at = self.clock.seconds()
                dani.messages()  # answers
            assert self.clock.seconds() - heard_at < PING_SECONDS + 1

    def test_who_was_not_read_is_not_silent(self) -> None:
        """A long paste keeps us from reading them; afterwards they have their time to answer."""
        dani = self.joined("dani", lines_per_second=1, burst_lines=1)
        words = json.dumps({"type": "say", "text": "x" * 1000})
        dani.sends_messages(*(words for _ in range(60)))
        assert dani.transport.producerState == "paused"
        while dani.transport.producerState == "paused":
            self.clock.advance(1)
        self.clock.advance(PING_SECONDS - 1)
        assert dani.codes() == []


class TestRequests(WebHouse):
    """HTTP."""

    def setUp(self) -> None:
        self.open_door(Room(), Limits(connections=4, connections_per_address=2))

    def get(self, path: str = "/", method: str = "GET", **headers: str) -> bytes:
        browser = Browser(self.door, self.clock)
        answer = browser.get(path, method, **headers)
        assert browser.gone
        return answer

    def test_the_page_and_nothing_else(self) -> None:
        """Whatever a path looks like, no file is opened for it."""
        assert self.status(self.get("/")) == self.status(self.get("/index.html")) == 200
        for path in (
            "/../setup.cfg", "/..%2f..%2fsetup.cfg", "//etc/passwd", "/page/../index.html",
            "/__init__.py", "/index.html/", "/%00", "/index.html%00.js", "/.", "/ws/",
        ):  # fmt: skip
            assert self.status(self.get(path)) == 404, path

    def test_a_browser_is_told_at_once_which_scripts_it_will_want(self) -> None:
        """Rather than to find each in the one before."""
        link = self.get().split(b"Link: ")[1].split(b"\r\n")[0].decode()
        for one in link.split(", "):
            name = one.removeprefix("<").removesuffix(">; rel=modulepreload")
            assert self.status(self.get(f"/{name}")) == 200
        assert "<main.js>" in link
        assert b"Link:" not in self.get("/main.js")

    def test_methods(self) -> None:
        assert self.status(self.get(method="HEAD")) == 200
        assert self.get(method="HEAD").endswith(b"\r\n\r\n")
        for method in ("POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "X"):
            assert self.status(self.get(method=method)) == 405
        assert self.status(self.get(method="POST", Content_Length="1")) == 413

    def test_what_is_known_is_not_sent_again(self) -> None:
        answer = self.get()
        version = answer.split(b"ETag: ")[1].split(b"\r\n")[0].decode()
        assert self.status(self.get(If_None_Match=version)) == 304
        assert self.status(self.get(If_None_Match='"other"')) == 200

    def test_each_answer_holds_browsers_to_it(self) -> None:
        for path in ("/", "/nothing", "/ws"):
            answer = self.get(path)
            assert b"Content-Security-Policy: default-src 'none';" in answer
            assert b"X-Content-Type-Options: nosniff" in answer
            assert b"Server:" not in answer

    def test_what_asks_for_no_websocket(self) -> None:
        """Is told that this is one."""
        assert self.status(self.get("/ws")) == 426
        assert self.status(self.get("/ws", method="POST")) == 405

    def test_slow_requests(self) -> None:
        """Have so much time in all."""
        browser = Browser(self.door, self.clock)
        for byte in b"GET / HT":
            browser.sends(bytes([byte]))
            self.clock.advance(VISIT_SECONDS / 8)
        assert browser.transport.aborted
        assert len(self.admission) == 0

    def test_huge_requests(self) -> None:
        """Are refused before they are read."""
        for request in (b"GET /" + b"x" * 20000, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 5000):
            browser = Browser(self.door, self.clock)
            browser.sends(request)
            assert browser.gone

    def test_too_many(self) -> None:
        """Are told so, in a way that a page can read; a finished visit counts as none."""
        self.connect()
        self.connect()
        assert self.status(self.get()) == 200
        third = self.connect()
        assert third.codes() == ["too-many-connections"]
        assert third.gone
        assert len(self.admission) == 2

    def test_a_class_opens_the_page(self) -> None:
        """From one address, each by as many connections as browsers have: they get all of it."""
        self.open_door(Room(), Limits(connections=1000, connections_per_address=2))
        fetching = [Browser(self.door, self.clock) for _ in range(2 * A_PAGE)]
        assert not any(one.transport.value() for one in fetching)
        assert self.status(Browser(self.door, self.clock).transport.value()) == 503
        for one in fetching:
            assert self.status(one.get("/main.js")) == 200
        assert len(self.admission) == 0
        assert self.status(self.get()) == 200

    def test_all_places_are_taken(self) -> None:
        """Who has asked for nothing makes way, or it is said in HTTP."""
        for _ in range(4):
            person = self.connect(f"10.0.0.{len(self.admission) + 1}")
            person.asks(f"JOIN n{len(self.admission)}")
        one_more = Browser(self.door, self.clock)
        assert self.status(one_more.transport.value()) == 503

    def test_a_name_that_is_not_ours(self) -> None:
        """Who asks for the page under it is told so: the page could not come in from there."""
        self.door.terms = Terms(
            names=frozenset({"lab"}), origins=frozenset({"https://chat.example.org"})
        )
        hosts = {"lab": 200, "LAB:8080": 200, "chat.example.org": 200, "[::1]:8080": 200}
        hosts |= {"Chat.example.org:443": 200, "chat.example.org.": 200, "evil.example": 421}
        hosts |= {"chat.example.org:81": 421, "a b": 421, "": 421}
        for host, status in hosts.items():
            browser = Browser(self.door, self.clock)
            browser.sends(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert self.status(browser.transport.value()) == status, host
        browser = Browser(self.door, self.clock)
        browser.sends(b"GET / HTTP/1.0\r\n\r\n")
        assert self.status(browser.transport.value()) == 200

    def test_foreign_pages(self) -> None:
        """Are not let in; ours is where it talks to, called by an address or a name of ours."""
        self.door.terms = Terms(
            names=frozenset({"lab"}), origins=frozenset({"https://chat.example.org"})
        )
        for origin in ("http://evil.example", "null", "file://", "http://127.0.0.1:8081", ""):
            request = {"Origin": origin, "Upgrade": "websocket"}
            answer = self.get("/ws", **request)
            assert self.status(answer) == 403, origin
            assert f"A page of '{origin}' wants to come in".encode() in answer
        for origin in (f"http://{HERE}", f"https://{HERE}", "https://chat.example.org"):
            person = self.connect(Origin=origin)
            assert [one["type"] for one in person.messages()] == ["hello"]
            person.vanish()


class TestBehindAProxy(WebHouse):
    """Where somebody comes from, as far as our proxies' word goes."""

    def setUp(self) -> None:
        self.open_door(Room(), Limits(connections_per_address=2, deny=("203.0.113.66",)))
        self.door.terms = Terms(proxies=frozenset({"10.0.0.0/8", "local"}))

    def hosts(self, forwarded: str, host: str = "10.0.0.1") -> list[str]:
        person = self.connect(host, X_Forwarded_For=forwarded)
        person.asks("JOIN")
        names = [event.name for event in person.read() if hasattr(event, "name")]
        person.vanish()
        return names

    def test_whose_word_counts(self) -> None:
        """From the right, up to the first who is no proxy of ours."""
        assert self.hosts("203.0.113.5") == ["<203.0.113.5>"]
        assert self.hosts("1.2.3.4, 203.0.113.5") == ["<203.0.113.5>"]
        assert self.hosts("203.0.113.5, 10.0.0.9") == ["<203.0.113.5>"]
        assert self.hosts("203.0.113.5:4711") == ["<203.0.113.5>"]
        assert self.hosts("[2001:db8::1]:80") == ["<2001:db8::1>"]
        assert self.hosts("nonsense") == ["<10.0.0.1>"]
        assert self.hosts("203.0.113.5", host="192.0.2.1") == ["<192.0.2.1>"]

    def test_a_proxy_that_adds_a_header_of_its_own(self) -> None:
        """Whoever is behind it can't put another address before it: all of them are one list."""
        browser = Browser(self.door, self.clock)
        spoofed = "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 203.0.113.66\r\n"
        browser.sends(f"GET / HTTP/1.1\r\nHost: {HERE}\r\n{spoofed}\r\n".encode())
        assert self.status(browser.transport.value()) == 403

    def test_what_a_proxy_calls_us(self) -> None:
        """Is what it likes: nginx says the name of its upstream where it is not told to pass on
        the browser's."""
        browser = Browser(self.door, self.clock, IPv4Address("TCP", "10.0.0.1", 4000))
        browser.sends(b"GET / HTTP/1.1\r\nHost: backend:8080\r\n\r\n")
        assert self.status(browser.transport.value()) == 200

    def test_a_socket_of_the_proxy(self) -> None:
        person = WebPerson(self.door, self.clock, UNIXAddress(None), X_Forwarded_For="203.0.113.5")
        person.asks("JOIN")
        assert "<203.0.113.5>" in [one.get("name") for one in person.messages()]

    def test_the_limit_of_an_address_is_theirs_and_not_the_proxys(self) -> None:
        """Who is one too many is told in a way that a page can read."""
        several = [self.connect("10.0.0.1", X_Forwarded_For=f"203.0.113.{n}") for n in range(5)]
        assert len(several) == 5
        self.connect("10.0.0.1", X_Forwarded_For="203.0.113.1")
        with capturedLogs() as log:
            third = self.connect("10.0.0.1", X_Forwarded_For="203.0.113.1")
        assert third.codes() == ["too-many-connections"]
        assert third.gone
        assert [one["host"] for one in log if one["event"] == "turned-away"] == ["203.0.113.1"]

    def test_who_is_barred(self) -> None:
        browser = Browser(self.door, self.clock)
        assert self.status(browser.get("/", X_Forwarded_For="203.0.113.66")) == 403

    def test_only_some_may_come_in(self) -> None:
        """A proxy may always ask; it is let in itself if it is one of them."""
        self.open_door(Room(), Limits(allow=("203.0.113.0/24",)))
        self.door.terms = Terms(proxies=frozenset({"10.0.0.0/8"}))
        for forwarded, status in (("203.0.113.5", 200), ("192.0.2.1", 403), ("", 403)):
            browser = Browser(self.door, self.clock)
            assert self.status(browser.get("/", X_Forwarded_For=forwarded)) == status
        assert self.door.buildProtocol(IPv4Address("TCP", "192.0.2.1", 4000)) is None
