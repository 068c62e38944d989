"""docs/guarantees.md names tests and rows that exist."""

import re
from pathlib import Path

import pytest

from tests.torture import rows
from tests.torture.row import NOT_YET, ROWS

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("page", "least"), [("guarantees", 30), ("history", 10)])
def test_every_test_that_is_named_is_there(page: str, least: int) -> None:
    """A promise that leans on a test that has gone is noticed."""
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) >= least
    gone = [
        f"{file}::{name}" for file, name in named if f"def {name}(" not in (ROOT / file).read_text()
    ]
    assert not gone


def test_every_row_is_in_the_table() -> None:
    """And no other."""
    assert rows.__all__
    named = re.findall(r"^\| [^|]* \| `([a-z-]+)` \|", PAGE, re.MULTILINE)
    assert sorted(named) == sorted([*ROWS, *NOT_YET])
