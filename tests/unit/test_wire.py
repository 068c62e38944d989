"""The line wire: bytes to commands, events to bytes, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd import events
from chatd.errors import CODES, Refused
from chatd.lines import Last, Line, Query, Search, Since
from chatd.wire import commands as asked
from chatd.wire import replies
from chatd.wire.framing import LineBuffer
from chatd.wire.recall import query_in
from chatd.wire.said import all_said

LINES = st.sampled_from(
    [
        b"BCST hi", b"BCST  two", b"bcst x", b"BCST", b"BCST  ", b"JOIN dani", b"MESG drew hi",
        b"LIST", b"", b"  ", b"nonsense", b"PING 1", b"BCST " + b"x" * 30, b"BCST \xc3\xa9",
        b"BCST \xff", b"QUIT", b"BCST a\rb", b"BCST a\0b", b"BCST \x1b[31m",
    ]
)  # fmt: skip
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r\0"])


def taken(chunks: list[bytes], line_bytes: int = 20, most: int = 10**6) -> list[object]:
    """What chunks ask for, lines said in a row as one; refusals by their code."""
    reader = asked.CommandReader(line_bytes)
    found: list[object] = []
    for chunk in chunks:
        reader.feed(chunk)
        while reader.has_line:
            for command in reader.take(most)[1]:
                if isinstance(command, Refused):
                    found.append(command.code)
                elif isinstance(command, asked.Broadcast):
                    found.extend(("said", line) for line in command.lines)
                else:
                    found.append(command)
    return found


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (b"JOIN dani", asked.Join("dani")),
        (b"join  dani ", asked.Join("dani")),
        (b"JOIN", asked.Join("")),
        (b"JOIN two words", asked.Join("two words")),
        (b"BCST hello, everyone!", ("said", "hello, everyone!")),
        (b"BCST   indented", ("said", "  indented")),
        (b"BCST a\tb", ("said", "a\tb")),
        (b"BCST a\rb", ("said", "ab")),
        (b"BCST\ta", ("said", "a")),
        (b"bcst a", ("said", "a")),
        (b"MESG drew hi, drew", asked.Message("drew", "hi, drew")),
        (b"MESG <::1> hi", asked.Message("<::1>", "hi")),
        (b"LIST", asked.ListPeople()),
        (b"list ", asked.ListPeople()),
        (b"QUIT", asked.Quit()),
        (b"HELP me", asked.Help()),
        (b"PING", asked.Ping("")),
        (b"PING 12 3", asked.Ping("12 3")),
        (b"HIST 5", asked.Recall("5")),
        (b"record off", asked.Record("off")),
        (b"BCST", "empty"),
        (b"BCST  \t ", "empty"),
        (b"BCST \x1b[2J", "empty"),
        ("BCST \u200d\u200c".encode(), "empty"),
        ("BCST\u00a0a".encode(), "unknown-command"),
        (b"MESG", "usage"),
        (b"MESG drew", "empty"),
        (b"MESH drew my secret", "unknown-command"),
        (b"BCSTx", "unknown-command"),
        (b"BCST \xff", "not-utf8"),
        (b"BCST " + b"x" * 16, "line-too-long"),
        (b"BCST " + b"x" * 15, ("said", "x" * 15)),
    ],
)  # fmt: skip
def test_what_a_line_asks_for(line: bytes, command: object) -> None:
    """Each verb, in any case, and what is wrong with a line."""
    limit = 20 if b"xxx" in line else 1024
    for end in (b"\n", b"\r\n", b"\r\0"):
        assert taken([line + end], limit) == [command]


@given(st.lists(st.tuples(LINES, ENDS)), st.integers(1, 50), st.integers(1, 5))
def test_cut_anywhere(lines: list[tuple[bytes, bytes]], size: int, most: int) -> None:
    """Any chunks, worked through in any portions, ask for what the whole asks for."""
    data = b"".join(line + end for line, end in lines)
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    whole = [asking for line, end in lines for asking in taken([line + end])]
    assert taken(chunks) == taken([data]) == taken([data], most=most) == whole


@given(st.lists(st.tuples(LINES, ENDS), min_size=1))
def test_a_read_of_nothing_but_said_lines(lines: list[tuple[bytes, bytes]]) -> None:
    """Taken as a whole it says what it says line by line; and it is taken as a whole only then."""
    data = b"".join(line + end for line, end in lines)
    said = all_said(data, 20)
    if said is not None:
        assert [("said", line) for line in said] == taken([data])
    plain = all(line in (b"BCST hi", b"BCST  two") for line, _ in lines)
    one_end = len({end for _, end in lines}) == 1 and lines[0][1] != b"\r\0"
    assert (said is not None) == (plain and one_end)


@given(st.binary(), st.integers(1, 9))
def test_any_bytes_cut_anywhere(data: bytes, size: int) -> None:
    """Nonsense too."""
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    assert taken([*chunks, b"\n"]) == taken([data + b"\n"])


def test_a_flood_without_a_line_end() -> None:
    """It is refused once, costs no more memory than a line, and the next line works."""
    lines = LineBuffer(1024)
    for _ in range(1000):
        lines.feed(b"x" * 65536)
        assert len(lines) < 2048
    lines.feed(b"\nLIST\n")
    refused, line = lines.take(10)
    assert isinstance(refused, Refused)
    assert refused.code == "line-too-long"
    assert line == "LIST"


def test_a_last_line_without_its_end() -> None:
    """It counts once nothing more will come."""
    lines = LineBuffer(1024)
    lines.feed(b"LIST\nQUIT")
    assert lines.take(10) == ["LIST"]
    lines.end()
    assert lines.take(10) == ["QUIT"]
    lines.end()
    assert not lines.has_line


TIMES = st.integers(0, 4 * 10**9).map(float)
NAME = st.sampled_from(["dani", "<192.168.1.5#2>", "<fe80::1>", "дани"])
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)
WORD = st.text(st.characters(categories=["L", "N"]), min_size=1)
EVENTS = st.one_of(
    st.builds(events.Joined, NAME),
    st.builds(events.Left, NAME),
    st.builds(events.Said, NAME, st.tuples(TEXT)),
    st.builds(events.Whispered, NAME, NAME, TEXT),
    st.builds(events.Listed, st.lists(NAME).map(tuple)),
    st.builds(events.Ponged, WORD),
    st.builds(events.Rejected, st.sampled_from(sorted(CODES)), TEXT),
    st.builds(events.Helped, st.tuples(TEXT)),
    st.builds(events.Recording, st.sampled_from(["on", "off", "forget"]), TEXT),
    st.builds(events.Recalled, st.tuples(st.builds(Line, TIMES, NAME, TEXT))),
    st.sampled_from([events.Closed(), events.Full(), events.Greeted(), events.RecallEnded()]),
    st.builds(events.Announced, TEXT),
)
COMMANDS = st.one_of(
    st.builds(asked.Join, st.sampled_from(["", "dani"])),
    st.builds(asked.Broadcast, st.tuples(TEXT.map("{}.".format))),
    st.builds(asked.Message, NAME, TEXT.map("{}.".format)),
    st.builds(asked.Ping, st.sampled_from(["", "x"])),
    st.builds(asked.Recall, st.sampled_from(["", "5", "since 2026-11-20", "search two words"])),
    st.builds(asked.Record, st.sampled_from(["", "on", "off", "forget"])),
    st.sampled_from([asked.ListPeople(), asked.Quit(), asked.Help()]),
)


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("5", Last(5)),
        ("0", Last(0)),
        ("9" * 5000, Last(10**9)),
        ("since 1970-01-02", Since(86400.0)),
        ("SINCE 1970-01-01T00:01Z", Since(60.0)),
        ("since 1970-01-01 00:01:00.5+00:01", Since(0.5)),
        ("search Two  words", Search(("Two", "words"))),
        ("search since", Search(("since",))),
        ("", None),
        ("-5", None),
        ("5 6", None),
        ("٥", None),
        ("since", None),
        ("since tomorrow", None),
        ("since 9999-12-31T23:59-23:59", Since(253402387080.0)),
        ("search", None),
        ("dani", None),
    ],
)
def test_which_lines_of_before(words: str, query: Query | None) -> None:
    """So many, those since a time, or those with some words."""
    assert query_in(words) == query


@given(EVENTS)
def test_the_client_reads_what_the_daemon_writes(event: events.Event) -> None:
    """Each event survives the wire."""
    assert replies.read(replies.render(event).decode().removesuffix("\r\n")) == event


@given(COMMANDS)
def test_the_daemon_reads_what_the_client_writes(command: asked.Command) -> None:
    """Each command survives the wire."""
    assert asked.parse(asked.write(command)) == command


def test_the_words_that_people_know() -> None:
    """These are on the wire to the letter."""
    said = events.Said("dani", ("hello", "again"))
    assert replies.render(said) == b"dani: BCST hello\r\ndani: BCST again\r\n"
    assert replies.render(events.Joined("dani")) == b"SERVER: dani joined the chat!\r\n"
    assert replies.render(events.Left("dani", "quit")) == b"dani has left the chat\r\n"
    assert replies.render(events.Listed(("dani", "drew"))) == b"Online: dani, drew\r\n"
    assert replies.render(events.Whispered("dani", "drew", "hi")) == b"dani: MESG drew hi\r\n"
    assert replies.render(events.Full()) == b"Sorry the chat is full, please try later\r\n"
    greeting = b"Enter JOIN followed by your username: JOIN username\r\n"
    assert replies.render(events.Greeted()) == greeting
    assert replies.render(events.Closed()) == b"SERVER: the chat is closing\r\n"


def test_a_line_from_another_version() -> None:
    """The client is told nothing rather than something wrong."""
    assert replies.read("something else") is None
