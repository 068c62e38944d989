"""The colours of the window, light and dark: computed, so that all of them can be read."""

from collections.abc import Iterable
from functools import cache

import attrs

from chatd.client.colours import PALETTE
from chatd.contrast import contrast, luminance

LEAST_CONTRAST = 4.5
"""Of text with what is behind it (WCAG 2.1, 1.4.3)."""


@attrs.frozen
class Theme:
    """Each a colour as #rrggbb."""

    ground: str
    """Behind what is said."""
    surface: str
    """Behind all that is around it."""
    raised: str
    """Buttons and fields."""
    edge: str
    text: str
    quiet: str
    alarm: str
    private: str
    link: str
    private_ground: str
    call_ground: str
    notice_ground: str
    accent: str
    on_accent: str
    selected: str


LIGHT = Theme(
    ground="#ffffff",
    surface="#f3f4f6",
    raised="#ffffff",
    edge="#c9ced6",
    text="#1d2430",
    quiet="#5c6470",
    alarm="#b3261e",
    private="#7a2fa8",
    link="#1558b0",
    private_ground="#f7f0fb",
    call_ground="#fff3cd",
    notice_ground="#fdf3e1",
    accent="#1f5fbf",
    on_accent="#ffffff",
    selected="#cfe0fa",
)
DARK = Theme(
    ground="#1b1e24",
    surface="#23272f",
    raised="#2c313a",
    edge="#434a57",
    text="#e4e7ec",
    quiet="#a3abb8",
    alarm="#ff9a90",
    private="#d9a6f5",
    link="#8cb8ff",
    private_ground="#2a2333",
    call_ground="#3d3518",
    notice_ground="#38301f",
    accent="#8cb8ff",
    on_accent="#14181f",
    selected="#2f4a73",
)


@cache
def name_colours(theme: Theme) -> tuple[str, ...]:
    """The terminal's colours for names, each moved until it can be read wherever a name
    may stand in this theme."""
    grounds = (theme.ground, theme.surface, theme.private_ground, theme.call_ground)
    return tuple(_readable(colour, grounds) for colour in PALETTE)


def distance(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    return contrast(luminance(*_parts(one)), luminance(*_parts(other)))


def _readable(colour: str, grounds: Iterable[str]) -> str:
    grounds = tuple(grounds)
    towards = 0 if luminance(*_parts(grounds[0])) > 0.5 else 255
    for step in range(51):
        moved = _mixed(colour, towards, step / 50)
        if min(distance(moved, ground) for ground in grounds) >= LEAST_CONTRAST:
            return moved
    raise AssertionError(f"nothing can be read on {grounds}")


def _mixed(colour: str, towards: int, share: float) -> str:
    red, green, blue = (round(part + (towards - part) * share) for part in _parts(colour))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _parts(colour: str) -> tuple[int, int, int]:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
