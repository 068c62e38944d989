"""Passwords, their hashes, and the names that have one."""

import pytest

from chatd.names import Name
from chatd.passwords import LONGEST, Hashed, prepared
from chatd.registered import Owner, Registered, read_hash, read_names, written

CHEAP = "$scrypt$ln=4,r=1,p=1$"
"""How a hash begins that costs nothing to try; it has the form of any other."""


def cheap(password: str) -> Hashed:
    """The hash of this password that takes no time."""
    salt, empty = b"salt", Hashed(4, 1, 1, b"salt", b"\0" * 32)
    return Hashed(4, 1, 1, salt, empty._scrypt(prepared(password)))


def test_a_hash_knows_its_password() -> None:
    """And no other, after being written and read; it shows neither."""
    hashed = Hashed.of("correct horse", b"0123456789abcdef")
    again = Hashed.read(str(hashed))
    assert again == hashed
    assert again.matches("correct horse")
    assert not again.matches("correct horsf")
    assert str(hashed).startswith("$scrypt$ln=15,r=8,p=1$")
    assert "scrypt" not in repr(hashed)


def test_two_ways_to_type_a_password() -> None:
    """A letter with its accent, or followed by it, is the same; case and width are not."""
    hashed = cheap("caf\u00e9")
    assert hashed.matches("cafe\u0301")
    assert not hashed.matches("CAF\u00c9")


@pytest.mark.parametrize(
    "text",
    ["", " x", "x\t", "a\0b", "a\x1b[1mb", "a\u202eb", "a\u00adb", "x" * (LONGEST + 1), "é" * 200,
     "a\u0301\u0301\u0301\u0301\u0301\u0301", "\ud800"],
)  # fmt: skip
def test_what_can_be_no_password(text: str) -> None:
    """Is refused in words that do not repeat it, and never matches."""
    with pytest.raises(ValueError, match=r"^A password") as caught:
        prepared(text)
    assert not text.strip() or text not in str(caught.value)
    assert not cheap("x").matches(text)


@pytest.mark.parametrize(
    "text",
    ["", "secret", "$scrypt$ln=15,r=8,p=1$c2FsdA", "$scrypt$ln=30,r=8,p=1$c2FsdA$" + "A" * 43,
     "$scrypt$ln=0,r=8,p=1$c2FsdA$" + "A" * 43, "$scrypt$ln=4,r=1,p=1$c2FsdA$AAAA",
     "$scrypt$ln=4,r=1,p=1$c2FsdA$" + "A" * 41, "$2b$12$abcdefghijklmnopqrstuv"],
)  # fmt: skip
def test_what_is_no_hash(text: str) -> None:
    """Such as one that would take a gigabyte to try: refused."""
    with pytest.raises(ValueError, match="hash"):
        Hashed.read(text)


def test_the_file_of_the_room() -> None:
    """One line, whatever an editor has put around it."""
    hashed = cheap("x")
    assert read_hash(f"\ufeff# the room's\r\n\r\n{hashed}\r\n") == hashed
    for text in ("", f"{hashed}\n{hashed}\n"):
        with pytest.raises(ValueError, match="should have one line, and has "):
            read_hash(text)


def test_the_file_of_names() -> None:
    """What is written is read again, comments, blank lines and CR LF aside."""
    owners = [Owner(Name.chosen(name), cheap(name)) for name in ("dani", "Zoë", "김")]
    text = "\ufeff# names\r\n\r\n" + written(owners).replace("\n", "\r\n")
    assert list(read_names(text)) == owners


def test_faults_in_the_file_of_names() -> None:
    """All at once, each with its line, and no hash is repeated."""
    good = f"dani {cheap('x')}"
    with pytest.raises(ValueError, match=r"line 2") as caught:
        read_names(f"{good}\nDANI {cheap('y')}\nzoe\nserver {cheap('z')}\n{'x' * 21} $scrypt\n")
    faults = str(caught.value).splitlines()
    assert [fault[:6] for fault in faults] == ["line 2", "line 3", "line 4", "line 5"]
    assert "the name of line 1" in faults[0]
    assert "$" not in str(caught.value)


def test_look_alikes_in_the_file_of_names() -> None:
    """Two people whom nobody could tell apart are a fault."""
    with pytest.raises(ValueError, match="line 2 has the name of line 1, or one like it"):
        read_names(f"coco {cheap('x')}\nсосо {cheap('y')}\n")


def test_whose_name_it_is() -> None:
    """In every case; what only looks like it is found, too."""
    names = Registered([Owner(Name.chosen("Coco"), cheap("x"))])
    owner = names.owner(Name.chosen("COCO"))
    assert owner is not None
    assert names.looking_like(Name.chosen("coco")) is None
    assert names.looking_like(Name.chosen("c0co")) == owner
    assert names.owner(Name.chosen("c0co")) is None
    assert names.looking_like(Name.chosen("dani")) is None
