"""What the fuzzer has found, kept."""

from timeit import repeat

import pytest

from chatd.errors import Refused
from chatd.names import Name, key_of
from chatd.wire.text import MOST_MARKS, clean


@pytest.mark.parametrize("between", ["\x85", "\x00", "\u200b", "\x1b[2J", "\x1b"])
def test_two_piles_of_marks_do_not_become_one(between: str) -> None:
    """Marks pile up no higher when something that is taken out stands between them."""
    pile = "\u0301" * MOST_MARKS
    assert clean("e" + between.join([pile] * 10)) == "e" + pile


@pytest.mark.parametrize(
    "piece", ["\x9d", "\x90", "\x1b]", "\x9d\x1b", "\x9b1", "\x1b  ", "e\u0301"]
)
def test_a_long_line_takes_no_longer_than_its_length(piece: str) -> None:
    """Beginnings of sequences without an end do not hold the room up."""

    def seconds(length: int) -> float:
        text = piece * length
        return min(repeat(lambda: clean(text), number=3, repeat=5))

    assert seconds(4000) < 10 * seconds(1000)  # sixteen times, if each is looked at from each


@pytest.mark.parametrize("text", ["e" + "\u0301" * 79, "ش" * 500, "中" * 500])
def test_a_name_that_is_too_long_is_known_at_once(text: str) -> None:
    """What can't be a name is not looked at closely, be it in JOIN or in MESG."""

    def look() -> None:
        key_of(text)
        with pytest.raises(Refused):
            Name.chosen(text)

    assert min(repeat(look, number=10, repeat=5)) < 0.003  # 0.3 ms each; it was 2 to 12
