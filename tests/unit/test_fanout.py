"""Many lines to many people: once for each turn, in order, nothing twice."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.testing import StringTransport

from chatd.fanout import FULL, FanOut
from chatd.outbox import Outbox
from chatd.tally import Tally
from tests.unit.transports import never
from tests.unit.turns import Turns


class FanOutTurns(Turns):
    """The turns of a reactor, and a fan-out in it."""

    def __init__(self) -> None:
        super().__init__()
        self.moments = Turns()
        self.tally = Tally()
        self.fanout = FanOut(self.soon, self.moments.soon, self.tally)


class Reader(StringTransport):
    """A peer that remembers each write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.outbox = Outbox(self, 0, never)

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    @property
    def got(self) -> bytes:
        return b"".join(self.writes)


def joined(turns: FanOutTurns, count: int) -> list[Reader]:
    readers = [Reader() for _ in range(count)]
    for reader in readers:
        turns.fanout.add(reader.outbox)
    return readers


def test_all_that_is_said_in_a_turn_is_one_write() -> None:
    """The same bytes for everyone, once."""
    turns = FanOutTurns()
    readers = joined(turns, 3)
    for word in (b"a", b"b", b"c"):
        turns.fanout.say(word)
    assert [reader.writes for reader in readers] == [[], [], []]
    turns.turn()
    assert [reader.writes for reader in readers] == [[b"abc"]] * 3
    assert not turns.waiting


def test_what_is_much_does_not_wait_for_the_end_of_the_turn() -> None:
    """When ten speak at once there is more in a turn than a reader's kernel has room for."""
    turns = FanOutTurns()
    (reader,) = joined(turns, 1)
    for speaker in [Reader().outbox for _ in range(4)]:
        turns.fanout.begin_read()
        turns.fanout.say(b"x" * (FULL // 2))
        turns.fanout.end_read(speaker)
    assert list(map(len, reader.writes)) == [FULL, FULL]
    turns.turn()
    assert len(reader.writes) == 2


def test_a_newcomer_hears_nothing_from_before() -> None:
    """Not even what was said in the same turn."""
    turns = FanOutTurns()
    turns.fanout.say(b"before")
    (reader,) = joined(turns, 1)
    turns.fanout.say(b"after")
    turns.turn()
    assert reader.got == b"after"


def test_a_private_line_never_overtakes() -> None:
    """It comes after what was said before it, and before what is said after it."""
    turns = FanOutTurns()
    one, other = joined(turns, 2)
    turns.fanout.say(b"1")
    turns.fanout.tell(one.outbox, b"p")
    turns.fanout.tell(one.outbox, b"q")
    turns.fanout.say(b"2")
    turns.turn()
    assert (one.got, other.got) == (b"1pq2", b"12")


def test_who_leaves_hears_what_was_said_before() -> None:
    """And nothing after."""
    turns = FanOutTurns()
    one, other = joined(turns, 2)
    turns.fanout.say(b"1")
    turns.fanout.remove(one.outbox)
    turns.fanout.remove(one.outbox)
    turns.fanout.say(b"2")
    turns.turn()
    assert (one.got, other.got) == (b"1", b"12")


def test_whoever_speaks_alone_is_heard_at_once() -> None:
    """The second time that the same person's input is read, nothing waits for the turn's end."""
    turns = FanOutTurns()
    (reader,) = joined(turns, 1)
    for line, heard in ((b"1", b""), (b"2", b"12")):
        turns.fanout.begin_read()
        turns.fanout.say(line)
        turns.fanout.end_read(reader.outbox)
        assert reader.got == heard
        turns.turn()
    assert reader.got == b"12"


def test_who_comes_and_goes_waits_for_company() -> None:
    """One write for all of them, when the moment is over; the turn's end does not send it."""
    turns = FanOutTurns()
    (reader,) = joined(turns, 1)
    for news in (b"a", b"b", b"c"):
        turns.fanout.begin_read()
        turns.fanout.mention(news)
        turns.fanout.end_read(reader.outbox)
        turns.turn()
    assert reader.writes == []
    turns.moments.turn()
    assert reader.writes == [b"abc"]
    turns.fanout.mention(b"d")
    turns.moments.turn()
    assert reader.writes == [b"abc", b"d"]


def test_what_is_said_takes_the_news_along() -> None:
    """In the order in which it happened, and nobody hears it twice."""
    turns = FanOutTurns()
    newcomer, other = joined(turns, 2)
    turns.fanout.mention(b"n")
    turns.fanout.catch_up(newcomer.outbox)
    assert (newcomer.got, other.got) == (b"n", b"")
    turns.fanout.say(b"1")
    turns.turn()
    turns.moments.turn()
    assert (newcomer.got, other.got) == (b"n1", b"n1")


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["say", "mention", "catch up", "tell", "add", "remove", "read"]),
            st.integers(0, 3),
        ),
        st.just(("turn", 0)),
    )
)


def tell_everyone(fanout: FanOut, how: str, data: bytes, speaker: Outbox) -> None:
    if how == "mention":
        fanout.mention(data)
    elif how == "say":
        fanout.say(data)
    else:
        fanout.begin_read()
        fanout.say(data)
        fanout.end_read(speaker)


@given(STEPS)
def test_whatever_happens(steps: list[tuple[str, int]]) -> None:
    """Everyone gets what was said while they were in and what was told to them, in order, and
    each byte is counted once for each of them.
    """
    turns = FanOutTurns()
    readers = [Reader() for _ in range(4)]
    present: set[int] = set()
    expected = [b""] * 4
    for count, (step, who) in enumerate(steps):
        data = b"%d," % count
        if step in ("say", "read", "mention"):
            tell_everyone(turns.fanout, step, data, readers[who].outbox)
            for one in present:
                expected[one] += data
        elif step == "catch up":
            turns.fanout.catch_up(readers[who].outbox)
        elif step == "tell":
            turns.fanout.tell(readers[who].outbox, data)
            expected[who] += data
        elif step == "add" and who not in present:
            present.add(who)
            turns.fanout.add(readers[who].outbox)
        elif step == "remove":
            present.discard(who)
            turns.fanout.remove(readers[who].outbox)
        elif step == "turn":
            turns.turn()
    turns.turn()
    turns.moments.turn()
    assert [reader.got for reader in readers] == expected
    assert turns.tally.bytes_out == sum(map(len, expected))


def test_who_is_left_out() -> None:
    """Hears everything else, in order and once, whatever else they are told in between."""
    turns = FanOutTurns()
    deaf, other = joined(turns, 2)
    turns.fanout.say(b"a")
    turns.fanout.say_without(b"B", [deaf.outbox])
    turns.fanout.tell(deaf.outbox, b"1")
    turns.fanout.say(b"c")
    turns.fanout.say_without(b"D", [deaf.outbox, Reader().outbox])
    turns.fanout.say(b"e")
    turns.turn()
    assert deaf.got == b"a1ce"
    assert other.got == b"aBcDe"
    turns.fanout.say_without(b"F", [deaf.outbox])
    turns.fanout.say(b"g")
    turns.fanout.remove(deaf.outbox)
    turns.turn()
    turns.fanout.add(deaf.outbox)
    turns.fanout.say(b"h")
    turns.turn()
    assert deaf.got == b"a1cegh"
    assert other.got == b"aBcDeFgh"
