"""``chatd history``: out of a file, into it, and less of it."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import ClassVar

import pytest

from chatd.archive import counting, formats, page
from chatd.archive.choosing import Choice
from chatd.archive.pruning import Pruning
from chatd.archive.taking_in import BATCH_LINES, NotAnExport, Taken, TakingIn
from chatd.contrast import contrast
from chatd.history import rows
from chatd.history.file import open_to_write
from chatd.history.reading import ROW_LINES, Reader, end_of
from chatd.history.waiting import Heard
from chatd.lines import Line, Search

START = 1_795_210_381.5
UTC = formats.Zone(local=False)


def line(seconds: float, text: str, speaker: str = "drew") -> Line:
    return Line(START + seconds, speaker, text)


def never(_: float) -> None:
    """Nobody sleeps in here."""


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    one = open_to_write(tmp_path / "h.db")
    yield one
    while rows.make_searchable(one, 1):
        pass
    assert one.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    one.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    one.close()


def put(connection: sqlite3.Connection, *lines: Line) -> None:
    heard = [Heard(round(one.at * 1000), 1, one.speaker, (one.text,)) for one in lines]
    rows.add(connection, heard, end_of(connection))


def told(connection: sqlite3.Connection, choice: Choice | None = None) -> list[Line]:
    return list((choice or Choice()).of(Reader(connection)))


def texts(connection: sqlite3.Connection, choice: Choice | None = None) -> list[str]:
    return [one.text for one in told(connection, choice)]


def exported(lines: list[Line]) -> bytes:
    return "".join(formats.jsonl(lines, UTC)).encode()


def take(connection: sqlite3.Connection, export: bytes) -> Taken:
    return TakingIn(connection, io.BytesIO(export), never).take()


class TestChoosing:
    @pytest.mark.parametrize(
        ("choice", "chosen"),
        [
            (Choice(), ["tea", "Milk", "tea and milk", "sugar"]),
            (Choice(since=START + 2), ["tea and milk", "sugar"]),
            (Choice(until=START + 2), ["tea", "Milk"]),
            (Choice(since=START + 1, until=START + 3), ["Milk", "tea and milk"]),
            (Choice(names=("DANI",)), ["Milk"]),
            (Choice(names=("dani", "eve")), ["Milk", "sugar"]),
            (Choice(words=("milk",)), ["Milk", "tea and milk"]),
            (Choice(words=("milk", "te")), ["tea and milk"]),
            (Choice(words=("beer",)), []),
        ],
    )
    def test_what_is_wanted(
        self, connection: sqlite3.Connection, choice: Choice, chosen: list[str]
    ) -> None:
        """By time, by whoever said it in any spelling, and by words."""
        put(connection, line(0, "tea"), line(1, "Milk", "Dani"))
        put(connection, line(2, "tea and milk"), line(3, "sugar", "eve"))
        assert texts(connection, choice) == chosen

    @pytest.mark.parametrize(("indexed", "read"), [(0, 27), (7, 12), (10, 3)])
    def test_words_that_the_index_knows(
        self, connection: sqlite3.Connection, indexed: int, read: int
    ) -> None:
        """Each line once, from the index as far as that goes, and only what is behind it is
        looked through; of lines that were said at once, too."""
        for number in range(10):
            at = round(1000 * (START + number))
            text = ("milk", f"Tea {number}", "TEA and milk")
            rows.add(connection, [Heard(at, 1, "drew", text)], end_of(connection))
        rows.make_searchable(connection, 3 * indexed or 100)
        connection.execute("DELETE FROM said WHERE id = 4")
        wanted = [one for n in range(10) if n != 1 for one in (f"Tea {n}", "TEA and milk")]
        assert texts(connection, Choice(words=("tea",))) == wanted
        assert texts(connection, Choice(words=("te",))) == wanted
        assert texts(connection, Choice(words=("tea", "mi"))) == ["TEA and milk"] * 9
        assert texts(connection, Choice(since=START + 6, words=("tea",))) == wanted[10:]
        assert len(list(Reader(connection).each(words=("Tea 3",)))) == read


class TestFormats:
    NASTY: ClassVar = [
        line(0, "=1+1"),
        line(1, '<script>alert("x")</script> & more'),
        line(2, "漢字, \"quoted\"; 'single'"),
        line(3, "+49 and\ttab", "-minus-"),
        line(90_000, "another day", "<::1>"),
    ]

    def test_text(self) -> None:
        """A line to the line, and nothing in it that a terminal would obey."""
        assert list(formats.text([line(0, "a\x1b[31mb")], UTC)) == [
            "2026-11-20 21:33:01 drew: ab\n"
        ]

    def test_json_lines(self) -> None:
        """Each line is an object with the time to the millisecond."""
        first, *_ = [json.loads(one) for one in formats.jsonl(self.NASTY, UTC)]
        assert first == {"at": "2026-11-20T21:33:01.500Z", "speaker": "drew", "text": "=1+1"}

    def test_csv(self) -> None:
        """It is read as it was written, but for what a spreadsheet would calculate with."""
        read = list(csv.reader(io.StringIO("".join(formats.table(self.NASTY, UTC)), newline="")))
        assert [row[2] for row in read[1:]] == [
            "'=1+1",
            *(one.text for one in self.NASTY[1:3]),
            "'+49 and\ttab",
            "another day",
        ]
        assert read[4][1] == "'-minus-"
        raw = list(csv.reader(io.StringIO("".join(formats.table(self.NASTY, UTC, raw=True)))))
        assert [row[2] for row in raw[1:]] == [one.text for one in self.NASTY]

    def test_html(self) -> None:
        """What was said stands in it as text and makes no element; each day has a heading."""
        seen = Seen()
        seen.feed("".join(page.page(self.NASTY, UTC)))
        assert not {"script", "img", "link", "iframe", "a"} & set(seen.tags)
        assert seen.tags.count("h2") == 2
        assert "Friday, 20 November 2026" in seen.text
        assert all(one.text in seen.text for one in self.NASTY)
        assert "5 lines" in seen.text
        assert not [url for url in seen.attributes if "//" in url]

    def test_html_of_nothing(self) -> None:
        """An empty history is a page that says so."""
        assert "No lines." in "".join(page.page([], UTC))

    @pytest.mark.parametrize("ground", [page.LIGHT, page.DARK])
    def test_names_can_be_read(self, ground: str) -> None:
        """Every colour of a name has enough contrast, on white and in the dark."""
        sheet = page.style()
        for number in range(page.COLOURS):
            shown = page.colour(number, ground)
            between = contrast(page.brightness(shown), page.brightness(ground))
            assert between >= page.LEAST_CONTRAST
            assert shown in sheet
        assert ground in sheet


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


class TestTakingIn:
    LINES: ClassVar = [
        line(number / 10, f"line {number}.") for number in range(2 * BATCH_LINES + 7)
    ]

    def test_into_an_empty_file(self, connection: sqlite3.Connection) -> None:
        """What comes out is what went in; the second time nothing is added."""
        assert take(connection, exported(self.LINES)) == Taken(0, len(self.LINES), 0)
        assert told(connection) == self.LINES
        assert take(connection, exported(self.LINES)) == Taken(0, 0, len(self.LINES))
        assert told(connection) == self.LINES

    @pytest.mark.parametrize("is_indexed", [True, False])
    def test_around_what_is_there(self, connection: sqlite3.Connection, is_indexed: bool) -> None:
        """Older lines go before, newer ones behind; between, nothing is put, which may have been
        removed because somebody wanted it. All are found."""
        middle = [one for one in self.LINES[BATCH_LINES + 50 : -500] if one.at % 1 != 0.2]
        put(connection, *middle)
        if is_indexed:
            rows.make_searchable(connection, 10)
        end = end_of(connection)
        taken = take(connection, exported(self.LINES))
        assert taken == Taken(BATCH_LINES + 50, 500, len(self.LINES) - BATCH_LINES - 550)
        assert told(connection) == self.LINES[: BATCH_LINES + 50] + middle + self.LINES[-500:]
        found = Reader(connection).page(Search((" 17.",)), end_of(connection)).lines
        assert Line(self.LINES[17].at, "drew", "line 17.") in found
        assert end_of(connection) == end + 500
        Pruning(connection, never).all_but(0)
        assert told(connection) == []

    def found(self, connection: sqlite3.Connection, word: str) -> list[str]:
        answer = Reader(connection).page(Search((word,)), end_of(connection))
        assert not answer.note
        return [one.text for one in answer.lines]

    def test_older_lines_are_found_by_short_words(self, connection: sqlite3.Connection) -> None:
        """Lines before the first one that was there are looked through as all others are."""
        put(connection, line(1000, "now"))
        more = [line(1, "more")] * 2 * ROW_LINES
        take(connection, exported([line(0, "茶 and milk"), *more]))
        assert self.found(connection, "茶") == ["茶 and milk"]

    def test_older_lines_in_an_index_that_is_made_again(
        self, connection: sqlite3.Connection
    ) -> None:
        """They are put into it, too, and found before and after that."""
        put(connection, line(1000, "now"))
        rows.make_searchable(connection, 1)
        take(connection, exported([line(0, "tea and milk"), line(1, "more")]))
        rows.forget_index(connection)
        assert self.found(connection, "milk") == ["tea and milk"]
        while rows.make_searchable(connection, 1):
            pass
        assert self.found(connection, "milk") == ["tea and milk"]
        connection.execute("DELETE FROM said WHERE speaker = 'drew'")
        connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")

    def test_broken_off(self, connection: sqlite3.Connection) -> None:
        """An import that was broken off is finished by the next."""
        put(connection, line(1000, "now"))

        class Killed(Exception):
            pass

        def die(_: float) -> None:
            raise Killed

        with pytest.raises(Killed):
            TakingIn(connection, io.BytesIO(exported(self.LINES)), die).take()
        assert len(told(connection)) < len(self.LINES)
        take(connection, exported(self.LINES))
        assert told(connection) == [*self.LINES, line(1000, "now")]

    @pytest.mark.parametrize(
        "wrong",
        [
            b"{}",
            b"[]",
            b"nonsense",
            b"\xff",
            b'{"at":"soon","speaker":"drew","text":"x"}',
            b'{"at":5,"speaker":"drew","text":"x"}',
            b'{"at":"2026-11-20T21:33:01Z","speaker":"drew","text":"a\\nb"}',
            b'{"at":"2026-11-20T21:33:01Z","speaker":"drew","text":"\\u001b[31m"}',
            b'{"at":"2026-11-20T21:33:01Z","speaker":"drew","text":"\\ud800"}',
            b'{"at":"2026-11-20T21:33:01Z","speaker":"SERVER","text":"x"}',
            b'{"at":"2026-11-20T21:33:01Z","speaker":"a b","text":"x"}',
            b'{"at":"2026-11-20T21:33:01Z","speaker":"drew","text":""}',
            b'{"at":"2026-11-20T21:33:01Z","speaker":"drew","text":"' + b"x" * 70_000 + b'"}',
            b"[" * 60_000,
        ],
    )
    def test_what_is_no_export(self, connection: sqlite3.Connection, wrong: bytes) -> None:
        """It is named by its line, and nothing is taken in."""
        with pytest.raises(NotAnExport, match=r"^line 4"):
            take(connection, exported(self.LINES[:3]) + wrong + b"\n" + exported(self.LINES[4:]))
        assert told(connection) == []


class TestPruning:
    @pytest.mark.parametrize(
        ("prune", "left"),
        [
            (lambda one: one.before(START + 2), ["c", "d", "e"]),
            (lambda one: one.all_but(2), ["d", "e"]),
            (lambda one: one.all_but(100), ["a", "b", "c", "d", "e"]),
            (lambda one: one.of("DREW"), ["b", "d"]),
            (lambda one: one.of("nobody"), ["a", "b", "c", "d", "e"]),
        ],
    )
    def test_less_of_it(
        self,
        connection: sqlite3.Connection,
        prune: Callable[[Pruning], None],
        left: list[str],
    ) -> None:
        """By time, by number, and by name in any spelling."""
        for number, text in enumerate("abcde"):
            put(connection, line(number, text, ("Drew", "dani")[number % 2]))
        pruning = Pruning(connection, never)
        put(connection, line(1.5, "gone", "eve"))
        pruning.of("eve")
        prune(pruning)
        pruning.give_back()
        assert texts(connection) == left
        assert pruning.count() == len(left)


def test_figures(connection: sqlite3.Connection, tmp_path: Path) -> None:
    """How much there is, from when to when, and of whom, whatever the spelling."""
    path = tmp_path / "h.db"
    assert counting.count(connection, path).lines == 0
    put(connection, line(0, "a", "Dani"), line(1, "b", "dani"), line(2, "c", "dani"), line(3, "d"))
    figures = counting.count(connection, path)
    assert (figures.lines, figures.first, figures.last) == (4, START, START + 3)
    assert figures.speakers == (("dani", 3), ("drew", 1))
    assert "from: 2026-11-20 21:33:01 to 2026-11-20 21:33:04 (UTC)" in counting.words(figures, UTC)
