"""What is written into the log, and what is not."""

import json
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.task import Clock
from twisted.logger import LogLevel, capturedLogs
from twisted.python.failure import Failure

from chatd.config import Config, ConfigError
from chatd.events import Joined, Left, Said
from chatd.log import RoomLog
from chatd.log_lines import json_line, text_line
from chatd.log_output import LogOutput, LogPlace
from chatd.repeats import MEMBERS_AT_ONCE, STRANGERS_AT_ONCE, STRANGERS_PER_SECOND, Repeats
from chatd.sections import LogSettings

SECRET = "xylophone"


def event(text: str = "", level: LogLevel = LogLevel.info, **fields: Any) -> dict[str, Any]:
    ours = {"log_time": 1e9, "log_namespace": "chatd.x", "log_level": level}
    return {**ours, "log_format": text, **fields}


def failed(error: Exception) -> Failure:
    try:
        raise error  # noqa: TRY301
    except Exception:
        return Failure()


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            event("{name} joined the chat!", event="joined", name="dani", host="10.0.0.1"),
            "[info joined name=dani host=10.0.0.1] dani joined the chat!",
        ),
        (
            event("Connected with {peer!r}", event="connected", peer=("::1", 5)),
            "[info connected host=::1 port=5] Connected with ('::1', 5)",
        ),
        (
            event("Connected with {peer!r}", event="connected", peer="192.0.2.7"),
            "[info connected host=192.0.2.7] Connected with '192.0.2.7'",
        ),
        (
            event("{why}", LogLevel.warn, event="left", peer="a local socket", why="too slow"),
            '[warn left host=local why="too slow"] too slow',
        ),
        (event("{a}", a=1), "[info] 1"),
        (event("{a}", event="x", a="b]c\n"), '[info x a="b\\u005dc\\n"] b]c\n\t'),
        (event("{a}", event="x", a="long" * 20), f"[info x] {'long' * 20}"),
        (event("{a}", event="x", a=""), '[info x a=""] '),
        (event("{missing}"), "[info] Unable to format event"),
        (
            {"log_format": "two\nlines", "log_time": 1e9},
            "[info] two\n\tlines",
        ),
    ],
)
def test_text(given: dict[str, Any], line: str) -> None:
    """Time, level, kind, fields, a sentence; and nobody can begin a line of their own."""
    told = text_line(given)
    assert told.startswith("2001-09-")
    assert told.partition(" ")[2].startswith(line)
    assert told.endswith("\n")
    assert all(one.startswith("\t") for one in told.splitlines()[1:])


def test_json() -> None:
    """One object on a line, with all fields."""
    line = json_line(event("{name} left", event="left", name="ève", peer=("::1", 5), odd=object()))
    assert line.count("\n") == 1
    told = json.loads(line)
    assert told.pop("time").startswith("2001-09-")
    assert told == {
        "level": "info", "event": "left", "name": "ève", "host": "::1", "port": 5,
        "text": "ève left",
    }  # fmt: skip


@pytest.mark.parametrize("make", [text_line, json_line])
def test_a_fault_of_ours(make: Any) -> None:
    """Says where and what kind it was, and not what the error quotes: it may be from a line."""
    line = make(event("Could not serve", log_failure=failed(ValueError(SECRET))))
    assert "Traceback (most recent call last)" in line
    assert "builtins.ValueError" in line
    assert "test_log.py" in line
    assert SECRET not in line
    assert "No space" in make(event("", log_failure=failed(OSError(28, "No space left"))))


def test_who_came_and_went_but_not_what_was_said() -> None:
    """In the words that people look for."""
    with capturedLogs() as logged:
        for one in (Joined("dani", "h"), Said("dani", (SECRET,)), Left("dani", "quit", "h")):
            RoomLog().hear(one)
    texts = [event["log_format"].format(**event) for event in logged]
    assert texts == ["dani joined the chat!", "dani has left the chat: quit"]
    assert [(event["event"], event["host"]) for event in logged] == [("joined", "h"), ("left", "h")]


def test_a_flood_of_strangers() -> None:
    """Is less than twenty lines in any second, and it is known how many there were."""
    clock = Clock()
    repeats = Repeats(clock.seconds)
    logged: list[float] = []
    for number in range(10000):
        kind = ("connected", "disconnected", "refused")[number % 3]
        if repeats.allows(event("x", event=kind)):
            logged.append(clock.seconds())
        clock.advance(0.001)
    assert max(len([t for t in logged if s <= t <= s + 1]) for s in logged) < 20
    assert len(logged) >= STRANGERS_AT_ONCE + 9 * STRANGERS_PER_SECOND
    words = repeats.left_out()
    assert sum(int(word) for word in words.split() if word.isdigit()) + len(logged) == 10000
    assert repeats.left_out() == ""


