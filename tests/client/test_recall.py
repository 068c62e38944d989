"""The past: what is shown of it, and that nothing is lost or comes twice."""

from collections import Counter

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.client import facts, past
from chatd.client.again import FIRST_SECONDS, TRIES
from chatd.client.effects import Status
from chatd.client.past import Why
from chatd.client.track import MARK_AFTER
from tests.client.keeping import Keeping, Visitor


def room_with(*texts: str) -> Keeping:
    room = Keeping()
    for text in texts:
        room.say("drew", text)
    room.hang_up()
    return room


class TestComingIn:
    def test_the_last_lines_are_shown(self) -> None:
        """Who comes in sees the last twenty lines from before, oldest first."""
        dani = Visitor(room_with(*map(str, range(50)))).arrived()
        shown = dani.take(past.Began, past.Said, past.Ended)
        assert shown[0] == past.Began(Why.BEFORE)
        assert shown[-1] == past.Ended(Why.BEFORE, 20)
        assert [fact.text for fact in shown[1:-1]] == list(map(str, range(30, 50)))  # type: ignore[union-attr]

    def test_what_was_heard_is_not_shown_as_past(self) -> None:
        """What is said while the past is on its way is seen once."""
        room = room_with("old", "ok")
        dani = Visitor(room)
        dani.core.connected()
        dani.send()
        dani.receive()
        room.say("drew", "ok")  # after our JOIN, and before our HIST arrives
        room.say("drew", "new")
        dani.settle()
        assert dani.read() == ["drew: ok", "drew: new", "| drew: old", "| drew: ok"]

    @pytest.mark.parametrize(("replay", "shown"), [(1, 3), (3, 3), (5, 5)])
    def test_lines_shown_by_the_server_too(self, replay: int, shown: int) -> None:
        """Where a room shows lines to whoever comes, none is seen twice: the longer
        answer counts."""
        room = room_with(*map(str, range(10)))
        room.replay = replay
        for someone in (True, False):
            dani = Visitor(room, 3, someone).arrived()
            assert dani.read() == [f"| drew: {number}" for number in range(10 - shown, 10)]
            assert dani.take(facts.PeopleListed) == []
            dani.lose()
            room.say("drew", "missed")
            room.hang_up()
            dani.arrive()
            assert dani.read() == ["| drew: missed"]
            room.kept.pop()

    def test_nothing_to_show(self) -> None:
        """An empty history, and a room without one, are nothing to speak of."""
        for room in (Keeping(), Keeping(history=False)):
            dani = Visitor(room).arrived()
            assert "HIST 20" in room.asked
            assert dani.take(past.Began, past.Ended, facts.LineRefused) == []

    def test_unasked(self) -> None:
        """With --history 0, and in a pipe, the history is not asked for."""
        room = room_with("old")
        Visitor(room, past_lines=0).arrived()
        assert room.asked == ["JOIN dani", "LIST"]

    def test_more_than_was_asked_for(self) -> None:
        """Of an answer without end the last lines are held and no more, and the chat goes on."""
        dani = Visitor(room_with())
        dani.core.connected()
        dani.core.received(b"SERVER: dani joined the chat!\r\n")
        dani.core.received(b"Online: dani\r\n")
        line = b"HIST 2026-11-20T21:33:01Z eve: BCST %d\r\n"
        for number in range(10_000):
            dani.core.received(line % number)
        dani.core.received(b"eve: BCST live\r\n")
        dani.carry_out()
        assert dani.read() == ["eve: live"]
        dani.core.received(b"HIST end\r\n")
        dani.carry_out()
        assert dani.read() == [f"| eve: {number}" for number in range(9980, 10_000)]


