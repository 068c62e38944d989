"""Metrics without a port: what is counted, what is shown, and who may ask."""

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.logger import Logger

from chatd.events import Closed, Joined, Left, Said
from chatd.history.sqlite import Figures
from chatd.http_visit import VISIT_SECONDS
from chatd.metrics.figures import by_reason
from chatd.metrics.heard import Heard
from chatd.metrics.lag import RECENT_SECONDS, Lag
from chatd.metrics.logged import Logged
from chatd.metrics.measuring import Measuring
from chatd.metrics.pages import Pages, is_meant_for
from chatd.metrics.visits import MOST_VISITS, Visits
from chatd.metrics.watched import Watched
from chatd.room import Room
from chatd.tally import Tally


class Door:
    """What metrics ask of a door."""

    def __init__(self, *waiting: int) -> None:
        self.tally = Tally()
        self.waiting = waiting

    def owed(self) -> tuple[int, ...]:
        return self.waiting


class Seat:
    """Somebody in a room, who reads nothing."""

    host = "10.0.0.1"
    owns_name = False

    def seated(self, name: object) -> None:
        pass

    def dismiss(self, refused: object, why: str) -> None:
        pass

    def tell(self, event: object) -> None:
        pass


def samples(text: bytes) -> dict[str, float]:
    """Every figure, by its name and labels."""
    return {
        sample.name + "".join(f",{one}={sample.labels[one]}" for one in sorted(sample.labels)): (
            sample.value
        )
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_a_line_is_delivered_once_to_each() -> None:
    """To as many as are in the room when it is said; notices are counted apart."""
    heard = Heard()
    heard.begin(1)
    heard.hear(Joined("drew"))
    heard.hear(Said("dani", ("one", "two", "three")))
    heard.hear(Left("drew", "quit"))
    heard.hear(Said("dani", ("four",)))
    heard.hear(Closed())
    assert (heard.public, heard.notices) == (7, 4)
    assert (heard.joined, heard.left, heard.said) == (1, {"quit": 1}, 4)


def test_what_is_logged_is_counted_by_level() -> None:
    """While metrics are on."""
    logged, log = Logged(), Logger("chatd.test")
    log.warn("before")
    logged.start()
    log.warn("one")
    log.error("two")
    log.error("three")
    logged.stop()
    log.error("after")
    assert logged.by_level == {"warn": 1, "error": 2}


def test_lag_is_how_late_a_timer_was() -> None:
    """The worst of late is remembered for ten seconds or a little longer, and then forgotten."""
    clock, seen = Clock(), list[float]()
    lag = Lag(clock, seen.append)
    lag.start()
    clock.advance(0.1)
    clock.advance(1.6)
    assert seen == [0.0, pytest.approx(1.5)]
    assert lag.worst() == pytest.approx(1.5)
    clock.pump([0.1] * int(10 * RECENT_SECONDS))
    assert lag.worst() == pytest.approx(1.5)
    clock.pump([0.1] * int(10 * RECENT_SECONDS))
    assert lag.worst() == pytest.approx(0.0)
    lag.stop()
    assert not clock.getDelayedCalls()


def test_reasons_are_few() -> None:
    """What somebody put into words of their own makes no new series."""
    counts = {"quit": 1, "kicked: spam": 2, "kicked: again": 3}
    assert by_reason(counts) == {"quit": 1, "kicked": 5}


def test_everything_is_shown() -> None:
    """The figures of room, doors and daemon, as they are at that moment."""
    room, door = Room(max_users=7), Door(10, 70, 20)
    door.tally.opened, door.tally.lines_in, door.tally.most_owed = 5, 4, 60
    door.tally.gone["quit"] = 2
    door.tally.refuse("empty")
    kept = Figures(waiting=9, written=8, lost=7, trouble="the disk is full")
    watched = Watched(room, {"line": door}, lambda: 3, lambda: kept)
    measuring = Measuring(watched, Clock())
    measuring.start()
    room.join(Seat(), "dani")
    shown = samples(measuring.pages.answer(b"GET", b"/metrics", None, "").body)
    expected = {
        "chatd_people": 1,
        "chatd_people_limit": 7,
        "chatd_joined_total": 1,
        "chatd_deliveries_total,kind=notice": 1,
        "chatd_connections,door=line": 3,
        "chatd_connections_opened_total,door=line": 5,
        "chatd_connections_closed_total,door=line,reason=quit": 2,
        "chatd_lines_received_total,door=line": 4,
        "chatd_refusals_total,code=empty,door=line": 1,
        "chatd_outbox_bytes,door=line": 100,
        "chatd_outbox_largest_bytes,door=line": 70,
        "chatd_outbox_high_water_bytes,door=line": 70,
        "chatd_log_failures_total": 3,
        "chatd_history_queue_lines": 9,
        "chatd_history_lines_written_total": 8,
        "chatd_history_lines_lost_total": 7,
        "chatd_history_trouble": 1,
    }
    assert {name: shown[name] for name in expected} == expected
    assert any(name.startswith("chatd_build_info") for name in shown)
    measuring.stop()
    room.join(Seat(), "drew")
    shown = samples(measuring.pages.answer(b"GET", b"/metrics", None, "").body)
    assert (shown["chatd_people"], shown["chatd_joined_total"]) == (2, 1)


def test_health() -> None:
    """Well, lagging, or about to go."""
    late = [0.0]
    pages = Pages(lambda: b"", lambda: late[0])

    def health() -> tuple[int, bytes]:
        answer = pages.answer(b"GET", b"/healthz", None, "")
        return answer.status, answer.body

    assert health() == (200, b"ok\n")
    late[0] = 1.25
    assert health() == (503, b"lagging: 1.2 s\n")
    pages.stopping = True
    assert health() == (503, b"stopping\n")


@pytest.mark.parametrize(
    ("host", "local", "meant"),
    [
        ("127.0.0.1:9555", "127.0.0.1", True),
        ("[::1]:9555", "::1", True),
        ("[::1]", "::ffff:127.0.0.1", True),
        ("localhost", "127.0.0.1", True),
        ("LOCALHOST.:9555", "127.0.0.1", True),
        ("attacker.example:9555", "127.0.0.1", False),
        ("attacker.example", "::ffff:127.0.0.1", False),
        ("", "127.0.0.1", False),
        (None, "127.0.0.1", True),
        ("chat.example:9555", "192.168.0.7", True),
        ("anything", "", True),
    ],
)
def test_a_browser_led_here_by_a_name(host: str | None, local: str, meant: bool) -> None:
    """On the machine's own address, it gets nothing to read."""
    assert is_meant_for(host, local) is meant


class Caller(StringTransport):
    """Somebody who asks by HTTP."""

    aborted = False

    def __init__(self, visits: Visits, request: bytes = b"") -> None:
        super().__init__(hostAddress=IPv4Address("TCP", "127.0.0.1", 9555))
        self.visit: Any = visits.buildProtocol(None)
        self.visit.makeConnection(self)
        if request:
            self.visit.dataReceived(request)

    def abortConnection(self) -> None:
        self.aborted = True
        self.visit.connectionLost()

    @property
    def answer(self) -> str:
        return bytes(self.value()).decode()

    @property
    def status(self) -> str:
        return self.answer.split("\r\n")[0].partition(" ")[2]


def served(clock: Clock) -> Visits:
    return Visits(Pages(lambda: b"figures 1\n", lambda: 0.0), clock)


def test_one_request_one_answer() -> None:
    """Then the connection closes, and nothing says with what it was made."""
    caller = Caller(served(Clock()), b"GET /metrics?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
    head, _, body = caller.answer.partition("\r\n\r\n")
    assert (caller.status, body) == ("200 OK", "figures 1\n")
    assert "Connection: close" in head
    assert "Server" not in head
    assert caller.disconnecting


def test_head_is_the_same_without_a_body() -> None:
    """Its length is told all the same."""
    caller = Caller(served(Clock()), b"HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert caller.answer.endswith("\r\n\r\n")
    assert "Content-Length: 10\r\n" in caller.answer


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "405 Method Not Allowed"),
        (b"get /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", "405 Method Not Allowed"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "404 Not Found"),
        (b"GET /metrics/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "404 Not Found"),
        (b"GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421 Misdirected Request"),
        (b"GET /healthz HTTP/1.0\r\n\r\n", "200 OK"),
        (b"JOIN dani\r\n", "400 Bad Request"),
        (b"\x16\x03\x01\x02\x00\x01\r\n", "400 Bad Request"),
        (b"GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 99, "413 "),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "413 "),
        (b"GET / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", "413 "),
        (b"GET / HTTP/1.1\r\n" + b"A: " + b"b" * 9000 + b"\r\n", "400 Bad Request"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", "400 Bad Request"),
    ],
)
def test_refusals(request_: bytes, status: str) -> None:
    """Whatever is no small request for one of the two pages is refused, and that is the end."""
    caller = Caller(served(Clock()), request_)
    assert caller.status.startswith(status)
    assert caller.disconnecting
    assert caller.answer.count("HTTP/1.1 ") + caller.answer.count("HTTP/1.0 ") == 1


def test_a_request_without_an_end() -> None:
    """A line that is too long for any request ends the connection."""
    caller = Caller(served(Clock()))
    for _ in range(20):
        if not caller.disconnecting:
            caller.visit.dataReceived(b"x" * 1000)
    assert caller.disconnecting


def test_who_takes_too_long() -> None:
    """A byte now and then buys no time."""
    clock = Clock()
    caller = Caller(served(clock))
    for byte in b"GET /metrics":
        caller.visit.dataReceived(bytes([byte]))
        clock.advance(VISIT_SECONDS / 13)
    assert not caller.aborted
    clock.advance(VISIT_SECONDS / 13)
    assert caller.aborted
    assert not clock.getDelayedCalls()


def test_the_oldest_makes_way() -> None:
    """Whoever holds connections open keeps nobody from asking."""
    clock = Clock()
    visits = served(clock)
    idle = [Caller(visits) for _ in range(MOST_VISITS)]
    asking = Caller(visits, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert [caller.aborted for caller in idle] == [True] + [False] * (MOST_VISITS - 1)
    assert asking.answer.endswith("ok\n")
    for caller in (*idle[1:], asking):
        caller.visit.connectionLost()
    assert not visits.open
    assert not clock.getDelayedCalls()
