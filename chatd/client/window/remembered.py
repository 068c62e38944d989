"""What the window remembers from one time to the next: rooms, and how it looks.

One JSON file in the directory for configuration. Passwords are not in it. A file that
can't be read is as good as none, and one that can't be written is no reason to stop.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs

ROOMS = 20
"""Older ones are forgotten."""
SIZES = range(8, 29)
NORMAL_SIZE = 11
THEMES = ("desktop", "light", "dark")


@attrs.frozen
class Place:
    """A room and our name in it, as the first page has them."""

    host: str
    port: str
    name: str
    tls: bool = False

    def __str__(self) -> str:
        """For the list of rooms."""
        at = f"{self.host} {self.port}".strip()
        return f"{self.name or 'a guest'} at {at}{' (TLS)' if self.tls else ''}"


@attrs.define
class Remembered:
    """``places``: the last one first. ``theme``: one of THEMES. ``size``: of text, in points."""

    path: Path
    places: list[Place] = attrs.Factory(list)
    theme: str = "desktop"
    size: int = NORMAL_SIZE
    times: bool = True
    bell: bool = True

    @classmethod
    def at(cls, path: Path) -> "Remembered":
        """What stands in the file, as far as it makes sense."""
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            read = None
        found = read if isinstance(read, dict) else {}
        kept = cls(path)
        rooms = found.get("places")
        rooms = rooms if isinstance(rooms, list) else []
        kept.places = [place for one in rooms if (place := _place(one)) is not None][:ROOMS]
        if found.get("theme") in THEMES:
            kept.theme = found["theme"]
        if type(found.get("size")) is int and found["size"] in SIZES:
            kept.size = found["size"]
        kept.times = found.get("times") is not False
        kept.bell = found.get("bell") is not False
        return kept

    def used(self, place: Place) -> None:
        """We were let in there."""
        self.places = [place, *(one for one in self.places if one != place)][:ROOMS]
        self.save()

    def forget(self, place: Place) -> None:
        """Off the list."""
        self.places = [one for one in self.places if one != place]
        self.save()

    def save(self) -> None:
        """Write it whole, or leave the old one."""
        kept = attrs.asdict(self, filter=lambda field, _: field.name != "path")
        fresh = self.path.with_suffix(f".{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
            fresh.chmod(0o600)
            fresh.replace(self.path)
        except (OSError, UnicodeError):
            with suppress(OSError):
                fresh.unlink(missing_ok=True)


def usual_path() -> Path:
    """Where the file is, by the custom of this system."""
    base = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA")
    return Path(base or Path.home() / ".config") / "chatd" / "window.json"


def _place(one: Any) -> Place | None:
    if not isinstance(one, dict):
        return None
    words = [one.get(key) for key in ("host", "port", "name")]
    if not all(isinstance(word, str) for word in words):
        return None
    host, port, name = map(str, words)
    return Place(host, port, name, one.get("tls") is True)
