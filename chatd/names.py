"""Names: what a person may be called, and when two names are one.

Width, case and the bidi rule are RFC 8265 (PRECIS UsernameCaseMapped); scripts
and look-alikes are Unicode Technical Standard 39, with the data of the
confusable-homoglyphs package. ``docs/decisions/names.md`` says why these.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise

import attrs
from precis_i18n import get_profile

from chatd.errors import Refused
from chatd.unicode_data import prototypes, script_of

LONGEST = 20
"""Characters (code points, composed) in a name, at most."""

MOST_MARKS = 4
"""Combining marks on one letter, at most (UTS 39, section 5.4)."""

RESERVED = ("SERVER", "ERROR", "ONLINE", "SORRY", "ENTER", "HIST", "HELP", "RECORD", "PONG")
"""First words of the server's own lines (docs/protocol.md)."""

_RULE = f"A name is 1 to {LONGEST} letters, digits, _ - or . without spaces."
_PLAIN = re.compile(rf"[A-Za-z0-9_.-]{{1,{LONGEST}}}\Z")
_DOTTED_TWICE = {letter + "\u0307" for letter in "ijıȷіј"}  # the dot does not show
_ANY_SCRIPT = {"COMMON", "INHERITED"}
_WRITTEN_TOGETHER = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)
"""Scripts that one language mixes: the 'highly restrictive' level of UTS 39, 5.2."""

_shown_form = get_profile("UsernameCasePreserved")
_key_form = get_profile("UsernameCaseMapped")


def _skeleton(text: str) -> str:
    """What the eye makes of it (UTS 39, section 4), case set aside."""
    if not text.isascii():
        text = unicodedata.normalize("NFD", text)
    return text.translate(prototypes()).casefold()


def _looks(shown: str, key: str) -> frozenset[str]:
    # Both, because I looks like l and i does not.
    return frozenset((_skeleton(shown), _skeleton(key)))


@cache
def _reserved_looks() -> frozenset[str]:
    return frozenset().union(*(_looks(word, word.lower()) for word in RESERVED))


def prepare() -> None:
    """Load what names are looked up in, which takes some 25 ms, before anybody asks."""
    _reserved_looks()


@attrs.frozen
class Name:
    """What a person is called.

    ``shown`` is how others read it; two names with the same ``key`` are the same
    name; two names that share one of ``looks`` can't be told apart by eye.
    """

    shown: str
    key: str
    looks: frozenset[str] = attrs.field(default=frozenset(), eq=False)

    @classmethod
    def chosen(cls, text: str) -> "Name":
        """The name that somebody asks for.

        Raises Refused (bad-name) with what is wrong with it.
        """
        if _PLAIN.match(text):
            shown, key = text, text.lower()
        else:
            shown, key = _composed(text)
            _check_letters(shown)
            _check_scripts(shown)
        looks = _looks(shown, key)
        if not _looks(shown.strip("_.-"), key.strip("_.-")).isdisjoint(_reserved_looks()):
            raise _bad(f"{shown} is a word of the server's own. Please choose another name.")
        return cls(shown, key, looks)

    @classmethod
    def guest(cls, address: str, number: int) -> "Name":
        """The name of a guest from this address, who is the ``number``-th from there.

        No chosen name can look like it: angle brackets are for guests alone.
        """
        shown = f"<{address}>" if number == 1 else f"<{address}#{number}>"
        return cls(shown, shown.casefold())

    @property
    def is_guest(self) -> bool:
        """Whether it was given by us, after an address."""
        return self.shown.startswith("<")


def key_of(text: str) -> str:
    """The key under which somebody called ``text`` would be found; any text will do."""
    if text.isascii():
        return text.lower()
    if _is_too_long(text):
        return text.casefold()
    try:
        return _folded(text)
    except UnicodeEncodeError:
        return text.casefold()


def _bad(sentence: str) -> Refused:
    return Refused("bad-name", sentence)


def _is_too_long(text: str) -> bool:
    """Whether it can't be a name. This is quick, and PRECIS takes 25 µs for each character."""
    return len(unicodedata.normalize("NFKC", text)) > LONGEST


def _folded(text: str) -> str:
    mapped: str = _key_form.enforce(text)
    # Lower case keeps sharp s and both sigmas apart; people do not.
    return unicodedata.normalize("NFC", mapped.casefold())


def _composed(text: str) -> tuple[str, str]:
    if not text or _is_too_long(text):
        raise _bad(_RULE)
    try:
        shown: str = _shown_form.enforce(text)
        return shown, _folded(text)
    except UnicodeEncodeError:
        raise _bad(_RULE) from None


def _check_letters(shown: str) -> None:
    if len(shown) > LONGEST or not all(map(_allowed, shown)):
        raise _bad(_RULE)
    if unicodedata.category(shown[0]).startswith("M"):
        raise _bad("A name begins with a letter, a digit, _ - or .")
    decomposed = unicodedata.normalize("NFD", shown)
    marks = 0
    for before, here in pairwise(decomposed):
        marks = marks + 1 if unicodedata.category(here) == "Mn" else 0
        if marks > MOST_MARKS or (marks and before == here) or before + here in _DOTTED_TWICE:
            raise _bad("That is too many marks on one letter of a name.")


def _allowed(character: str) -> bool:
    if character.isascii():
        return bool(_PLAIN.match(character))
    category = unicodedata.category(character)
    if unicodedata.name(character, "").startswith("LATIN LETTER SMALL CAPITAL"):
        return False  # no language is written in them, and SERVER can be
    if category == "Lm":  # some of these letters are drawn as a colon or an apostrophe
        seen = character.translate(prototypes())
        return not seen.isascii() or seen.isalnum()
    return category in ("Lu", "Ll", "Lo", "Nd", "Mn", "Mc")


def _check_scripts(shown: str) -> None:
    scripts = {script_of(character) for character in shown} - _ANY_SCRIPT
    if len(scripts) > 1 and not any(scripts <= mix for mix in _WRITTEN_TOGETHER):
        raise _bad("A name keeps to the letters of one script.")
