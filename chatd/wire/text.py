"""What may reach somebody else's screen, or the log.

Terminal escape sequences, control characters, invisible and direction-changing
characters are taken out; tab stays, and so do the joiners that emoji and living
scripts need. Sequences: ECMA-48, 5.4 and 8.3; direction: Unicode Annex 9.
"""

import re

from chatd.unicode_data import marks

MOST_MARKS = 4
"""Combining marks kept on one letter (UTS 39, 5.4, allows as many in a name)."""


# The strings, OSC and DCS and such, end where another begins: else a line of nothing but
# beginnings would be gone through once for each of them.
_ESCAPES = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, reports
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n\x90\x98\x9d-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]?"  # everything else that begins with ESC
)
_CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
_JOINERS = "\u200c\u200d"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_TAG = "\U000e0000-\U000e007f"
# Tags draw flags such as Scotland's after a black flag, and nothing anywhere else.
_STRAY_TAGS = f"(?<![\U0001f3f4{_TAG}])[{_TAG}]+"
# A joiner is no mark, but marks on both sides of it are drawn on one letter.
_NEAR_MARKS, _FAR_MARKS = (f"[{some}{_JOINERS}]" for some in marks())
_MARKS = f"[{_NEAR_MARKS[1:-1]}{_FAR_MARKS[1:-1]}]"
_PILED_UP = f"(?<={_MARKS}{{{MOST_MARKS}}}){_MARKS}+"

_UNWANTED = re.compile(f"{_ESCAPES}|[{_CONTROL}{_INVISIBLE}]|{_STRAY_TAGS}")
_TOO_MANY = re.compile(_PILED_UP)  # afterwards: what is taken out may stand between two piles
# Most text has nothing of this, and these say so many times as fast: a class within the
# 16-bit plane is looked up in a table, one beyond it is gone through range by range.
_SUSPECT = re.compile(f"[{_CONTROL}{_INVISIBLE}]")
_PILE = re.compile(f"{_NEAR_MARKS}{_NEAR_MARKS}{{{MOST_MARKS}}}")
_FAR = re.compile(f"[{_TAG}]|{_FAR_MARKS}")


def clean(text: str) -> str:
    """``text`` without anything that could do more than be read. LF is kept: the caller splits."""
    if _is_clean(text):
        return text
    return _TOO_MANY.sub("", _UNWANTED.sub("", text))


def _is_clean(text: str) -> bool:
    if _SUSPECT.search(text):
        return False
    if text.isascii():
        return True
    return not _PILE.search(text) and (max(text) <= "\uffff" or not _FAR.search(text))
