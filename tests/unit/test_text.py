"""Nothing that could do more than be read reaches a screen or the log."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.wire.text import clean


@pytest.mark.parametrize(
    ("dirty", "shown"),
    [
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("a\x1b[2J\x1b[1;1Hb", "ab"),
        ("a\x9b31mb", "ab"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x1b]0;title\x1b\\b", "ab"),
        ("a\x1b]52;c;aGk=\x9cb", "ab"),
        ("a\x9d0;title\x9cb", "ab"),
        ("a\x1bP1$r\x1b\\b", "ab"),
        ("a\x1b]0;no end", "a0;no end"),
        ("a\x1bcb", "ab"),
        ("a\x1b(0b", "ab"),
        ("a\x1b", "a"),
        ("a\x07\x08\x7f\0b", "ab"),
        ("a\rSERVER: b", "aSERVER: b"),
        ("a\x85\x84b", "ab"),
        ("a\u202eb\u2066c\u2069", "abc"),
        ("a\u200b\u2060\ufeffb\u2028\u2029c", "abc"),
        ("a\U000e0041\U000e0042b", "ab"),
        ("a" + "\u0301" * 50 + "b", "a" + "\u0301" * 4 + "b"),
        ("a" + "\u0301\u0301\u0301\u0301\u200d" * 5 + "b", "a" + "\u0301" * 4 + "b"),
        ("a\u115f\u3164\u034fb", "ab"),
        ("x" + "\u0301\U000e0101" * 9, "x" + "\u0301\U000e0101" * 2),
    ],
)
def test_taken_out(dirty: str, shown: str) -> None:
    """Escape sequences, controls, invisible characters, direction changes, piled-up marks."""
    assert clean(dirty) == shown


@pytest.mark.parametrize(
    "text",
    [
        "tab\tstays", "Привет", "می\u200cخواهم", "क्\u200dष", "שָׁלוֹם", "Việt", "ภาษาไทย", "日本語",
        "한국어", "e\u0301", "❤\ufe0f", "👍🏽", "🇬🇧", "👩\u200d👩\u200d👧",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ],
)  # fmt: skip
def test_left_alone(text: str) -> None:
    """Living scripts and emoji are what people write."""
    assert clean(text) == text


@given(st.text())
def test_whatever_comes(text: str) -> None:
    """No control but tab and line feed is left, and cleaning twice changes nothing more."""
    shown = clean(text)
    assert not [c for c in shown if unicodedata.category(c) == "Cc" and c not in "\t\n"]
    assert clean(shown) == shown


@given(
    st.text(st.sampled_from("a\x1b[]\\0;m\x07\x9b\x9d\x9c\u0301\U000e0062\U0001f3f4"), max_size=30)
)
def test_sequences_within_sequences(text: str) -> None:
    """Taking one out never leaves another."""
    shown = clean(text)
    assert not set(shown) & set("\x1b\x07\x9b\x9d\x9c")
    assert clean(shown) == shown
