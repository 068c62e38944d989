"""Inputs that are nearly right, which is where the faults are. The same seed, the same inputs."""

import random
from collections.abc import Callable

from chatd.wire.orders import ORDERS
from tests.torture.rows.sequences import (
    HARMLESS,
    IMITATIONS,
    LINE_BREAKS,
    RESERVED,
    SEQUENCES,
    UNSEEN,
)

__all__ = ["UNSEEN", "Rand", "chunks", "reply", "saying"]

Rand = random.Random

VERBS = [b"JOIN", b"BCST", b"MESG", b"LIST", b"QUIT", b"HELP", b"PING", b"HIST", b"RECORD"]
VERBS += [b"PASS", b"IGNORE", b"UNIGNORE", *(verb.encode() for verb in ORDERS)]
NEAR_VERBS = [
    b"JOI",
    b"BCSTX",
    b"\xef\xbb\xbfBCST",
    b"GET /",
    b"SSH-2.0",
    b"EHLO ",
    b"\x16\x03\x01",
]
NAMES = [b"anna", b"ben", b"Cleo", b"<10.0.0.1>", b"<10.0.0.1#2>", "zoë".encode(), "Ωμέγα".encode()]
ENDS = [*[b"\n", b"\r\n"] * 6, b"\r\0", b"\r", b"\0", b"", b"\n\n", b"\r\r\n", *LINE_BREAKS[:4]]
DETAILS = [b"10.0.0.1", b"10.0.0.0/8", b"::/0", b"0", b"0.00001", b"-1", b"1e999", b"nan", b"x"]
DETAILS += [b"since", b"search", b"on", b"off", b"forget", b"1970-01-01T00:00:00Z", b"9" * 30]
WORDS = [b"", b" ", b"\t", b"hello", b"{x}", b"%s", b"x" * 60, *(t.encode() for t in HARMLESS)]
IAC_FORMS = [b"\xff", b"\xff\xff", b"\xff\xfd\x06", b"\xff\xfb", b"\xff\xf4", b"\xff\xf0"]
IAC_FORMS += [
    b"\xff\xfa\x18",
    b"\xff\xfa\x18\0x\xff\xff\n\xff\xf0",
    b"\xff\xfa\xff\xfa",
    b"\xff\xf6",
]
REPLIES = [
    *(b"Enter JOIN followed by your username: JOIN username", b"PONG x", b"PONG", b"HELP a"),
    *(b"SERVER: anna joined the chat!", b"anna has left the chat", b"SERVER: the chat is closing"),
    *(b"anna: BCST hi", b"anna: MESG ben hi", b"<10.0.0.1>: BCST hi", b"Online: anna, ben"),
    *(b"Online: ", b"Online: , ,", b"ERROR name-taken: no", b"ERROR x:y", b"SERVER: welcome"),
    *(
        b"HIST 2026-11-20T21:33:01Z anna: BCST hi",
        b"HIST end",
        b"HIST 9999-12-31T23:59:59Z x: BCST",
    ),
    *(
        b"HIST 0000-00-00T00:00:00Z a: BCST b",
        b"RECORD off: x",
        b"RECORD",
        b"ERROR history-off: no",
    ),
    *(b"Sorry the chat is full, please try later", b"x: BCST", b": BCST x", b"a b: BCST x"),
    *(b"HIST 2026-11-20T21:33:01Z anna: BCST hi", b"HIST end", b"HIST x", b"RECORD on", b"RECORD "),
    *(
        b"HIST 9999-99-99T99:99:99Z anna: BCST hi",
        b"ERROR kicked: out",
        b"ERROR wrong-password: no",
    ),
    *(b"SERVER: dora has banned ben", b"ERROR muted: hush", b"ERROR banned: no", b"HIST end end"),
]


def _letters(rand: Rand) -> bytes:
    top = rand.choice([0x80, 0x250, 0x3000, 0xD800, 0x110000])
    text = "".join(chr(rand.randrange(top)) for _ in range(rand.randrange(1, 9)))
    return text.encode("utf-8", "replace")


def _noise(rand: Rand) -> bytes:
    return rand.randbytes(rand.randrange(1, 40))


def _long(rand: Rand) -> bytes:
    """About as long as a line may be, or a sub-negotiation."""
    unit = rand.choice([b"x", b"x ", b"\xc3\xa9", b"BCST ", b"\r", b"\xff\xff", b"\xe2\x80\xa8"])
    return unit * (rand.randrange(1000, 1060) // len(unit))


WORD_KINDS: list[Callable[[Rand], bytes]] = [
    *[lambda rand: rand.choice(NAMES)] * 4,
    *[lambda rand: rand.choice(WORDS)] * 4,
    lambda rand: rand.choice(DETAILS),
    lambda rand: rand.choice(SEQUENCES),
    lambda rand: rand.choice(IMITATIONS),
    lambda rand: rand.choice(RESERVED),
    lambda rand: rand.choice(LINE_BREAKS),
    lambda rand: rand.choice(IAC_FORMS),
    _letters,
    _noise,
]


def word(rand: Rand) -> bytes:
    """Something that stands in a line."""
    return rand.choice(WORD_KINDS)(rand)


def line(rand: Rand) -> bytes:
    """Something that a person may type, or nearly, with its end."""
    verb = rand.choice(VERBS)
    if rand.random() < 0.2:
        verb = rand.choice([*NEAR_VERBS, verb.lower(), verb + word(rand), word(rand)])
    count = rand.choice([0, 1, 1, 2, 2, 3])
    middle = rand.choice([b" ", b" ", b" ", b"\t", b"  ", b"\xc2\xa0"])
    words = [word(rand) for _ in range(count)]
    if verb == b"MESG" and words and rand.random() < 0.5:
        words[0] = rand.choice(NAMES)
    made = middle.join([verb, *words])
    if rand.random() < 0.01:
        made += _long(rand)
    return made + rand.choice(ENDS)


def saying(rand: Rand, lines: int = 3) -> bytes:
    """What somebody sends: some lines, perhaps with a fault in them."""
    data = b"".join(line(rand) for _ in range(rand.randrange(1, lines + 1)))
    return damaged(rand, data) if rand.random() < 0.2 else data


def reply(rand: Rand) -> bytes:
    """What a hostile server sends."""
    made = b""
    for _ in range(rand.randrange(1, 4)):
        made += rand.choice(REPLIES) if rand.random() < 0.6 else line(rand)
        made += rand.choice([b"", word(rand)]) + rand.choice(ENDS)
    return damaged(rand, made) if rand.random() < 0.3 else made


def damaged(rand: Rand, data: bytes) -> bytes:
    """With something left out, doubled, put in or turned over."""
    at = rand.randrange(len(data) + 1)
    to = min(len(data), at + rand.randrange(6))
    inserted = rand.choice([b"", data[at:to] * 2, word(rand), rand.randbytes(2)])
    return data[:at] + inserted + data[to:]


def chunks(rand: Rand, data: bytes) -> list[bytes]:
    """The same bytes, cut anywhere."""
    if rand.random() < 0.1:
        return [data[at : at + 1] for at in range(len(data))]
    cuts = sorted(rand.randrange(len(data) + 1) for _ in range(rand.randrange(1, 4)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
