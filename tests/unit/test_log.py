"""The log: files put aside, and what is written."""

from pathlib import Path

import pytest
from twisted.logger import LogLevel, capturedLogs, formatEventAsClassicLogText
from twisted.python.failure import Failure

from chatd.config import LogSettings
from chatd.events import Joined, Left, Said
from chatd.log import RoomLog, RotatingFile, log_line


def names(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.iterdir())


def test_put_aside_by_size(tmp_path: Path) -> None:
    """So many are kept, and none is larger than the limit and a line; bytes are counted."""
    file = RotatingFile(str(tmp_path / "log"), LogSettings(rotate_bytes=2000, keep=3))
    line = "é" * 40 + "\n"
    for _ in range(1000):
        file.write(line)
    assert names(tmp_path) == ["log", "log.1", "log.2", "log.3"]
    for path in tmp_path.iterdir():
        assert path.stat().st_size <= 2000 + len(line.encode())


def test_put_aside_at_midnight(tmp_path: Path) -> None:
    """At the first line of another day, and not for an empty file."""
    days = iter("aaabbb")
    settings = LogSettings(rotate_bytes=0, rotate_daily=True, keep=3)
    today = ["a"]
    file = RotatingFile(str(tmp_path / "log"), settings, lambda: today[0])
    file.write("one\n")
    file.write("two\n")
    today[0] = next(day for day in days if day != "a")
    file.write("three\n")
    assert (tmp_path / "log.1").read_text() == "one\ntwo\n"
    assert (tmp_path / "log").read_text() == "three\n"
    today[0] = "c"
    file.rotate()
    file.write("four\n")
    assert names(tmp_path) == ["log", "log.1", "log.2"]


@pytest.mark.parametrize(("keep", "kept"), [(0, ["log"]), (1, ["log", "log.1"])])
def test_few_kept(tmp_path: Path, keep: int, kept: list[str]) -> None:
    """None, or one."""
    file = RotatingFile(str(tmp_path / "log"), LogSettings(rotate_bytes=10, keep=keep))
    for _ in range(10):
        file.write("a line\n")
    assert names(tmp_path) == kept


@pytest.mark.parametrize(
    "fields",
    [
        {"log_format": "Connected with {peer!r}", "peer": ("::1", 5)},
        {"log_format": "{name} has left the chat: {why}", "name": "drew", "why": "quit"},
        {"log_format": "{peer!r}", "peer": "forged\n2026-11-20T00:00:00+0000 [-] line"},
        {"log_format": "two\nlines"},
        {"log_format": "Could not serve", "log_failure": Failure(RuntimeError("a bug"))},
        {"log_format": "from elsewhere", "log_namespace": "twisted"},
    ],
)
def test_a_line_is_what_twisted_would_write(fields: dict[str, object]) -> None:
    """However it is made; and what a stranger sends can't begin a line of its own."""
    event = {"log_time": 1e9, "log_namespace": "chatd.x", "log_level": LogLevel.info, **fields}
    line = log_line(event)
    assert line == formatEventAsClassicLogText(event)
    assert line is not None
    assert not [one for one in line.splitlines()[1:] if not one.startswith("\t")]


def test_who_came_and_went_but_not_what_was_said() -> None:
    """In the words that people look for."""
    with capturedLogs() as logged:
        for event in (Joined("dani"), Said("dani", ("secret",)), Left("dani", "quit")):
            RoomLog().hear(event)
    texts = [event["log_format"].format(**event) for event in logged]
    assert texts == ["dani joined the chat!", "dani has left the chat: quit"]
