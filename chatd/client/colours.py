"""A colour for each name: the same one every day, and readable on light and dark."""

import zlib

from chatd.contrast import contrast, luminance
from chatd.names import key_of

_LEVELS = (0, 95, 135, 175, 215, 255)
LEAST_CONTRAST = 4.1
"""Against black and against white (WCAG 2.1, 1.4.3 wants 4.5 for small text; nothing but a
few greys and greens has that on both sides)."""


def _readable(red: int, green: int, blue: int) -> bool:
    here = luminance(red, green, blue)
    both = min(contrast(here, 0), contrast(here, 1))
    return both >= LEAST_CONTRAST and max(red, green, blue) - min(red, green, blue) >= 80


PALETTE = tuple(
    f"#{red:02x}{green:02x}{blue:02x}"
    for red in _LEVELS
    for green in _LEVELS
    for blue in _LEVELS
    if _readable(red, green, blue)
)
"""Of the 216 colours that every terminal of today has, those that can be read anywhere."""


def colour_of(name: str) -> int:
    """The place in PALETTE of the colour of this name, however it is written."""
    return zlib.crc32(key_of(name).encode()) % len(PALETTE)
