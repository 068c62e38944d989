"""What is to be read on the screen."""

from datetime import UTC, datetime

import pytest

from chatd.client import facts, past
from chatd.client.colours import LEAST_CONTRAST, PALETTE, colour_of
from chatd.client.fact_words import prompt_name
from chatd.client.past import Why
from chatd.client.screen import Screen, plain
from chatd.client.stranger import Stranger
from chatd.contrast import contrast, luminance


def read(fact: facts.Fact, **how: bool) -> list[str]:
    screen = Screen(lambda: datetime(2026, 11, 20, 21, 33), **{"times": False, **how})
    return [plain(line) for line in screen.lines(fact)]


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (facts.OwnSaid("hello"), "You: hello"),
        (facts.OtherSaid("drew", "hello"), "drew: hello"),
        (facts.OtherSaid("drew", "hi dani!", ((3, 7),)), "drew: hi dani!"),
        (facts.OtherWhispered("drew", "hi"), "[private] drew: hi"),
        (facts.OwnWhispered("drew", "hi"), "[private] You to drew: hi"),
        (facts.CameIn("drew"), "drew joined the chat"),
        (facts.WentOut("drew"), "drew has left the chat"),
        (facts.PeopleListed(("dani", "drew")), "Online: dani, drew"),
        (facts.ServerSaid("tea at four"), "SERVER: tea at four"),
        (facts.Entered("dani", again=True), "Back in the chat as dani."),
        (
            facts.ConnectionLost("the chat is closing", again=True),
            "The server has gone: the chat is closing. Trying again until it is back.",
        ),
        (facts.KeptUnsent("hi"), "[unsent] You: hi"),
        (facts.KeptUnsent("hi", "drew"), "[unsent] You to drew: hi"),
        (facts.KeptUnsent("hi", perhaps=True), "[unsent, or perhaps sent] You: hi"),
        (facts.LineRefused("Too long.", "x" * 100, 7), "Line 7: Too long."),
        (facts.LineRefused("Too long.", "xyz"), "“xyz”: Too long."),
        (past.Began(Why.BEFORE), "Said before you came:"),
        (past.Began(Why.FOUND, "a {b}"), "Lines with “a {b}”:"),
        (past.Said(0.0, "drew", "hello", Why.BEFORE), "| drew: hello"),
        (past.Ended(Why.FOUND, 1, "x"), "1 line found."),
        (past.Ended(Why.FOUND, 0, "x"), "No line has “x”."),
        (past.Ended(Why.LAST, 0), "Nothing has been kept yet."),
        (past.Recording("Nothing you say is kept.", kept=False), "Nothing you say is kept."),
        (facts.LeaveAsked(), "Leave the chat? (y/yes)"),
        (facts.LeaveAsked(2), "Leave the chat? 2 lines are unsent. (y/yes)"),
        (facts.LeaveAsked(1), "Leave the chat? 1 line is unsent. (y/yes)"),
    ],
)
def test_words(fact: facts.Fact, line: str) -> None:
    """Each fact reads as a line of a conversation."""
    assert read(fact) == [line]


def test_every_fact_has_words() -> None:
    """There is nothing that could happen and not be shown."""
    for kind in facts.Fact.__args__:
        stranger = Stranger("chat.lan port 5", "AA:BB", "it is self-signed")
        values = {
            "stranger": stranger,
            "names": ("x",),
            "lines": ("x",),
            "at": 0.0,
            "why": Why.FOUND,
            "kept": True,
        }
        fields = {
            field.name: values.get(field.name, 1 if field.type is int else "x")
            for field in kind.__attrs_attrs__
            if field.name not in ("calls", "again", "helps", "perhaps")
        }
        again = {f.name: True for f in kind.__attrs_attrs__ if f.name == "again"}
        assert read(kind(**fields, **again)) or kind is facts.ScreenCleared


def test_time_at_the_left() -> None:
    """Each line tells when it was."""
    assert read(facts.OwnSaid("x"), times=True) == ["21:33 You: x"]


def test_a_new_day() -> None:
    """Over night, the date is told once."""
    days = iter([datetime(2026, 11, 20, 23, 59), *[datetime(2026, 11, 21, 0, 1)] * 2])
    screen = Screen(lambda: next(days))
    lines = [plain(line) for _ in range(3) for line in screen.lines(facts.OwnSaid("x"))]
    assert lines == ["23:59 You: x", "Saturday, 21 November 2026", "00:01 You: x", "00:01 You: x"]


def test_lines_of_the_past_have_their_own_time() -> None:
    """What was said yesterday stands under its day, and what is said now under today."""
    screen = Screen(lambda: datetime(2026, 11, 20, 21, 33))
    at = datetime(2026, 11, 19, 8, 5).timestamp()
    facts_shown = (
        facts.OwnSaid("x"),
        past.Said(at, "drew", "early", Why.BEFORE),
        past.Said(at + 60, "drew", "bird", Why.BEFORE),
        facts.OwnSaid("y"),
    )
    assert [plain(line) for fact in facts_shown for line in screen.lines(fact)] == [
        "21:33 You: x",
        "Thursday, 19 November 2026",
        "08:05 | drew: early",
        "08:06 | drew: bird",
        "Friday, 20 November 2026",
        "21:33 You: y",
    ]


@pytest.mark.parametrize("year", [1, 1900, 9999])
def test_times_that_a_server_has_made_up(year: int) -> None:
    """Whatever the clock of a server says can be shown."""
    at = datetime(year, 12, 31, 23, 59, tzinfo=UTC).timestamp()
    assert read(past.Said(at, "drew", "x", Why.LAST), times=True)


def test_called_without_colours() -> None:
    """Where there are no styles, a sign tells that somebody calls me."""
    assert read(facts.OtherSaid("drew", "hi dani", ((3, 7),)), marks=True) == ["! drew: hi dani"]
    assert read(facts.OtherSaid("drew", "hi"), marks=True) == ["drew: hi"]


def test_somebody_called_you() -> None:
    """Somebody who calls himself You can't pass for me."""
    for name in ("You", "you", "YOU"):
        assert read(facts.OtherSaid(name, "hi")) == [f"~{name}: hi"]
        assert read(facts.CameIn(name)) == [f"~{name} joined the chat"]
        assert read(facts.WentOut(name)) == [f"~{name} has left the chat"]
        assert read(facts.PeopleListed((name, "drew"))) == [f"Online: ~{name}, drew"]
    assert read(facts.OtherSaid("<192.0.2.1>", "hi")) == ["<192.0.2.1>: hi"]


def test_endless_name() -> None:
    """However long the server writes our name, there is room left for typing."""
    assert prompt_name("dani")[1] == "dani"
    assert len(prompt_name("x" * 3000)[1]) < 50


def test_colours_can_be_read_everywhere() -> None:
    """Every colour of a name stands out from black and from white."""
    assert len(PALETTE) >= 12
    for colour in PALETTE:
        here = luminance(*bytes.fromhex(colour[1:]))
        assert contrast(here, 0.0) >= LEAST_CONTRAST
        assert contrast(here, 1.0) >= LEAST_CONTRAST


def test_colour_of_a_name_is_stable() -> None:
    """The same person has the same colour tomorrow, however the name is written."""
    assert colour_of("drew") == colour_of("DREW") == colour_of("ｄｒｅｗ") == 15
    assert len({colour_of(f"name{number}") for number in range(200)}) == len(PALETTE)
