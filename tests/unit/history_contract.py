"""What every history promises, wherever it keeps what was said."""

from collections.abc import Awaitable
from typing import Any, TypeVar

from twisted.internet import defer

from chatd.boundaries import History
from chatd.events import Joined, Left, Said
from chatd.history.matching import SHOWN
from chatd.lines import Last, Line, Page, Query, Search, Since, stamp

T = TypeVar("T")
EVERYTHING = 10**9


class HistoryContract:
    """Mix this into a TestCase that has ``open_history`` and ``let_pass``; ``self.time`` is the
    wall clock.

    They raise here, and are not abstract: pytest leaves out an abstract TestCase without a word,
    and with it all that it should have promised.
    """

    time = 1000.0
    history: Any

    def open_history(self, lines: int = 100, days: int = 0) -> History:
        """An empty one of the kind under test, by the clock of ``now``."""
        raise NotImplementedError("the test class of each history has its own")

    def now(self) -> float:
        return self.time

    def room(self, *names: str, **settings: int) -> None:
        """A history of a room with these people in it."""
        self.history = self.open_history(**settings)
        for name in names:
            self.history.hear(Joined(name))

    def say(self, speaker: str, *lines: str) -> None:
        self.history.hear(Said(speaker, lines))

    def wait(self, what: Awaitable[T]) -> T:
        """What it gives; it must not need more time than the test lets pass."""
        results: list[Any] = []

        async def given() -> T:
            return await what

        defer.ensureDeferred(given()).addBoth(results.append)
        self.let_pass()
        assert results, "there was no answer"
        if isinstance(results[0], Exception) or hasattr(results[0], "raiseException"):
            results[0].raiseException()
        return results[0]  # type: ignore[no-any-return]

    def let_pass(self) -> None:
        """As much time as an answer may take has passed."""
        raise NotImplementedError("the test class of each history has its own")

    def page(self, query: Query, most: int = EVERYTHING) -> Page:
        recall: Awaitable[Page] = self.history.recall(query, most)
        return self.wait(recall)

    def recalled(self, query: Query) -> list[Line]:
        """The whole answer."""
        lines: list[Line] = []
        rest: Any = query
        while rest is not None:
            page = self.page(rest, 300)
            lines += page.lines
            rest = page.rest
        return lines

    def texts(self, query: Query) -> list[str]:
        return [line.text for line in self.recalled(query)]

    def test_what_was_said_is_shown(self) -> None:
        """With who said it and when, in the order of the room; a paste line by line."""
        self.room("dani", "drew")
        self.say("dani", "hello")
        self.time = 1060.5
        self.say("drew", "hi", "there")
        assert self.recalled(Last(10)) == [
            Line(1000.0, "dani", "hello"),
            Line(1060.5, "drew", "hi"),
            Line(1060.5, "drew", "there"),
        ]

    def test_the_last_lines(self) -> None:
        """As many as are asked for, or as there are; a paste can be cut."""
        self.room("dani")
        assert self.texts(Last(5)) == []
        self.say("dani", "1")
        self.say("dani", "2", "3", "4")
        self.say("dani", "5")
        everything = ["1", "2", "3", "4", "5"]
        for count in range(7):
            assert self.texts(Last(count)) == everything[max(0, 5 - count) :]
        assert self.texts(Last(10**9)) == everything

    def test_since_a_time(self) -> None:
        """All from then on; in the order of the room, even where the clock jumped back."""
        self.room("dani")
        for at in (1000.0, 2000.0, 1500.0, 3000.0):
            self.time = at
            self.say("dani", stamp(at))
        shown = [stamp(at) for at in (2000.0, 1500.0, 3000.0)]
        assert self.texts(Since(1500.0)) == shown
        assert self.texts(Since(3000.1)) == []
        assert len(self.texts(Since(-1e300))) == 4
        assert self.texts(Since(1e300)) == []

    def test_search(self) -> None:
        """Every word must be there, in any case, also inside of a word; nothing typed is magic."""
        self.room("dani")
        said = [
            "Hello World",
            "hello\tthere",
            "日本語のテキスト",
            "50% of a_b",
            'say "hi" OR no',
            "Étoile",
        ]
        self.say("dani", *said)
        for words, found in {
            ("hello",): said[:2],
            ("HELLO", "world"): said[:1],
            ("ell",): said[:2],
            ("wo", "he"): said[:1],
            ("本語の",): said[2:3],
            ("本",): said[2:3],
            ("%",): said[3:4],
            ("a_b",): said[3:4],
            ("_",): said[3:4],
            ('"hi"',): said[4:5],
            ("NEAR(a",): [],
            ("zzz", "OR", "hello"): [],
            ("hello OR",): [],
            ("étoile",): said[5:],
            ("É",): said[5:],
            ("é",): said[5:],
            ("nothing",): [],
        }.items():
            assert self.texts(Search(words)) == found, words

    def test_a_search_shows_the_newest(self) -> None:
        """Of very many; oldest first, as ever."""
        self.room("dani", lines=10_000)
        said = [f"line {number}" for number in range(3 * SHOWN)]
        for line in said:
            self.say("dani", line)
        assert self.texts(Search(("line",))) == said[-SHOWN:]
        assert self.texts(Search(("line", "2"))) == [line for line in said if "2" in line][-SHOWN:]

    def test_long_answers_come_in_pages(self) -> None:
        """Nothing is missing between two pages, or shown twice, whatever is said meanwhile."""
        self.room("dani", lines=1000)
        said = [f"line {number} " + "x" * number for number in range(200)]
        for start in range(0, 200, 7):
            self.say("dani", *said[start : start + 7])
        page = self.page(Last(150), 500)
        shown = [line.text for line in page.lines]
        assert 0 < len(shown) < 10
        while page.rest is not None:
            self.say("dani", "meanwhile")
            page = self.page(page.rest, 500)
            shown += [line.text for line in page.lines]
        assert shown == said[-150:]

    def test_a_page_has_a_line_at_least(self) -> None:
        """However long that is."""
        self.room("dani")
        self.say("dani", "x" * 1000, "y" * 1000)
        assert [len(line.text) for line in self.page(Last(2), 1).lines] == [1000]

    def test_no_more_lines_than_are_to_be_kept(self) -> None:
        """However they were said."""
        self.room("dani", lines=10)
        for number in range(25):
            self.say("dani", f"a{number}", f"b{number}", f"c{number}")
            assert len(self.texts(Last(100))) == min(10, 3 * number + 3)
        assert self.texts(Last(100))[-4:] == ["c23", "a24", "b24", "c24"]
        assert self.texts(Search(("a2",))) == ["a22", "a23", "a24"]
        assert len(self.texts(Since(0.0))) == 10

    def test_a_burst_longer_than_what_is_kept(self) -> None:
        """Only its end is."""
        self.room("dani", lines=10)
        self.say("dani", "first")
        self.say("dani", *(str(number) for number in range(500)))
        assert self.texts(Last(1000)) == [str(number) for number in range(490, 500)]

    def test_lines_of_too_many_days_ago(self) -> None:
        """Are kept no longer."""
        self.room("dani", days=2)
        self.say("dani", "old")
        self.time += 86400
        self.say("dani", "young")
        self.time += 86401
        self.tidy()
        assert self.texts(Last(10)) == ["young"]
        assert self.texts(Search(("old",))) == []

    def tidy(self) -> None:
        """What is done now and then has been done."""

    def test_who_wants_no_record(self) -> None:
        """Nothing of theirs is kept from then on, until they want it; others are kept as before."""
        self.room("dani", "drew")
        self.say("dani", "before")
        assert self.texts(Last(1)) == ["before"]
        assert self.history.records("dani")
        self.wait(self.history.record("dani", on=False))
        assert not self.history.records("dani")
        self.say("dani", "secret")
        self.say("drew", "hi")
        assert self.texts(Last(9)) == ["before", "hi"]
        self.wait(self.history.record("dani", on=True))
        self.wait(self.history.record("dani", on=True))
        self.say("dani", "again")
        assert self.texts(Last(9)) == ["before", "hi", "again"]

    def test_forgetting(self) -> None:
        """What one person said in this visit is gone, and nothing else."""
        self.room("dani", "drew")
        self.say("dani", "secret 1", "secret 2")
        self.say("drew", "hi")
        assert len(self.texts(Last(9))) == 3
        self.say("dani", "secret 3")
        assert self.wait(self.history.forget("dani")) == 3
        assert self.texts(Last(9)) == ["hi"]
        assert self.texts(Search(("secret",))) == []
        self.say("dani", "after")
        assert self.texts(Last(9)) == ["hi", "after"]
        assert self.wait(self.history.forget("drew")) == 1
        assert self.wait(self.history.forget("drew")) == 0

    def test_forgetting_after_record_off(self) -> None:
        """Still means what was kept before."""
        self.room("dani")
        self.say("dani", "before")
        assert self.texts(Last(9)) == ["before"]
        self.wait(self.history.record("dani", on=False))
        assert self.wait(self.history.forget("dani")) == 1
        assert not self.history.records("dani")
        assert self.texts(Last(9)) == []

    def test_somebody_else_of_the_same_name(self) -> None:
        """Can't remove what was said under it in an earlier visit, and is kept again."""
        self.room("dani")
        self.say("dani", "mine")
        assert self.texts(Last(9)) == ["mine"]
        self.wait(self.history.record("dani", on=False))
        self.history.hear(Left("dani"))
        self.history.hear(Joined("dani"))
        assert self.history.records("dani")
        self.say("dani", "theirs")
        assert self.wait(self.history.forget("dani")) == 1
        assert self.texts(Last(9)) == ["mine"]

    def test_an_answer_has_what_was_said_before_it_was_asked_for(self) -> None:
        """And nothing that was said later, though the answer comes later."""
        self.room("dani")
        self.say("dani", "before")
        asked = self.history.recall(Last(9), EVERYTHING)
        answer: list[Page] = []
        defer.ensureDeferred(asked).addCallback(answer.append)
        self.say("dani", "after")
        self.let_pass()
        assert [line.text for line in answer[0].lines] == ["before"]

    def test_what_was_said_and_is_no_text_for_sql(self) -> None:
        """Quotes, backslashes, emoji and long lines come back as they were."""
        self.room("<192.168.1.5#2>")
        said = ["'; DROP TABLE said; --", 'a"b\\c', "👩‍👩‍👧", "x" * 20_000, "\\n", "\u2028", "[1]"]
        for line in said:
            self.say("<192.168.1.5#2>", line)
        assert self.texts(Last(99)) == said
        assert {line.speaker for line in self.recalled(Last(99))} == {"<192.168.1.5#2>"}