class TestTheWayBack:
    def test_what_was_missed_is_shown(self) -> None:
        """After the server was lost, exactly the lines that were said meanwhile are shown."""
        room = room_with("before")
        dani = Visitor(room).arrived()
        for text in ("one", "ok", "ok"):
            room.say("drew", text)
        dani.settle()
        dani.take()
        dani.lose()
        for text in ("ok", "two"):
            room.say("drew", text)
        room.hang_up()
        dani.arrive()
        shown = dani.take(past.Began, past.Said, past.Ended)
        assert shown[0] == past.Began(Why.MISSED)
        assert [fact.text for fact in shown[1:-1]] == ["ok", "two"]  # type: ignore[union-attr]

    def test_nothing_missed(self) -> None:
        """Nothing is shown if nothing was said."""
        room = room_with("before")
        dani = Visitor(room).arrived()
        dani.enter("hello")
        dani.take()
        dani.lose()
        dani.arrive()
        assert dani.take(past.Began, past.Said, past.Ended) == []

    def test_the_track_is_kept_short(self) -> None:
        """After a long talk, not all of it is told again to find out what was missed."""
        room = room_with("before")
        dani = Visitor(room).arrived()
        for number in range(10 * MARK_AFTER):
            room.say("drew", f"{number}")
            dani.settle()
        assert len([line for line in room.asked if line.startswith("HIST")]) < 15
        dani.take()
        dani.lose()
        room.say("drew", "missed")
        room.hang_up()
        dani.arrive()
        assert dani.read() == ["| drew: missed"]
        (asked,) = [line for line in room.asked if line.startswith("HIST since")][-1:]
        at = asked.removeprefix("HIST since ")
        told = [line for line in room.kept if line.at >= room.kept[-1].at - 60]
        assert at
        assert len(told) < 3 * MARK_AFTER

    def test_own_line_that_had_arrived(self) -> None:
        """A line that was on its way when the connection broke, and is in the history, is not
        kept as unsent: sending it again would say it twice."""
        dani = Visitor(room_with("before")).arrived()
        dani.talk.typed("mine")
        dani.send()
        dani.lose()
        assert dani.take(facts.KeptUnsent) == [facts.KeptUnsent("mine", perhaps=True)]
        dani.arrive()
        assert [fact for fact in dani.facts if isinstance(fact, facts.UnsentWaiting)] == []
        assert dani.read() == ["| dani: mine"]
        dani.enter("/send")
        assert dani.take(facts.Explained) == [facts.Explained("There is nothing unsent.")]

    def test_own_line_that_had_not_arrived(self) -> None:
        """One that is not in the history is asked about, history or no history."""
        for room in (room_with("before"), Keeping(history=False)):
            dani = Visitor(room).arrived()
            dani.lose()
            dani.talk.typed("mine")
            dani.arrive()
            assert dani.take(facts.UnsentWaiting) == [facts.UnsentWaiting(1)]

    def test_a_passing_fault(self) -> None:
        """What the history could not tell at once is asked for again, and shown once; what was
        heard meanwhile is not shown again, and the trouble is told of once."""
        room = room_with("before")
        dani = Visitor(room).arrived()
        dani.lose()
        room.say("drew", "missed")
        room.hang_up()
        room.history = False
        dani.take()
        dani.arrive()
        assert len(dani.take(facts.LineRefused)) == 1
        room.say("drew", "heard")
        dani.wait(FIRST_SECONDS)
        assert dani.read() == ["drew: heard"]
        room.history = True
        dani.wait(FIRST_SECONDS)
        assert dani.read() == []
        dani.wait(FIRST_SECONDS)
        assert dani.read() == ["| drew: missed"]
        asked = list(room.asked)
        dani.wait(FIRST_SECONDS)
        assert [line for line in room.asked if line.startswith("HIST")] == [
            line for line in asked if line.startswith("HIST")
        ]

    def test_a_fault_that_does_not_pass(self) -> None:
        """After some minutes nobody asks any more, in a long talk either."""
        room = room_with("before")
        dani = Visitor(room).arrived()
        dani.lose()
        room.history = False
        dani.arrive()
        for number in range(1000):
            room.say("drew", f"{number}")
            dani.wait(5)
        asked = [line for line in room.asked if line.startswith("HIST since")]
        assert len(asked) == 1 + TRIES

    def test_broken_in_the_middle(self) -> None:
        """Where the connection breaks again while the missed lines come, none is shown twice."""
        room = room_with("before")
        dani = Visitor(room).arrived()
        dani.lose()
        for number in range(30):
            room.say("drew", f"{number}")
        room.hang_up()
        dani.core.connected()
        for _ in range(2):
            dani.send()
            half = room.deliver()
            dani.core.received(half[: len(half) // 2])
        dani.lose()
        dani.arrive()
        texts = [line for line in dani.read() if line != "| drew: before"]
        assert texts == [f"| drew: {number}" for number in range(30)]


class TestAsking:
    def test_the_last_lines(self) -> None:
        """/history shows so many lines again, whether or not they were seen."""
        dani = Visitor(room_with("one", "two", "three")).arrived()
        dani.take()
        dani.enter("/history 2")
        shown = dani.take(past.Began, past.Said, past.Ended)
        assert (shown[0], shown[-1]) == (past.Began(Why.LAST), past.Ended(Why.LAST, 2))
        assert [fact.text for fact in shown[1:-1]] == ["two", "three"]  # type: ignore[union-attr]

    def test_search(self) -> None:
        """/search shows what was found, and says so where nothing was."""
        dani = Visitor(room_with("tea", "milk")).arrived()
        dani.take()
        dani.enter("/search milk")
        assert dani.read() == ["| drew: milk"]
        dani.enter("/search beer")
        assert dani.take(past.Began, past.Ended) == [past.Ended(Why.FOUND, 0, "beer")]

    def test_since(self) -> None:
        """/since takes a time as people write it; what is none is explained here."""
        dani = Visitor(room_with("tea")).arrived()
        dani.take()
        dani.enter("/since 2020-01-01")
        assert dani.read() == ["| drew: tea"]
        before = list(dani.room.asked)
        dani.enter("/since when")
        assert "is not a time" in dani.take(facts.Explained)[0].sentence  # type: ignore[union-attr]
        assert dani.room.asked == before

    @pytest.mark.parametrize(
        "line", ["/history", "/search x", "/since 2h", "/record off", "HIST 5"]
    )
    def test_a_room_without_history(self, line: str) -> None:
        """Whoever asks is told in words that nothing is kept here."""
        dani = Visitor(Keeping(history=False)).arrived()
        dani.take()
        dani.enter(line)
        assert dani.take() == [facts.LineRefused("This room keeps no history.")]

    def test_without_a_connection(self) -> None:
        """There is nobody to ask."""
        dani = Visitor(room_with("tea")).arrived()
        dani.lose()
        dani.take()
        dani.enter("/history")
        assert dani.take() == [facts.Explained("There is no connection to the chat just now.")]

    def test_shown_unasked(self) -> None:
        """What a server shows of its own accord is shown as past."""
        dani = Visitor(Keeping(), past_lines=0).arrived()
        dani.core.received(b"HIST 2026-11-20T21:33:01Z eve: BCST hi dani\r\nHIST end\r\n")
        dani.carry_out()
        at = 1795210381.0
        assert dani.take(past.Began, past.Said, past.Ended) == [
            past.Began(Why.UNASKED),
            past.Said(at, "eve", "hi dani", Why.UNASKED, ((3, 7),)),
            past.Ended(Why.UNASKED, 1),
        ]

    def test_a_pipe_waits_for_it(self) -> None:
        """A pipe that has said everything waits for the lines it has asked for."""
        room = room_with("tea")
        bot = Visitor(room, past_lines=5, someone=False).arrived()
        bot.talk.ended()
        bot.settle()
        assert bot.read() == ["| drew: tea"]
        assert room.asked[-1] == "QUIT"
        bot.core.lost("closed")
        bot.carry_out()
        assert bot.status is Status.OK


class TestRecording:
    def test_off_stays_off(self) -> None:
        """Who wants nothing kept is not kept after a broken connection either: it is the first
        thing that is said."""
        dani = Visitor(room_with("tea")).arrived()
        dani.enter("/record off")
        assert dani.take(past.Recording) == [past.Recording("so be it", kept=False)]
        assert dani.core.recording.is_off
        dani.lose()
        dani.room.asked.clear()
        dani.arrive()
        assert dani.room.asked[:2] == ["JOIN dani", "RECORD off"]
        assert dani.core.recording.is_off
        dani.enter("/record on")
        assert not dani.core.recording.is_off
        dani.lose()
        dani.room.asked.clear()
        dani.arrive()
        assert "RECORD off" not in dani.room.asked

    def test_off_in_a_room_that_has_stopped_keeping(self) -> None:
        """Nobody is told again and again that there is nothing to be kept out of."""
        dani = Visitor(room_with("tea")).arrived()
        dani.enter("/record off")
        dani.room.history = False
        dani.take()
        for told in (1, 0, 0):  # once, because something may have been missed
            dani.lose()
            dani.arrive()
            assert len(dani.take(facts.LineRefused)) == told


SAYING = st.lists(st.sampled_from(["a ok", "a no", "b ok", "c quietly"]), max_size=6)


@attrs.frozen
class Visit:
    """What is said while we are away, between our JOIN and our HIST, while its answer is on
    its way, and afterwards; how much of the answer (percent) comes before it breaks again."""

    away: list[str]
    joining: list[str]
    asking: list[str]
    comes: int
    chatter: int
    after: list[str]
    marking: list[str]


VISITS = st.lists(
    st.builds(
        Visit,
        away=SAYING,
        joining=SAYING,
        asking=SAYING,
        comes=st.sampled_from([0, 30, 60, 90, 100, 100, 100]),
        chatter=st.sampled_from([0, MARK_AFTER - 1, MARK_AFTER]),
        after=SAYING,
        marking=SAYING,
    ),
    min_size=1,
    max_size=6,
)


def _say(room: Keeping, lines: list[str]) -> None:
    for line in lines:
        speaker, _, text = line.partition(" ")
        room.say(speaker, text, keep=text != "quietly")


def _goes_on(dani: Visitor, visit: Visit) -> None:
    """We are away, come in, hear what was missed, perhaps, and lose the server."""
    room = dani.room
    _say(room, visit.away)
    room.hang_up()
    dani.core.connected()
    dani.send()
    dani.receive()
    _say(room, visit.joining)
    dani.send()
    _say(room, visit.asking)
    answer = room.deliver()
    dani.core.received(answer[: len(answer) * visit.comes // 100])
    if visit.comes == 100:
        for number in range(visit.chatter):
            room.say("a", "ok" if number % 7 else "no")
            dani.receive()
        _say(room, visit.marking)
        dani.send()
        _say(room, visit.after)
        dani.receive()
    dani.lose()


@given(VISITS, st.sampled_from([0.01, 0.25]), st.booleans())
def test_nothing_is_lost_and_nothing_comes_twice(
    visits: list[Visit], pace: float, slow: bool
) -> None:
    """Whatever is said, and whenever the connection breaks: of what the history keeps from our
    first coming in, each line is shown once."""
    room = room_with("ok", "no", "ok")
    room.pace, room.is_slow = pace, slow
    dani = Visitor(room).arrived()
    dani.take()
    dani.lose()
    begun = len(room.kept)
    for visit in visits:
        _goes_on(dani, visit)
    dani.arrive()
    shown = [line.removeprefix("| ") for line in dani.read() if not line.startswith("c: ")]
    assert Counter(shown) == Counter(f"{one.speaker}: {one.text}" for one in room.kept[begun:])
