"""A hundred thousand random byte strings at the door, and two people who chat all the same."""

import random
import re
import socket
from collections.abc import Callable
from pathlib import Path

from tests.integration.daemon import WITHIN, running

SEED = 20261120
STRINGS = 100_000
ON_ONE_CONNECTION = 500
LIFTED = """\
[limits]
connections = 0
connections_per_address = 0
lines_per_second = 0
outbox_bytes = 0
join_seconds = 0
"""
VERBS = [b"JOIN", b"BCST", b"MESG", b"LIST", b"HELP", b"PING", b"HIST", b"RECORD", b"QUI", b"MESH"]
WORDS = [
    b"anna",
    b"<127.0.0.1>",
    b"\xd0\xb0nna",
    "ｅve".encode(),
    b"",
    b" ",
    b"{x}",
    b"%s",
    b"SERVER",
]
ENDS = [*[b"\n", b"\r\n", b"\r\0"] * 4, b"\r", b"\0", b"", b"\n\n", b"\x85", b"\xe2\x80\xa8"]
ENTRANCES = [b"", b"JOIN\n", b"JOIN eve\r\0", b"\xff\xfd\x06JOIN mallory\r\n"]
CONTROLS = [b"\x1b[2J", b"\x1b]0;x\x07", b"\x9b", b"\x00", b"\x07", b"\x08", b"\x7f", b"\xc2\x9b1m"]
CONTROLS += ["\u202e".encode(), "\u200b".encode(), "a\u0301\u0301\u0301".encode(), b"\xed\xa0\x80"]
IAC = b"\xff"

Rand = random.Random
KNOWN_LINE = re.compile(
    r"SERVER: \S+ joined the chat!|\S+ has left the chat|\S+: (BCST|MESG \S+) .*\S.*|PONG.*"
)
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e]")


def noise(rand: Rand) -> bytes:
    return rand.randbytes(rand.randrange(1, 60))


def any_letters(rand: Rand) -> bytes:
    top = rand.choice([0x80, 0x250, 0x3000, 0xD800, 0x110000])
    return "".join(chr(rand.randrange(top)) for _ in range(8)).encode("utf-8", "replace")


def near_miss(rand: Rand) -> bytes:
    verb = rand.choice(VERBS)
    verb = rand.choice([verb, verb.lower(), verb[:-1], verb + b"X", b"\xef\xbb\xbf" + verb])
    words = (rand.choice([*WORDS, any_letters(rand)]) for _ in range(rand.randrange(4)))
    return rand.choice([b" ", b"\t", b"  "]).join([verb, *words]) + rand.choice(ENDS)


def telnet(rand: Rand) -> bytes:
    command = bytes([rand.randrange(240, 256)])
    tail = rand.choice([b"", rand.randbytes(1), IAC, noise(rand), noise(rand) + IAC + b"\xf0"])
    return rand.choice([b"", b"BCST in", b"\n"]) + IAC + command + tail


def controls(rand: Rand) -> bytes:
    parts = [rand.choice([*CONTROLS, b"BCST ", b"x", any_letters(rand)]) for _ in range(8)]
    return b"".join(parts) + rand.choice(ENDS)


def long(rand: Rand) -> bytes:
    return rand.randbytes(3) * rand.randrange(300, 400) + rand.choice(ENDS)


KINDS: list[Callable[[Rand], bytes]] = [
    *(noise, any_letters, telnet, controls),
    *(near_miss, near_miss, near_miss, near_miss),
]


def throw(port: int, strings: list[bytes]) -> bytes:
    """Send each string by itself; gives what came back until the daemon closed."""
    with socket.create_connection(("127.0.0.1", port), WITHIN) as thrower:
        thrower.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for string in strings:
            thrower.sendall(string)
        thrower.shutdown(socket.SHUT_WR)
        answers = b""
        while data := thrower.recv(1 << 20):
            answers += data
    return answers


def test_random_bytes(tmp_path: Path) -> None:
    """Nothing thrown at the door breaks it, or reaches a screen as more than text."""
    rand = random.Random(SEED)
    with running(tmp_path, LIFTED) as daemon:
        anna, port = daemon.person("anna"), daemon.port
        seen: list[str] = []
        for _ in range(STRINGS // ON_ONE_CONNECTION):
            strings = [
                long(rand) if rand.random() < 0.01 else rand.choice(KINDS)(rand)
                for _ in range(ON_ONE_CONNECTION)
            ]
            answers = throw(port, [rand.choice(ENTRANCES), *strings])
            assert answers.startswith(b"Enter JOIN")
            assert b"ERROR internal" not in answers
            seen += anna.heard()
        zoe = daemon.person("zoe")
        seen += anna.heard()
        assert seen.pop() == "SERVER: zoe joined the chat!"
        assert zoe.answers("LIST") == ["Online: anna, zoe"]
        assert zoe.answers("BCST Is all well?") == ["zoe: BCST Is all well?"]
        assert anna.heard() == ["zoe: BCST Is all well?"]
        anna.say("MESG zoe It is.")
        assert anna.heard() == []
        assert zoe.heard() == ["anna: MESG zoe It is."]
        daemon.everyone_out()
        told = daemon.log_text()
    assert "Traceback" not in told
    assert "Could not" not in told
    assert told.count("joined the chat!") == told.count("has left the chat")
    assert len(seen) > STRINGS / 100  # else the throwing did not reach the room
    for line in seen:
        assert KNOWN_LINE.fullmatch(line), repr(line)
        assert not UNSEEN.search(line), repr(line)