def test_a_crowd_of_members() -> None:
    """A thousand who come at once and go at once are all logged, whatever strangers do."""
    repeats = Repeats(Clock().seconds)
    for _ in range(100):
        repeats.allows(event("x", event="connected"))
    for kind in ("joined", "left"):
        assert all(repeats.allows(event("x", event=kind)) for _ in range(MEMBERS_AT_ONCE // 2))
    assert not repeats.allows(event("x", event="joined"))


def test_kinds_that_nobody_foresaw() -> None:
    """Each has its own measure, and however many there are they cost little."""
    repeats = Repeats(Clock().seconds)
    assert all(repeats.allows(event(f"text {number}")) for number in range(10000))
    assert len([None for _ in range(100) if repeats.allows(event("again"))]) == 20


class Logging:
    """A log in a file."""

    def __init__(self, where: Path, **settings: Any) -> None:
        self.where = where
        self.clock = Clock()
        self.output = LogOutput(
            LogSettings(file="log", **settings),
            LogPlace(base=str(where)),
            self.clock.callLater,
            self.clock.seconds,
        )

    def take(self, **settings: Any) -> None:
        self.output.prepare(Config(log=LogSettings(**settings))).take()

    def lines(self, name: str = "log") -> list[str]:
        return (self.where / name).read_text().splitlines()


def test_levels(tmp_path: Path) -> None:
    """What is less than the level is left out."""
    log = Logging(tmp_path, level="warn")
    log.output(event("a", LogLevel.info))
    log.output(event("b", LogLevel.warn))
    log.output(event("c", LogLevel.critical))
    assert [line[-1] for line in log.lines()] == ["b", "c"]
    log.take(file="log", level="debug")
    log.output(event("d", LogLevel.debug))
    assert log.lines()[-1].endswith("[debug] d")


def test_what_was_left_out_is_counted(tmp_path: Path) -> None:
    """In a line a second later, once for as long as it goes on."""
    log = Logging(tmp_path)
    for _ in range(STRANGERS_AT_ONCE + 7):
        log.output(event("x", event="connected"))
    assert len(log.lines()) == STRANGERS_AT_ONCE
    log.clock.advance(1)
    assert log.lines()[-1].endswith("Left out of the log, as there was so much: 7 connected")
    log.clock.advance(10)
    assert len(log.lines()) == STRANGERS_AT_ONCE + 1
    assert not log.clock.getDelayedCalls()


def test_another_format_and_another_file(tmp_path: Path) -> None:
    """Hold from the next line on, and not a line is lost or twice there."""
    log = Logging(tmp_path)
    log.output(event("one"))
    log.take(file="log", format="json")
    log.output(event("two"))
    log.take(file="other", format="text")
    log.output(event("three"))
    first, second = log.lines()
    assert first.endswith("one")
    assert json.loads(second)["text"] == "two"
    assert [line[-5:] for line in log.lines("other")] == ["three"]


def test_a_file_that_can_not_be(tmp_path: Path) -> None:
    """Is refused with the setting's name, and the log goes on where it was."""
    log = Logging(tmp_path)
    (tmp_path / "directory").mkdir()
    with pytest.raises(ConfigError, match=r"^\[log\] file: cannot log to .*: Is a directory"):
        log.take(file="directory")
    log.output(event("still here"))
    assert log.lines()[0].endswith("still here")


def test_a_change_that_is_dropped(tmp_path: Path) -> None:
    """Leaves the log as it was."""
    log = Logging(tmp_path)
    log.output.prepare(Config(log=LogSettings(file="other", format="json"))).drop()
    log.output(event("here"))
    assert log.lines()[0].endswith("[info] here")


def test_missing_lines_in_json(tmp_path: Path) -> None:
    """The line that says that lines are missing is an object too."""
    (tmp_path / "logs").mkdir()
    log = Logging(tmp_path / "logs", format="json")
    (tmp_path / "logs").rename(tmp_path / "away")
    log.output(event("lost"))
    (tmp_path / "logs").mkdir()
    log.output(event("back"))
    told = [json.loads(line) for line in log.lines() if line]
    assert [one["text"].partition(":")[0] for one in told] == ["1 lines are missing here", "back"]


def test_what_could_not_be_written_is_counted(tmp_path: Path) -> None:
    """All of it since the start, when the log has gone on in another file, too."""
    (tmp_path / "logs").mkdir()
    log = Logging(tmp_path / "logs")
    (tmp_path / "logs").rename(tmp_path / "away")
    log.output(event("lost"))
    log.output(event("lost, too"))
    assert log.output.failures == 2
    (tmp_path / "logs").mkdir()
    log.take(file="other")
    log.output(event("back"))
    assert log.output.failures == 2
