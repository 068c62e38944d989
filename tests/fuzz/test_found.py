"""What the fuzzer has found, kept."""

import pytest

from chatd.wire.text import MOST_MARKS, clean


@pytest.mark.parametrize("between", ["\x85", "\x00", "\u200b", "\x1b[2J", "\x1b"])
def test_two_piles_of_marks_do_not_become_one(between: str) -> None:
    """Marks pile up no higher when something that is taken out stands between them."""
    pile = "\u0301" * MOST_MARKS
    assert clean("e" + between.join([pile] * 10)) == "e" + pile
