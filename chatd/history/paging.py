"""Answers go out in pages, so that a long one costs its asker time and nobody memory."""

from collections.abc import Iterable

from chatd.lines import Between, Line, Page

PAGE_LINES = 1000
PAGE_BYTES = 65536
"""A page has as many lines, and bytes, as this at most, but one line at least."""

AROUND = 64
"""Bytes that a line has on the wire beside its text, or a few more."""

Numbered = tuple[int, Line]


def first_page(lines: Iterable[Numbered], between: Between, most: int) -> Page:
    """As many of ``lines``, which are the whole answer, as fit into ``most`` bytes."""
    page: list[Line] = []
    size = 0
    for number, line in lines:
        size += AROUND + len(line.text.encode())
        if page and (size > most or len(page) == PAGE_LINES):
            return Page(tuple(page), Between(number, between.end, between.since))
        page.append(line)
    return Page(tuple(page))
