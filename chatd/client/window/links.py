"""Addresses in what was said: where they stand, and where they lead.

Only what begins with http:// or https:// counts. The text on the screen is the address
itself, so nobody can show one and mean another; the host is told apart all the same,
because ``https://bank.example@evil.example`` leads to evil.example.
"""

import re

from hyperlink import URL, URLParseError

_LINK = re.compile(r"""https?://[^\s<>"“”«»`]+""", re.IGNORECASE)
_AFTER = ".,;:!?'’…"
_PAIRS = {")": "(", "]": "[", "}": "{"}
LONGEST = 2000
"""Characters; browsers and servers refuse much longer ones."""


def split(text: str) -> list[tuple[bool, str]]:
    """The text in pieces, each with whether it is a link."""
    pieces: list[tuple[bool, str]] = []
    done = 0
    for match in _LINK.finditer(text):
        link = _without_what_follows(match[0])
        if len(link) > LONGEST or not host(link):
            continue
        start = match.start()
        pieces += [(False, text[done:start]), (True, link)]
        done = start + len(link)
    return [piece for piece in [*pieces, (False, text[done:])] if piece[1]]


def host(link: str) -> str:
    """The host that it leads to, as the network spells it; empty if it leads nowhere."""
    try:
        return URL.from_text(link).to_uri().host
    except (URLParseError, ValueError):
        return ""


def _without_what_follows(link: str) -> str:
    """A full stop ends a sentence, and a bracket closes one that was opened before the link."""
    while link:
        last = link[-1]
        opened = _PAIRS.get(last)
        closes = opened is not None and link.count(last) > link.count(opened)
        if last not in _AFTER and not closes:
            return link
        link = link[:-1]
    return link
