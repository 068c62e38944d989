"""The password that a room, or a name, wants: asked for, and kept in memory alone."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import attrs

from chatd.passwords import prepared

VARIABLE = "CHAT_PASSWORD"
_TYPED = re.compile(r"\s*/?PASS(\s|\Z)")


@attrs.frozen
class PasswordAsked:
    """With which password? Faces do not show what is typed, and keep nothing of it."""

    name: str


def given(file: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """From a file, or the environment; empty if neither has one. Raises ValueError in words."""
    if file is None:
        password, where = environment.get(VARIABLE, ""), VARIABLE
    else:
        password, where = _first_line(file), file
        if not password:
            raise ValueError(f"{file}: there is no password in the first line")
    try:
        return prepared(password).decode() if password else ""
    except ValueError as wrong:
        raise ValueError(f"{where}: {wrong}") from None


def is_secret(line: str) -> bool:
    """Whether a typed line has a password in it, and is not to be kept."""
    return _TYPED.match(line) is not None


def _first_line(file: str) -> str:
    try:
        with Path(file).open(encoding="utf-8-sig") as lines:
            return lines.readline(10_000).strip()
    except UnicodeDecodeError:
        raise ValueError(f"{file}: is not UTF-8 text") from None
    except OSError as wrong:
        raise ValueError(f"{file}: cannot be read: {wrong.strerror}") from None
