"""What the window takes from outside."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs

from chatd.client.session import Face
from chatd.client.trust import Trust


@attrs.frozen
class Surroundings:
    """``trust``: which certificates to trust at a host and port. ``is_dark`` tells whether the
    desktop is, later, to whom it is given; ``browse`` opens an address; ``drawable``: see
    glyphs.py; ``done`` is called when the window has been closed; ``others``: faces that see
    a visit, too, and may raise OSError; ``past``, ``password``, ``reconnect``:
    see Core."""

    reactor: Any
    now: Callable[[], datetime]
    trust: Callable[[str, int], Trust]
    is_dark: Callable[[Callable[[bool], None]], object]
    browse: Callable[[str], None]
    drawable: Callable[[str], str]
    done: Callable[[], None]
    others: Callable[[], tuple[Face, ...]] = tuple
    past: int = 0
    password: str = ""
    reconnect: bool = True
