"""Facts about characters that Python's own unicodedata lacks: scripts and look-alikes.

The data is that of the confusable-homoglyphs package: Scripts.txt and confusables.txt of
Unicode. Its files are read here because its code holds 10 MB of them for good.
"""

import json
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Any

import confusable_homoglyphs

_LEFT_TO_RIGHT_MARK = "\u200e"  # right-to-left letters come wrapped in it


def _load(name: str) -> Any:
    package = Path(confusable_homoglyphs.__file__).parent
    return json.loads((package / name).read_text(encoding="utf-8"))


def _read_ranges() -> tuple[list[int], list[tuple[int, str, str]]]:
    data = _load("categories.json")
    scripts, categories = data["iso_15924_aliases"], data["categories"]
    ranges = sorted(data["code_points_ranges"])
    return [first for first, *_ in ranges], [
        (last, scripts[script], categories[category]) for _, last, script, category in ranges
    ]


_firsts, _ranges = _read_ranges()


def script_of(character: str) -> str:
    """The script it belongs to, in capitals; COMMON and INHERITED belong to all."""
    code = ord(character)
    last, script, _ = _ranges[bisect_right(_firsts, code) - 1]
    return script if code <= last else "UNKNOWN"


def marks() -> tuple[str, str]:
    """All marks that are drawn over another character, as two insides of a regular
    expression's class: those of the 16-bit plane, and those beyond.
    """
    near: list[str] = []
    far: list[str] = []
    for first, (last, _, category) in zip(_firsts, _ranges, strict=True):
        if category in ("Mn", "Me"):
            (near if last <= 0xFFFF else far).append(f"{chr(first)}-{chr(last)}")
    return "".join(near), "".join(far)


@cache
def prototypes() -> dict[int, str]:
    """Each character that looks like another, and what stands for both (for str.translate).

    The data lists for each character of confusables.txt its prototype, and for each
    prototype its characters; the one that has a single entry is the character.
    """
    alike = {
        one.strip(_LEFT_TO_RIGHT_MARK): [entry["c"].strip(_LEFT_TO_RIGHT_MARK) for entry in entries]
        for one, entries in _load("confusables.json").items()
    }
    table = {}
    for one, others in alike.items():
        if len(one) == len(others) == 1:
            other = others[0]
            alone = len(other) == 1 and len(alike[other]) == 1
            table[ord(one)] = min(one, other) if alone else other
    return table
