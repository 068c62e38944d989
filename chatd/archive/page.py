"""A history as one HTML file: no scripts, nothing fetched, light and dark, for screen and paper."""

import colorsys
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from html import escape
from importlib import resources

from chatd.archive.formats import Zone
from chatd.contrast import contrast, luminance
from chatd.lines import Line
from chatd.names import key_of
from chatd.wire.text import clean

COLOURS = 12
LEAST_CONTRAST = 4.5
"""Of a name against the page (WCAG 2.1, 1.4.3)."""
LIGHT, DARK = "#ffffff", "#16181d"
LATER_SECONDS = 300
"""After so long, or another day, the name of who goes on is shown again."""

_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Chat history</title>
<style>
{style}</style>
</head>
<body>
<header><h1>Chat history</h1><p>Times are {zone}.</p></header>
<main>
"""


def page(lines: Iterable[Line], zone: Zone) -> Iterator[str]:
    """The file, piece by piece."""
    yield _HEAD.format(style=style(), zone=escape(zone.name))
    count, day, last = 0, "", Line(0, "", "")
    for line in lines:
        at = zone.time(line.at)
        if (today := at.strftime("%Y-%m-%d")) != day:
            yield ("</section>\n" if day else "") + _day(at, today)
            day, last = today, Line(0, "", "")
        goes_on = line.speaker == last.speaker and 0 <= line.at - last.at < LATER_SECONDS
        yield _line(line, at, goes_on)
        count, last = count + 1, line
    yield "</section>\n" if day else '<p class="none">No lines.</p>\n'
    total = "1 line" if count == 1 else f"{count} lines"
    yield f"</main>\n<footer>{total}</footer>\n</body>\n</html>\n"


def _day(at: datetime, today: str) -> str:
    shown = f"{at:%A}, {at.day} {at:%B %Y}"
    return f'<section>\n<h2><time datetime="{today}">{shown}</time></h2>\n'


def _line(line: Line, at: datetime, goes_on: bool) -> str:
    which = ' class="on"' if goes_on else ""
    return (
        f'<p{which}><time datetime="{at.isoformat()}">{at:%H:%M}</time> {_name(line.speaker)} '
        f'<span dir="auto">{escape(clean(line.text))}</span></p>\n'
    )


@lru_cache(maxsize=1000)
def _name(speaker: str) -> str:
    number = zlib.crc32(key_of(speaker).encode()) % COLOURS
    return f'<b class="n{number}" dir="auto">{escape(clean(speaker))}</b>'


def style() -> str:
    """The style sheet, with a colour for each name on each ground."""
    text = (resources.files("chatd.archive") / "page.css").read_text(encoding="utf-8")
    light = "".join(f".n{n} {{ color: {colour(n, LIGHT)} }}\n" for n in range(COLOURS))
    dark = "".join(f".n{n} {{ color: {colour(n, DARK)} }}\n" for n in range(COLOURS))
    return f"{text}{light}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n"


@lru_cache
def colour(number: int, ground: str) -> str:
    """The colour with this number: of those that can be read on the ground, the strongest."""
    is_dark = brightness(ground) < 0.5
    for step in range(100):
        lightness = 0.45 + step / 200 if is_dark else 0.45 - step / 250
        red, green, blue = colorsys.hls_to_rgb(number / COLOURS, lightness, 0.65)
        shown = f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
        if contrast(brightness(shown), brightness(ground)) >= LEAST_CONTRAST:
            return shown
    raise AssertionError(f"no colour can be read on {ground}")


def brightness(shown: str) -> float:
    """The relative luminance of a colour such as #16181d."""
    return luminance(*(int(shown[start : start + 2], 16) for start in (1, 3, 5)))
