"""A colour for each name: the same one every day, and readable on light and dark."""

import zlib

from chatd.names import key_of

_LEVELS = (0, 95, 135, 175, 215, 255)
LEAST_CONTRAST = 4.1
"""Against black and against white (WCAG 2.1, 1.4.3 wants 4.5 for small text; nothing but a
few greys and greens has that on both sides)."""


def luminance(red: int, green: int, blue: int) -> float:
    """Relative luminance (WCAG 2.1), 0 for black to 1 for white."""
    parts = [part / 255 for part in (red, green, blue)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: float, other: float) -> float:
    """How far two luminances are apart: from 1 to 21."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


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
