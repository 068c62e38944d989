"""What Tab makes of a half-typed line."""

from collections.abc import Iterable
from itertools import takewhile

import attrs

from chatd.client.typed import SLASH_COMMANDS


@attrs.frozen
class Completed:
    """``before``: what now stands before the cursor. ``choices``: what it could become, if
    that is more than one thing."""

    before: str
    choices: tuple[str, ...] = ()


def complete(before: str, people: Iterable[str]) -> Completed:
    """``before``: what stands before the cursor. ``people``: who is in."""
    start = max(before.rfind(" "), before.rfind("\t"), before.rfind("\n")) + 1
    word = before[start:]
    if start == 0 and word.startswith("/"):
        choices, end = list(SLASH_COMMANDS), " "
    else:
        choices, end = list(people), ": " if start == 0 else " "
    choices = [choice for choice in choices if choice.casefold().startswith(word.casefold())]
    if not choices:
        return Completed(before)
    if len(choices) == 1:
        return Completed(before[:start] + choices[0] + end)
    return Completed(before[:start] + _common(word, choices), tuple(choices))


def _common(word: str, choices: list[str]) -> str:
    folded = [choice.casefold() for choice in choices]
    length = sum(1 for _ in takewhile(lambda at: len(set(at)) == 1, zip(*folded, strict=False)))
    first = choices[0][:length]
    # Case folding may change the length, and what is typed must not get shorter.
    return first if first.casefold().startswith(word.casefold()) else word
