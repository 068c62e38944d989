"""Whatever comes to the web door over real sockets is refused or bounded, and others chat on."""

import json
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from tests.integration.daemon import Daemon, running
from tests.integration.web import (
    WEB,
    asked,
    came_in,
    connected,
    frame,
    handshake,
    rest,
    text,
    web_port,
)

TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
BEGUN, MORE, LAST = 0x01, 0x00, 0x80
HELLO = b"HTTP/1.1 101 "


@pytest.fixture(scope="module")
def shared_daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Both doors, with nobody slowed down."""
    config = WEB + "[limits]\nlines_per_second = 0\nconnections_per_address = 0\n"
    with running(tmp_path_factory.mktemp("daemon"), config) as daemon:
        yield daemon


def request(*headers: bytes, first: bytes = b"GET / HTTP/1.1") -> bytes:
    return b"\r\n".join((first, b"Host: 127.0.0.1", *headers, b"", b""))


ws = b"GET /ws HTTP/1.1"
REQUESTS = {
    "a netcat": (b"JOIN mallory\r\nBCST hello\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "HTTP/0.9": (b"GET /\r\n\r\n", 400),
    "HTTP/9.9": (request(first=b"GET / HTTP/9.9"), 400),
    "two lengths": (request(b"Content-Length: 0", b"Content-Length: 0"), 400),
    "a length and chunks": (
        request(b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n" + request(),
        400,
    ),
    "chunks of a kind": (request(b"Transfer-Encoding: xchunked"), 400),
    "a length below nothing": (request(b"Content-Length: -1"), 400),
    "a length of many digits": (request(b"Content-Length: " + b"9" * 5000), 400),
    "a body": (request(b"Content-Length: 5", first=b"POST / HTTP/1.1"), 413),
    "a WebSocket with a body": (handshake("Content-Length: 5"), 413),
    "chunks": (request(b"Transfer-Encoding: chunked"), 413),
    "two hosts": (request(b"Host: elsewhere"), 400),
    "a folded beginning": (b"GET / HTTP/1.1\r\n folded: x\r\n\r\n", 400),
    "a folded header": (request(b"X: a", b" b"), 200),
    "NUL": (request(b"X: a\0b"), 400),
    "CR": (request(b"X: a\rSet-Cookie: b"), 400),
    "a space in a name": (request(b"a b: c"), 400),
    "no name": (request(b": c"), 400),
    "no colon": (request(b"hello"), 400),
    "another's place": (request(first=b"GET http://elsewhere/ HTTP/1.1"), 404),
    "CR LF, quoted": (request(first=b"GET /%0d%0aSet-Cookie:%20a HTTP/1.1"), 404),
    "a path upwards": (request(first=b"GET /../../etc/passwd HTTP/1.1"), 404),
    "the same, quoted": (request(first=b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1"), 404),
    "backslashes": (request(first=b"GET /..\\..\\setup.cfg HTTP/1.1"), 404),
    "a module": (request(first=b"GET /__init__.py HTTP/1.1"), 404),
    "a path of any bytes": (request(first=b"GET /\xff HTTP/1.1"), 400),
    "large headers": (request(b"X: " + b"x" * 9000), 400),
    "many headers": (request(*[b"a: b"] * 200), 400),
    "a page from elsewhere": (request(b"Origin: http://evil.example", first=ws), 403),
    "a page from nowhere": (request(b"Origin: null", first=ws), 403),
    "an origin of any bytes": (request(b"Origin: \xff\xfe", first=ws), 403),
    "a name that leads here": (
        b"GET /ws HTTP/1.1\r\nHost: evil.example:80\r\nOrigin: http://evil.example\r\n\r\n",
        403,
    ),
    "no WebSocket": (request(first=ws), 426),
    "a WebSocket of old": (handshake(version="HTTP/1.0"), 426),
    "another version": (handshake().replace(b"Version: 13", b"Version: 8"), 400),
    "a key that is none": (handshake().replace(b"Key: AAAA", b"Key: !!!!"), 400),
    "two keys": (handshake("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="), 400),
    "a cookie": (request(b"Cookie: \xff=;=;;;;a"), 200),
    "an address that is none": (request(b"X-Forwarded-For: \xff, ', <b>" + b", 1" * 900), 200),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_requests(daemon: Daemon, name: str) -> None:
    """A request that is wrong somewhere is answered and closed, and nothing of it is passed on."""
    data, status = REQUESTS[name]
    dani = daemon.person("dani")
    answer = asked(web_port(daemon), data)
    assert int(answer.split()[1]) == status, answer
    assert answer.count(b"HTTP/1.") == 1
    assert b"Set-Cookie" not in answer
    assert dani.heard() == []


def test_a_request_line_without_end(daemon: Daemon) -> None:
    """Is not kept, and not waited for."""
    assert asked(web_port(daemon), b"GET /" + b"x" * 100_000) == b""


def test_a_handshake_cut_anywhere(daemon: Daemon) -> None:
    """With what is said right behind it, which comes in the same read or in another."""
    port = web_port(daemon)
    data = handshake() + text({"type": "ping", "token": "first"}) + frame(CLOSE, b"\x03\xe8")
    for cut in range(len(data) + 1):
        with connected(port) as connection:
            connection.sendall(data[:cut])
            connection.sendall(data[cut:])
            answer = rest(connection)
        assert answer.startswith(HELLO), cut
        assert answer.endswith(b'{"type":"pong","token":"first"}\n\x88\x02\x03\xe8'), cut


FRAMES = {
    "a reserved bit": (frame(TEXT | 0x40, b"x"), 1002),
    "all reserved bits": (frame(TEXT | 0x70, b"x"), 1002),
    "no mask": (frame(TEXT, b"{}", mask=False), 1002),
    "an opcode that is none": (frame(0x83, b"x"), 1002),
    "a control opcode that is none": (frame(0x8B, b"x"), 1002),
    "a long ping": (frame(PING, b"x" * 126), 1002),
    "a ping in pieces": (frame(PING & 0x7F, b"x"), 1002),
    "the rest of nothing": (frame(MORE, b"x"), 1002),
    "text among pieces": (frame(BEGUN, b"x") + frame(TEXT, b"y"), 1002),
    "text after an empty piece": (frame(BEGUN) + frame(TEXT, b"y"), 1002),
    "close with half a code": (frame(CLOSE, b"\x03"), 1002),
    "close with no code of ours": (frame(CLOSE, struct.pack("!H", 999)), 1002),
    "close with a reserved code": (frame(CLOSE, struct.pack("!H", 1006)), 1002),
    "close with words that are none": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    "close in its own words": (frame(CLOSE, struct.pack("!H", 4999) + b"bye"), 4999),
    "bytes": (frame(BINARY, b"\x00"), 1003),
    "no UTF-8": (frame(TEXT, b"\xff"), 1007),
    "half a letter": (frame(BEGUN, b"\xc3") + frame(LAST, b"("), 1007),
    "a letter and a half": (frame(TEXT, "é".encode()[:1]), 1007),
    "too large": (frame(TEXT, b"x" * 65537), 1009),
    "said to be huge": (frame(TEXT, length=struct.pack("!BQ", 127, 1 << 40)), 1009),
    "said to be more than there is": (frame(TEXT, length=b"\x7f" + b"\xff" * 8), 1009),
    "too large in pieces": (frame(BEGUN, b"x" * 40000) + frame(LAST, b"x" * 40000), 1009),
    "pieces for ever": (frame(BEGUN) + frame(MORE) * 1000, 1008),
    "empty messages": (frame(TEXT) * 1000, 1008),
    "pings": (frame(PING) * 1000, 1008),
    "pongs that nobody asked for": (frame(PONG, b"x") * 1000, 1008),
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames(daemon: Daemon, name: str) -> None:
    """A frame that is wrong ends the connection, with the code that says why; the others
    lose nothing."""
    data, code = FRAMES[name]
    dani = daemon.person("dani")
    with came_in(web_port(daemon), "mallory") as mallory:
        assert dani.line() == "SERVER: mallory joined the chat!"
        with suppress(ConnectionError):
            mallory.throw(data)
        told = mallory.rest()
    assert [one for one in told if one["type"] != "error"] == []
    if mallory.code is not None:  # else what it had still to send made its own kernel forget it
        assert mallory.code == code
    assert len(data) > 4000 or mallory.code == code
    assert dani.line() == "mallory has left the chat"
    assert dani.heard() == []


BOMBS: dict[str, Callable[[], str]] = {
    "deep": lambda: "[" * 65000,
    "deep objects": lambda: '{"type":' * 8000,
    "a long number": lambda: '{"type":"history","last":' + "9" * 65000 + "}",
    "numbers": lambda: "[" + ",".join(["9" * 4000] * 16) + "]",
    "a large exponent": lambda: '{"type":"history","last":1e' + "9" * 60000 + "}",
    "a long fraction": lambda: '{"type":"history","last":1.' + "1" * 60000 + "}",
    "not a number": lambda: '{"type":"history","last":NaN}',
    "many keys": lambda: json.dumps({str(n): n for n in range(4000)}),
    "one key, often": lambda: '{"type":"say",' * 1 + '"text":1,' * 7000 + '"text":2}',
    "line ends": lambda: json.dumps({"type": "say", "text": "\n" * 30000}),
    "line ends of all kinds": lambda: json.dumps({"type": "say", "text": "a\r\u2028\x85\n" * 600}),
    "half a letter": lambda: '{"type":"\\ud800"}',
    "half a letter to somebody": lambda: '{"type":"tell","to":"\\ud800","text":"x"}',
    "a long name": lambda: json.dumps({"type": "tell", "to": "a" * 60000, "text": "a\n" * 500}),
    "escapes": lambda: '"' + "\\u0000" * 10000 + '"',
    "spaces": lambda: " " * 65000,
    "line ends, not JSON": lambda: "\n" * 65536,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(daemon: Daemon, name: str) -> None:
    """What is no message is refused in words, reaches nobody, and the next is as good as any."""
    dani = daemon.person("dani")
    with came_in(web_port(daemon), "zoe") as zoe:
        told = zoe.answers(BOMBS[name]())
        assert told
        assert {one["code"] for one in told} <= {"usage", "empty", "not-utf8"}
        assert zoe.answers({"type": "say", "text": "well?"})[0]["text"] == "well?"
    came, said, went = dani.lines(3)
    assert [came, said] == ["SERVER: zoe joined the chat!", "zoe: BCST well?"]
    assert went == "zoe has left the chat"


def test_a_library(daemon: Daemon) -> None:
    """What is in common use gets along, whatever it would like to compress; too large a message
    is told so."""
    with connect(f"ws://127.0.0.1:{web_port(daemon)}/ws", compression="deflate") as library:
        assert json.loads(library.recv())["type"] == "hello"
        library.send('{"type": "join", "name": "library"}')
        assert json.loads(library.recv()) == {"type": "joined", "name": "library"}
        assert library.ping().wait(60)
        library.send("x" * 70000)
        with pytest.raises(ConnectionClosedError) as closed:
            library.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
