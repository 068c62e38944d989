"""Which certificates are trusted: those an authority vouches for, the one that was named, and
those that somebody has looked at before, as ssh does it."""

import os
import re
from pathlib import Path

import attrs

from chatd.client.stranger import Standing, Stranger

DIGITS = 64


def place_of(host: str, port: int) -> str:
    """How people and the file of known rooms call it."""
    return f"{host.lower()} port {port}"


def normal(fingerprint: str) -> str:
    """A SHA-256 fingerprint as somebody typed or pasted it, as it is shown.

    Raises ValueError in words.
    """
    digits = re.sub(r"(?i)^sha-?256( fingerprint)?[:= ]", "", fingerprint.strip())
    digits = re.sub(r"[:\s]", "", digits).upper()
    if not re.fullmatch(f"[0-9A-F]{{{DIGITS}}}", digits):
        raise ValueError(f"a fingerprint is {DIGITS} hexadecimal digits, as chatd cert prints them")
    return ":".join(re.findall("..", digits))


@attrs.frozen
class Known:
    """One line of the file."""

    fingerprint: str
    line: int


class KnownRooms:
    """A file with a line for each room: ``HOST PORT FINGERPRINT``, for its owner's eyes alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find(self, host: str, port: int) -> Known | None:
        """What was trusted there last. Raises OSError."""
        found = None
        for number, line in enumerate(self._lines(), 1):
            words = line.split()
            if words[:2] == [host.lower(), str(port)] and len(words) == 3:
                found = Known(words[2], number)
        return found

    def add(self, host: str, port: int, fingerprint: str) -> None:
        """Remember it. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(number, "a", encoding="utf-8") as file:
            # at once, or two clients that start together would mix their lines
            file.write(f"{host.lower()} {port} {fingerprint}\n")

    def _lines(self) -> list[str]:
        try:
            return self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []


class Trust:
    """What this client trusts at one place. ``named``: the only fingerprint that will do."""

    def __init__(self, host: str, port: int, rooms: KnownRooms, named: str = "") -> None:
        self._host = host
        self._port = port
        self._rooms = rooms
        self._named = named
        self._accepted = ""

    def judge(self, fingerprint: str, fault: str) -> Stranger | None:
        """None if it is trusted. ``fault``: why no authority vouches for it; empty: one does."""
        stranger = Stranger(place_of(self._host, self._port), fingerprint, fault)
        if self._named:
            wrong = attrs.evolve(stranger, standing=Standing.NOT_THE_ONE, before=self._named)
            return None if fingerprint == self._named else wrong
        if not fault or fingerprint == self._accepted:
            return None
        return self._remembered(stranger)

    def accept(self, stranger: Stranger) -> str:
        """Trust it from now on; gives why it could not be written down, if so."""
        self._accepted = stranger.fingerprint
        try:
            self._rooms.add(self._host, self._port, stranger.fingerprint)
        except OSError as error:
            return f"{self._rooms.path}: {error.strerror}"
        return ""

    def _remembered(self, stranger: Stranger) -> Stranger | None:
        path = self._rooms.path
        try:
            known = self._rooms.find(self._host, self._port)
        except OSError as error:
            note = f"{path} cannot be read: {error.strerror}"
            return attrs.evolve(stranger, standing=Standing.UNCERTAIN, note=note)
        if known is None:
            return stranger
        if known.fingerprint == stranger.fingerprint:
            return None
        return attrs.evolve(
            stranger,
            standing=Standing.CHANGED,
            before=known.fingerprint,
            note=f"line {known.line} of {path}",
        )


def state_file(name: str) -> Path:
    """Where this is kept, by the custom of this system."""
    base = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(base or Path.home() / ".local" / "state") / "chatd" / name
