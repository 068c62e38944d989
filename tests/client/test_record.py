"""The file of --log: the user's own transcript."""

import io
from datetime import datetime
from pathlib import Path

import pytest

from chatd.client import facts, past
from chatd.client.past import Why
from chatd.client.record import Record
from chatd.client.written import Written

NOW = datetime(2026, 11, 20, 21, 33)
EARLIER = datetime(2026, 11, 20, 21, 3)


def written(file: io.StringIO, *shown: facts.Fact, before: Written | None = None) -> list[str]:
    record = Record(file, lambda: NOW, before or Written())
    for fact in shown:
        record.show(fact)
    return file.getvalue().splitlines()


def said(text: str, why: Why = Why.BEFORE) -> past.Said:
    return past.Said(EARLIER.timestamp(), "drew", text, why)


def test_lines_of_the_past() -> None:
    """They are written with their own date, behind a bar; what was looked up is not."""
    lines = written(
        io.StringIO(),
        past.Began(Why.BEFORE),
        said("tea"),
        past.Ended(Why.BEFORE, 1),
        facts.OtherSaid("drew", "milk"),
        said("sugar", Why.FOUND),
        said("cups", Why.MISSED),
    )
    assert lines == [
        "2026-11-20 21:03:00 | drew: tea",
        "2026-11-20 21:33:00 drew: milk",
        "2026-11-20 21:03:00 | drew: cups",
    ]


def test_none_is_written_twice() -> None:
    """Neither what was heard in this run, nor what was shown as past before."""
    at = NOW.timestamp()
    again = past.Said(at - 2, "drew", "milk", Why.MISSED)
    own = past.Said(at - 2, "dani", "mine", Why.MISSED)
    lines = written(
        io.StringIO(),
        *(facts.OtherSaid("drew", "milk"), facts.OwnSaid("mine"), said("tea")),
        *(again, own, said("tea"), again),
    )
    assert [line[20:] for line in lines] == [
        "drew: milk",
        "You: mine",
        "| drew: tea",
        "| drew: milk",
    ]


def test_none_that_an_earlier_run_has_written(tmp_path: Path) -> None:
    """Who comes back finds in the file what they saw; only the rest is added."""
    log = tmp_path / "log"
    log.write_text(
        "no date\n2026-11-20 21:03:04 drew: tea\n2026-11-20 21:03:05 | drew: milk\n"
        "2026-11-19 21:03:05 drew: sugar\n2026-13-99 99:99:99 drew: sugar\n\xff"
    )
    before = Written()
    before.look_at(log)
    shown = (said("tea"), said("milk"), said("sugar"), said("tea"))
    lines = written(io.StringIO(), *shown, before=before)
    assert [line[20:] for line in lines] == ["| drew: sugar", "| drew: tea"]


@pytest.mark.parametrize("name", ["missing", "/dev/null", "."])
def test_what_is_no_file(tmp_path: Path, name: str) -> None:
    """A log that is no file has nothing in it."""
    before = Written()
    before.look_at(tmp_path / name)
    assert not before.has(NOW, "x")
