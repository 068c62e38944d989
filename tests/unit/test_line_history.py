"""HIST and RECORD at the line door: answers keep their place, however long they take."""

from collections.abc import Awaitable
from typing import Any

from twisted.internet import defer
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatd.admission import Admission
from chatd.doors.line import LineDoor
from chatd.errors import Refused
from chatd.events import (
    Announced,
    Left,
    Listed,
    Ponged,
    Public,
    Recalled,
    RecallEnded,
    Recording,
    Rejected,
    Said,
)
from chatd.limits import Limits
from chatd.lines import Between, Last, Line, Page, Query
from chatd.room import KEPT, Room
from tests.unit.test_line_door import LinePerson

LINE = Line(0.0, "zoe", "before")


class SlowHistory:
    """Answers when the test lets it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Query, int]] = []
        self.answers: list[defer.Deferred[Any]] = []
        self.recorded = True

    def hear(self, event: Public) -> None:
        pass

    def _later(self) -> "defer.Deferred[Any]":
        self.answers.append(defer.Deferred())
        return self.answers[-1]

    def recall(self, query: Query, most: int) -> Awaitable[Page]:
        self.asked.append((query, most))
        return self._later()

    def record(self, speaker: str, on: bool) -> Awaitable[None]:
        self.recorded = on
        return self._later()

    def records(self, speaker: str) -> bool:
        return self.recorded

    def forget(self, speaker: str) -> Awaitable[int]:
        return self._later()


class TestLineHistory(SynchronousTestCase):
    """A room whose history takes its time."""

    def people(self, *names: str, replay: int = 0, **limits: Any) -> list[LinePerson]:
        self.clock = Clock()
        self.history = SlowHistory()
        self.room = Room()
        self.room.keep(self.history)
        self.room.replay = replay
        limits = {"lines_per_second": 0, **limits}
        settings = Limits(**limits)
        self.door = LineDoor(
            self.room, settings, Admission(settings), self.clock, self.clock.seconds
        )
        everyone = []
        for name in names:
            person = LinePerson(self.door, self.clock, IPv4Address("TCP", "10.0.0.1", 4000))
            person.asks(f"JOIN {name}")
            everyone.append(person)
        self.clock.advance(1)
        if not replay:
            for person in everyone:
                person.read()
        return everyone

    def answer(self, what: Any) -> None:
        self.history.answers[-1].callback(what)
        self.clock.advance(0)

    def test_a_newcomer_is_told(self) -> None:
        """That what is said is kept, and how it is not."""
        (dani,) = self.people("dani", replay=5)
        assert Announced(KEPT) in dani.read()
        assert "RECORD off" in KEPT

    def test_replay(self) -> None:
        """A newcomer is shown what was said before, without asking; what they send waits for it."""
        (dani,) = self.people("dani", replay=5)
        dani.read()
        dani.asks("LIST")
        assert [query for query, _ in self.history.asked] == [Last(5)]
        assert dani.read() == []
        self.answer(Page((LINE,)))
        assert dani.read() == [Recalled((LINE,)), RecallEnded(), Listed(("dani",))]

    def test_later_lines_wait_for_an_answer(self) -> None:
        """Those that came with the question, and those that come after; others go on talking."""
        dani, drew = self.people("dani", "drew")
        dani.asks("BCST 1", "HIST 5", "BCST 2", "LIST")
        dani.asks("BCST 3")
        drew.asks("BCST hi")
        assert dani.read() == [Said("dani", ("1",)), Said("drew", ("hi",))]
        self.answer(Page((LINE, LINE)))
        assert dani.read() == [
            Recalled((LINE,)),
            Recalled((LINE,)),
            RecallEnded(),
            Said("dani", ("2",)),
            Listed(("dani", "drew")),
            Said("dani", ("3",)),
        ]
        dani.asks("BCST 4")
        assert dani.read() == [Said("dani", ("4",))]

    def test_ping_does_not_wait(self) -> None:
        """Or a client would take us for dead."""
        (dani,) = self.people("dani")
        dani.asks("HIST 5")
        dani.asks("BCST 1", "PING x")
        assert dani.read() == [Ponged("x")]

    def test_question_after_question(self) -> None:
        """Each gets its answer, one at a time: somebody who asks a lot waits for themselves."""
        (dani,) = self.people("dani")
        dani.asks(*(["HIST 1"] * 50))
        for number in range(50):
            assert len(self.history.asked) == number + 1
            self.answer(Page((LINE,)))
        assert dani.read() == [Recalled((LINE,)), RecallEnded()] * 50

    def test_a_long_answer(self) -> None:
        """Comes page by page, the next when the one before has been read."""
        (dani,) = self.people("dani", outbox_bytes=10_000)
        dani.asks("HIST 5")
        self.answer(Page((LINE,), Between(2, 3)))
        assert self.history.asked == [(Last(5), 2500), (Between(2, 3), 2500)]
        dani.protocol.outbox.pauseProducing()
        dani.protocol.outbox.send(b"x" * 2501)
        self.answer(Page((LINE,), Between(3, 4)))
        self.clock.pump([0.1] * 100)
        assert len(self.history.asked) == 2
        dani.protocol.outbox.resumeProducing()
        self.clock.pump([0.1] * 20)
        assert len(self.history.asked) == 3
        assert not dani.gone

    def test_an_answer_with_a_note(self) -> None:
        """It is told before the end."""
        (dani,) = self.people("dani")
        dani.asks("HIST 5")
        self.answer(Page((), None, "So it is."))
        assert dani.read() == [Announced("So it is."), RecallEnded()]

    def test_leaving_before_the_answer(self) -> None:
        """Harms nobody, and what was sent after the question is not done any more."""
        dani, drew = self.people("dani", "drew")
        dani.asks("HIST 5", "BCST never")
        dani.vanish()
        self.clock.advance(1)
        assert drew.read() == [Left("dani")]
        self.answer(Page((LINE,)))
        assert drew.read() == []

    def test_quit_and_half_close_wait(self) -> None:
        """Whoever sends HIST and ends gets the answer first."""
        dani, drew = self.people("dani", "drew")
        dani.asks("HIST 5", "QUIT")
        drew.sends(b"HIST 5\nBCST bye\n")
        drew.protocol.readConnectionLost()
        self.clock.advance(0)
        assert not dani.transport.disconnecting
        assert not drew.transport.disconnecting
        for answer in self.history.answers:
            answer.callback(Page((LINE,)))
        self.clock.advance(1)
        assert dani.transport.disconnecting
        assert drew.transport.disconnecting
        assert b"drew: BCST bye" in drew.transport.value()

    def test_a_history_in_trouble(self) -> None:
        """Is told in words, and the next line is done."""
        (dani,) = self.people("dani")
        dani.asks("HIST 5", "LIST")
        self.history.answers[-1].errback(Refused("history-off", "Not now."))
        self.clock.advance(0)
        assert dani.read() == [Rejected("history-off", "Not now."), Listed(("dani",))]

    def test_our_own_fault(self) -> None:
        """Harms the one who asked, and nobody else."""
        dani, drew = self.people("dani", "drew")
        dani.asks("HIST 5")
        self.history.answers[-1].errback(RuntimeError("a bug"))
        self.clock.advance(1)
        assert dani.codes() == ["internal"]
        assert drew.read() == [Left("dani")]
        assert len(self.flushLoggedErrors(RuntimeError)) == 1

    def test_record(self) -> None:
        """The answer says what holds, after it does."""
        (dani,) = self.people("dani")
        dani.asks("RECORD off")
        assert dani.read() == []
        self.answer(None)
        (told,) = dani.read()
        assert isinstance(told, Recording)
        assert told.state == "off"
        dani.asks("RECORD")
        (told,) = dani.read()
        assert isinstance(told, Recording)
        assert told.state == "off"
        dani.asks("record ON")
        self.answer(None)
        assert [event.state for event in dani.read() if isinstance(event, Recording)] == ["on"]
        dani.asks("RECORD forget")
        self.answer(7)
        (told,) = dani.read()
        assert isinstance(told, Recording)
        assert (told.state, told.sentence.endswith(" 7.")) == ("forget", True)

    def test_what_is_no_question(self) -> None:
        """Is explained."""
        (dani,) = self.people("dani")
        dani.asks("HIST", "HIST tomorrow", "RECORD everything")
        assert dani.codes() == ["usage"] * 3
        dani.asks("HELP")
        assert b"HELP HIST since" in dani.transport.value()

    def test_whoever_has_not_joined(self) -> None:
        """Is shown nothing."""
        self.people()
        stranger = LinePerson(self.door, self.clock, IPv4Address("TCP", "10.0.0.1", 4000))
        stranger.asks("HIST 5", "RECORD off")
        assert stranger.codes() == ["not-joined"] * 2
        assert self.history.asked == []
