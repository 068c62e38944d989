"""What is thrown at, and what must hold."""

from collections.abc import Callable, Iterator

from chatd.errors import Refused
from chatd.limits import Limits
from chatd.wire import replies
from chatd.wire.commands import Broadcast, Command, CommandReader
from chatd.wire.framing import LineBuffer
from chatd.wire.telnet import TelnetFilter
from tests.fuzz.client import client
from tests.fuzz.door import Crowd
from tests.fuzz.inputs import UNSEEN, Rand, chunks, reply, saying
from tests.fuzz.web import frames, messages

LINE_BYTES = 1024
MOST_HELD = 2 * LINE_BYTES
"""Bytes that may be held of lines without an end: one of them, and a telnet command."""


class Fault(AssertionError):
    """Something does not hold."""


def hold(what: bool, why: object) -> None:
    if not what:
        raise Fault(repr(why))


def _plain(one: Command | Refused) -> object:
    return (one.code, one.sentence) if isinstance(one, Refused) else one


def _understood(parts: list[bytes]) -> tuple[list[object], bytes]:
    """What the wire makes of some bytes, read part by part."""
    telnet, reader = TelnetFilter(), CommandReader(LINE_BYTES)
    found, answers = list[object](), b""
    for part in parts:
        text, answer = telnet.feed(part)
        answers += answer
        reader.feed(text)
        while reader.has_line:
            for command in reader.take(1000)[1]:
                said = command.lines if isinstance(command, Broadcast) else None
                found += [Broadcast((text,)) for text in said] if said else [_plain(command)]
        hold(reader.holds <= MOST_HELD, ("held", reader.holds))
    reader.end()
    found += [_plain(command) for command in reader.take(1000)[1]]
    return found, answers


def wire(rand: Rand) -> int:
    """Bytes to commands: the same however they are cut, and nothing but text in them."""
    data = b"".join(saying(rand) for _ in range(rand.randrange(1, 3)))
    whole, answers = _understood([data])
    parts = chunks(rand, data)
    hold(_understood(parts) == (whole, answers), parts)
    hold(not UNSEEN.search(str(whole).replace("\\t", " ")), data)
    return len(data)


def _read(parts: list[bytes]) -> list[object]:
    buffer, found = LineBuffer(LINE_BYTES), list[object]()
    for part in parts:
        buffer.feed(part)
        for one in buffer.take(1000):
            found.append(replies.read(one) if isinstance(one, str) else one.code)
        hold(len(buffer) <= MOST_HELD, ("held", len(buffer)))
    return found


def reader(rand: Rand) -> int:
    """A hostile server: what the client reads is the same however cut, and can only be read."""
    data = b"".join(reply(rand) for _ in range(rand.randrange(1, 3)))
    whole = _read([data])
    parts = chunks(rand, data)
    hold(_read(parts) == whole, parts)
    for event in whole:
        if event is not None and not isinstance(event, str):
            texts = [str(part) for part in vars_of(event)]
            hold(not any(UNSEEN.search(text) for text in texts), (data, event))
    return len(data)


def vars_of(event: object) -> list[object]:
    """All texts of an event."""
    values = [getattr(event, name) for name in type(event).__slots__ if name != "__weakref__"]  # type: ignore[attr-defined]
    return [one for value in values for one in (value if isinstance(value, tuple) else (value,))]


CROWD_INPUTS = 300


def door(rand: Rand) -> Iterator[int]:
    """The whole door: people come, say anything, read or not, hang up; time passes."""
    while True:
        limits = Limits(
            connections=rand.choice([0, 12]),
            connections_per_address=rand.choice([0, 5]),
            lines_per_second=rand.choice([0.0, 5.0, 100.0]),
            outbox_bytes=rand.choice([0, 2000, 100_000]),
            join_seconds=rand.choice([0.0, 5.0]),
            idle_seconds=rand.choice([0.0, 20.0]),
        )
        password, kept = rand.random() < 0.2, rand.choice([0, 50])
        crowd = Crowd(limits, rand.choice([0, 4, 10]), password, kept)
        for _ in range(CROWD_INPUTS - 1):
            yield crowd.step(rand)
        crowd.all_go()
        yield 0


def _each(target: Callable[[Rand], int]) -> Callable[[Rand], Iterator[int]]:
    def endless(rand: Rand) -> Iterator[int]:
        while True:
            yield target(rand)

    return endless


TARGETS: dict[str, Callable[[Rand], Iterator[int]]] = {
    "wire": _each(wire),
    "reader": _each(reader),
    "door": door,
    "client": client,
    "frames": _each(frames),
    "messages": _each(messages),
}
"""For each input its number of bytes. Raises AssertionError when something does not hold."""
