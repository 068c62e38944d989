"""What a crowd at the web door may cost, as those meet it who are in the room."""

import socket
import struct
from contextlib import suppress
from pathlib import Path

from chatd.admission import A_PAGE
from tests.integration.daemon import STOPPED_WITHIN, running
from tests.integration.web import WEB, WebPeer, asked, came_in, connected, frame, rest, web_port

CLOSE, PING = 0x88, 0x89
CROWDED = WEB + "[room]\nmax_users = 0\n[limits]\nconnections_per_address = 0\n"


def test_who_does_not_read(tmp_path: Path) -> None:
    """Is let go when more waits than outbox_bytes; the others have every line."""
    config = WEB + "[limits]\nlines_per_second = 0\noutbox_bytes = 20000\n"
    with running(tmp_path, config) as daemon, came_in(web_port(daemon), "zoe") as zoe:
        slow = connected(web_port(daemon))
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        WebPeer(slow).join("slow")
        dani, said = daemon.person("dani"), 0
        while "slow has left the chat: too slow" not in daemon.log_text():
            told = zoe.answers(*[{"type": "say", "text": f"{n} {'x' * 900}"} for n in range(10)])
            said += sum(one["type"] == "said" for one in told)
            assert said < 10000
        heard = dani.heard()
        assert sum("zoe: BCST" in line for line in heard) == said
        assert heard.count("slow has left the chat") == 1
        slow.close()


def test_who_goes_in_the_middle_of_a_broadcast(tmp_path: Path) -> None:
    """A hundred close, hang up or are gone at once; those who stay have every line, in order."""
    with running(tmp_path, CROWDED + "lines_per_second = 0\n") as daemon:
        port = web_port(daemon)
        crowd = [came_in(port, f"n{number}") for number in range(100)]
        with came_in(port, "zoe") as zoe, came_in(port, "dani") as dani:
            zoe.say(*({"type": "say", "text": str(n)} for n in range(100)))
            for number, one in enumerate(crowd):
                _go(one, number % 3)
            gone, said = 0, list[str]()
            while gone < 100 or len(said) < 100:
                told = dani.told()
                gone += told["type"] == "left"
                said += [told["text"]] if told["type"] == "said" else []
            assert said == [str(n) for n in range(100)]
            assert dani.answers({"type": "list"}) == [{"type": "people", "names": ["zoe", "dani"]}]
        for one in crowd:
            one.close()


def _go(one: WebPeer, how: int) -> None:
    if how == 0:
        one.throw(frame(CLOSE, b"\x03\xe8") + frame(PING) * 100)
    elif how == 1:
        one.socket.shutdown(socket.SHUT_WR)
    else:
        one.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.close()


def test_the_daemon_stops(tmp_path: Path) -> None:
    """Soon, whoever does not read, is not read, or has asked for nothing yet."""
    with running(tmp_path, WEB + "[limits]\nburst_lines = 1\n") as daemon:
        port = web_port(daemon)
        reader, paused, half = came_in(port, "reader"), came_in(port, "paused"), connected(port)
        half.sendall(b"GET / HT")
        paused.socket.settimeout(0.2)
        with suppress(TimeoutError):
            paused.say(*[{"type": "say", "text": "x" * 900}] * 10000)
        assert daemon.stop() < STOPPED_WITHIN
        assert reader.rest()[-1] == {"type": "closed"}
        assert reader.code == 1001
        for one in (reader.socket, paused.socket, half):
            one.close()


def test_one_too_many(tmp_path: Path) -> None:
    """Is told why, by the WebSocket or, while pages are fetched, in HTTP; a proxy may have as many
    as it likes."""
    limits = "[limits]\nconnections_per_address = 2\n"
    with running(tmp_path, WEB + 'proxies = ["127.0.0.9"]\n' + limits) as daemon:
        port, behind = web_port(daemon), "X-Forwarded-For: 203.0.113.{}"
        two = [came_in(port, name, source="127.0.0.3") for name in ("one", "two")]
        one_more = WebPeer(connected(port, "127.0.0.3"))
        assert [one.get("code") for one in one_more.rest()] == [None, "too-many-connections"]
        fetching = [connected(port, "127.0.0.3") for _ in range(2 * A_PAGE)]
        told = asked(port, b"", "127.0.0.3")
        assert told.startswith(b"HTTP/1.1 503 ")
        assert told.endswith(b"There are too many connections from your address.\n")
        many = [WebPeer(connected(port, "127.0.0.9"), behind.format(n // 2)) for n in range(6)]
        assert [one.told()["type"] for one in many] == ["hello"] * 6
        third = WebPeer(connected(port, "127.0.0.9"), behind.format(1))
        assert [one.get("code") for one in third.rest()] == [None, "too-many-connections"]
        assert third.code == 1000
        for one in (*fetching, *(peer.socket for peer in (*two, one_more, *many, third))):
            one.close()


def test_who_makes_way(tmp_path: Path) -> None:
    """When all places are taken: who has asked for nothing, or sits there and does not join, of
    those who have most; never who has joined."""
    with running(tmp_path, WEB + "[limits]\nconnections = 6\n") as daemon:
        port = web_port(daemon)
        zoe = came_in(port, "zoe", source="127.0.0.2")
        silent = [connected(port, "127.0.0.3") for _ in range(2)]
        sitting = [WebPeer(connected(port, "127.0.0.3")) for _ in range(3)]
        assert [one.told()["type"] for one in sitting] == ["hello"] * 3
        others = [came_in(port, f"n{n}", source=f"127.0.0.{4 + n}") for n in range(3)]
        assert [rest(one) for one in silent] == [b"", b""]
        assert [one["code"] for one in sitting[0].rest()] == ["too-many-connections"]
        assert [one["name"] for one in zoe.heard()] == ["n0", "n1", "n2"]
        for one in (*silent, *(peer.socket for peer in (zoe, *sitting, *others))):
            one.close()
