"""Telnet's negotiation is answered and never shown, wherever the stream is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.wire.telnet import LONGEST_SUBNEGOTIATION, MOST_COMMANDS, TelnetFilter

PIECES = st.sampled_from(
    [
        b"a", b"\r\n", b"\r\0", b"\xff", b"\xff\xff", b"\xff\xf4", b"\xff\xfd\x06", b"\xff\xfb\x01",
        b"\xff\xfa\x18\x01\xff\xf0", b"\xff\xfa", b"\xff\xf0", b"\xff\xfc\x03", b"\xc3\xa9",
        b"\xfd",
    ]
)  # fmt: skip


def filtered(*chunks: bytes) -> tuple[bytes, bytes]:
    telnet = TelnetFilter()
    texts, answers = zip(*map(telnet.feed, chunks), strict=True)
    return b"".join(texts), b"".join(answers)


@pytest.mark.parametrize(
    ("sent", "text", "answer"),
    [
        (b"hi", b"hi", b""),
        (b"a\xff\xfd\x01b", b"ab", b"\xff\xfc\x01"),  # DO: WONT
        (b"a\xff\xfb\x01b", b"ab", b"\xff\xfe\x01"),  # WILL: DONT
        (b"a\xff\xfc\x01\xff\xfe\x01b", b"ab", b""),  # WONT, DONT: no answer, or it never ends
        (b"a\xff\xf4\xff\xfd\x06b", b"ab", b"\xff\xfc\x06"),  # Ctrl-C in inetutils-telnet
        (b"a\xff\xfa\x18\x00x\xff\xffy\xff\xf0b", b"ab", b""),
        (b"a\xff\xffb", b"a\xffb", b""),
        (b"\xff\xfd\xff b", b" b", b"\xff\xfc\xff"),
    ],
)
def test_commands(sent: bytes, text: bytes, answer: bytes) -> None:
    """Every option is declined; what is not text is taken out."""
    assert filtered(sent) == (text, answer)


def test_every_short_command_leaves_the_text_around_it() -> None:
    """All telnet commands of two and three bytes, and text before and after."""
    for code in range(0xEC, 0xFA):
        assert filtered(b"a" + bytes([0xFF, code]) + b"b")[0] == b"ab"
    for code in range(0xFB, 0xFF):
        for option in range(256):
            assert filtered(b"a" + bytes([0xFF, code, option]) + b"b")[0] == b"ab"


def test_a_latin_1_y_with_diaeresis_is_not_taken_for_telnet() -> None:
    """It stays, and the line is refused as not UTF-8 instead of being shown without it."""
    assert filtered(b"\xffes")[0] == b"\xffes"


def test_a_sub_negotiation_without_an_end() -> None:
    """Costs bounded memory, and text comes through again after it."""
    text, _ = filtered(b"\xff\xfa", *[b"x"] * LONGEST_SUBNEGOTIATION, b"hi\n")
    assert text == b"hi\n"


def test_more_commands_than_any_telnet_sends() -> None:
    """What comes after them is not read, wherever it is cut."""
    flood = b"a" + b"\xff\xf1" * MOST_COMMANDS + b"b\xff\xf1c"
    for size in (1, 7, len(flood)):
        telnet = TelnetFilter()
        chunks = [flood[start : start + size] for start in range(0, len(flood), size)]
        assert b"".join([telnet.feed(chunk)[0] for chunk in chunks]) == b"ab"
        assert telnet.is_flooded


@given(st.lists(PIECES), st.integers(1, 9))
def test_cut_anywhere(pieces: list[bytes], size: int) -> None:
    """Any chunks give what the whole gives."""
    data = b"".join(pieces)
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    assert filtered(b"", *chunks) == filtered(data)
