"""What a person may be called, and when two names are one."""

import pytest

from chatd.errors import Refused
from chatd.names import RESERVED, Name, key_of


@pytest.mark.parametrize(
    "text",
    [
        "dani",
        "Dani_2",
        "a.b-c",
        "x" * 20,
        "Zoë",
        "дани",
        "田中たろう",
        "김철수",
        "नमस्ते",
        "ด้วย",
        "שלום",
        "مرحبا",
    ],
)
def test_living_scripts_are_fine(text: str) -> None:
    """Letters and digits of any script make a name, shown as typed."""
    assert Name.chosen(text).shown == text


@pytest.mark.parametrize(
    "text",
    [
        "", "x" * 21, "two words", "a:b", "<dani>", "a@b", "da\u200bni", "\u0301a", "ﬁx", "x²", "①",
        "\u115f", "\u3164", "aː", "ʼa", "\ue000", "😀", "é" * 21,
        "a\u0301\u0302\u0303\u0304\u0305", "dani\u0307", "ᴅᴀɴɪ", "ꜱᴇʀᴠᴇʀ",
        "\u0644\u0651\u0651", "\ufdfa" * 20, "a" * 1000, "٣٤",
    ],
)  # fmt: skip
def test_what_is_no_name(text: str) -> None:
    """Everything else is refused in words."""
    with pytest.raises(Refused) as caught:
        Name.chosen(text)
    assert caught.value.code == "bad-name"
    assert " " in caught.value.sentence


@pytest.mark.parametrize("text", ["dаni", "pаypal", "αbc", "tеst1", "ｄаni"])
def test_scripts_that_no_language_mixes(text: str) -> None:
    """A Cyrillic or Greek letter can't hide in a Latin name."""
    with pytest.raises(Refused, match="one script"):
        Name.chosen(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dani", "dani"), ("ｄａｎｉ", "dani"), ("DANI", "dani"), ("Straße", "STRASSE"),
        ("ΣΑΣ", "σας"), ("Zoe\u0308", "ZOË"),
    ],
)  # fmt: skip
def test_names_that_read_the_same_are_the_same(one: str, other: str) -> None:
    """Case, width and composition make no difference."""
    assert Name.chosen(one).key == Name.chosen(other).key == key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("сосо", "coco"), ("dan1", "danl"), ("b0b", "bob"), ("mike", "rnike"), ("ΑΝΝΑ", "ANNA")],
)  # fmt: skip
def test_names_that_look_the_same(one: str, other: str) -> None:
    """Two names that the eye can't tell apart share a look, and are not the same name."""
    assert Name.chosen(one).looks & Name.chosen(other).looks
    assert Name.chosen(one).key != Name.chosen(other).key


def test_names_that_look_different() -> None:
    """Most names share nothing."""
    assert not Name.chosen("dani").looks & Name.chosen("drew").looks
    assert not Name.chosen("u1").looks & Name.chosen("u11").looks


@pytest.mark.parametrize(
    "word",
    [
        *RESERVED,
        "server",
        "Help",
        "ERR0R",
        "ᎻᎬᏞᏢ",
        "ＳＥＲＶＥＲ",
        "0nline",
        "P0NG",
        "SERVER.",
        "_error_",
    ],
)
def test_the_servers_own_words(word: str) -> None:
    """Nobody can be called, or look, like the first word of a line of the server's own."""
    with pytest.raises(Refused, match="the server's own"):
        Name.chosen(word)


def test_guests() -> None:
    """A guest is named after an address; no chosen name can look like that."""
    assert Name.guest("192.168.1.5", 1).shown == "<192.168.1.5>"
    assert Name.guest("192.168.1.5", 2).shown == "<192.168.1.5#2>"
    assert key_of("<FE80::1>") == Name.guest("fe80::1", 1).key
