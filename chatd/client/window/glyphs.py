"""Letters that this machine can't draw without harm.

Tk draws with libXft, and an X server ends a client whose libXft (before 2.3.5) hands it a
glyph of a colour font. There, emoji are shown by their names.
"""

import ctypes
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress

FIRST_WITH_COLOUR = 20305
_EMOJI = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]")


def drawable(windowing: str, version: int | None) -> Callable[[str], str]:
    """What to do with a text before it is drawn. ``windowing``: what Tk says it runs on.
    ``version``: of libXft; None where there is none, and so no such font either."""
    if windowing != "x11" or version is None or version >= FIRST_WITH_COLOUR:
        return str
    return lambda text: _EMOJI.sub(_named, text)


def xft_version() -> int | None:
    """Of the library here, as 20306 for 2.3.6."""
    with suppress(OSError, AttributeError):
        return int(ctypes.CDLL("libXft.so.2").XftGetVersion())
    return None


def _named(emoji: re.Match[str]) -> str:
    return f":{unicodedata.name(emoji[0], 'emoji').lower().replace(' ', '_')}:"
