"""The client's core, in the hands of a hostile server."""

from collections.abc import Iterator

import attrs
from twisted.internet.task import Clock

from chatd.client.core import Core
from chatd.client.effects import Done, Send, Show
from chatd.client.talk import Talk
from chatd.wire.text import clean
from tests.fuzz.inputs import NAMES, UNSEEN, Rand, chunks, reply

LINES_OF_ONE = 60
"""After so many inputs a client has seen enough of this server."""
TYPED = [
    "hello",
    "/msg anna hi",
    "/who",
    "/help",
    "/quit",
    "BCST x",
    "y",
    "n",
    "",
    "/nick ben",
    "/history",
    "/since 2h",
    "/search x",
    "/record off",
    "//x",
]


def texts(fact: object) -> Iterator[str]:
    """All texts of a fact."""
    for value in attrs.asdict(fact, recurse=False).values():  # type: ignore[arg-type]
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str):
                yield one


def _drain(core: Core) -> bool:
    """What the core wants done; whether it goes on. What is shown can only be read."""
    while (effect := core.effect()) is not None:
        if isinstance(effect, Show):
            for text in texts(effect.fact):
                assert not UNSEEN.search(text), (effect, text)
        elif isinstance(effect, Send):
            assert effect.data.endswith(b"\n"), effect
            assert clean(effect.data.decode().replace("\r\n", "\n")), effect
        elif isinstance(effect, Done):
            return False
    return True


def client(rand: Rand) -> Iterator[int]:
    """Whatever comes, nothing raises, and only text is shown."""
    while True:
        clock = Clock()
        past = rand.choice([0, 20])
        core = Core("me", clock.seconds, someone=rand.random() < 0.7, past=past)
        talk = Talk(core)
        core.start()
        core.connected()
        greeting = b"Enter JOIN followed by your username: JOIN username\r\n"
        core.received(greeting + b"SERVER: me joined the chat!\r\n" * (rand.random() < 0.8))
        for _ in range(LINES_OF_ONE):
            data = reply(rand)
            if rand.random() < 0.2:
                data = b"me: BCST hello\r\n" + rand.choice(NAMES) + b": MESG me x\r\n" + data
            for part in chunks(rand, data):
                core.received(part)
            _do_something(rand, core, talk, clock)
            yield len(data)
            if not _drain(core):
                break


def _do_something(rand: Rand, core: Core, talk: Talk, clock: Clock) -> None:
    clock.advance(rand.choice([0, 0, 1, 30]))
    match rand.randrange(8):
        case 0:
            core.tick()
        case 1:
            core.lost("connection lost")
            core.connected()
        case 2 | 3:
            (talk.typed if core.someone else talk.piped)(rand.choice(TYPED))
