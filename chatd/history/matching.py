"""Search: which lines have all the words, in any case, also inside of other words."""

from collections.abc import Sequence

SHOWN = 100
"""Lines that a search shows, the newest ones, at most."""

LOOKED_THROUGH = 200_000
"""Lines that are looked through one by one, at most, where no index helps."""

TRIGRAM = 3
"""The index knows words of so many characters and longer."""

CUT_SHORT = "Older lines were not looked through. Longer words find them."
NOT_YET = "Some of what was said lately was not looked through yet."


def has_all(words: Sequence[str], text: str) -> bool:
    """Whether all the words, which are casefolded, are in a line."""
    folded = text.casefold()
    return all(word in folded for word in words)


def folded(words: Sequence[str]) -> list[str]:
    """Words as ``has_all`` wants them."""
    return [word.casefold() for word in words]


def match(words: Sequence[str]) -> str:
    """What to ask of the index for the words that it can know; empty where there are none.

    Each is quoted: what people type is never the index's own language.
    """
    known = [word for word in words if len(word) >= TRIGRAM]
    return " AND ".join('"' + word.replace('"', '""') + '"' for word in known)


def like(words: Sequence[str]) -> tuple[str, list[str]]:
    """An SQL condition on ``text`` for all the words, and its parameters.

    SQLite's LIKE knows the case of ASCII only, so words of other letters are tried in
    several. It may let through a bit too little for such words, and never what ``has_all``
    would have to keep out.
    """
    conditions, parameters = ["1"], []
    for word in words:
        forms = list(dict.fromkeys((word, word.lower(), word.upper(), word.title())))
        forms = forms[:1] if word.isascii() else forms
        conditions.append("(" + " OR ".join(["text LIKE ? ESCAPE '\\'"] * len(forms)) + ")")
        parameters += [f"%{_escaped(form)}%" for form in forms]
    return " AND ".join(conditions), parameters


def _escaped(word: str) -> str:
    for character in "\\%_":
        word = word.replace(character, "\\" + character)
    return word
