"""The log file: put aside by size and by day, and not stopped by a full disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatd.rotating import WARN_SECONDS, RotatingFile
from chatd.sections import LogSettings


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


def test_who_may_read_it(tmp_path: Path) -> None:
    """Is the same for every file, whatever the daemon's umask became in the background."""
    path = tmp_path / "log"
    file = RotatingFile(str(path), LogSettings(rotate_bytes=0))
    path.chmod(0o640)
    file.write("one\n")
    before = os.umask(0o077)
    try:
        file.rotate()
    finally:
        os.umask(before)
    assert {one.stat().st_mode & 0o777 for one in tmp_path.iterdir()} == {0o640}


def test_put_aside_at_midnight(tmp_path: Path) -> None:
    """At the first line of another day, and not for an empty file."""
    days = iter("aaabbb")
    settings = LogSettings(rotate_bytes=0, rotate_daily=True, keep=3)
    today = ["a"]
    file = RotatingFile(str(tmp_path / "log"), settings, day=lambda *_: today[0])
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


def test_a_directory_that_goes_and_comes_back(tmp_path: Path) -> None:
    """Nobody is stopped; it is said once a minute, and made up for when it can be."""
    directory, elsewhere = tmp_path / "logs", tmp_path / "elsewhere"
    directory.mkdir()
    said: list[str] = []
    seconds = [0.0]
    file = RotatingFile(
        str(directory / "log"), LogSettings(), now=lambda: seconds[0], complain=said.append
    )
    file.write("one\n")
    directory.rename(elsewhere)
    for _ in range(10):
        file.write("lost\n")
    assert len(said) == 1
    assert "No such file" in said[0]
    seconds[0] += WARN_SECONDS
    file.write("lost\n")
    assert len(said) == 2
    directory.mkdir()
    file.write("two\n")
    lines = (directory / "log").read_text().splitlines()
    assert lines[-1] == "two"
    assert lines[-2].endswith("11 lines are missing here: No such file or directory")
    assert (elsewhere / "log").read_text() == "one\n"


def test_a_file_that_was_moved_away(tmp_path: Path) -> None:
    """A new one is begun, as whoever moved it expects."""
    file = RotatingFile(str(tmp_path / "log"), LogSettings())
    file.write("one\n")
    os.rename(tmp_path / "log", tmp_path / "old")
    file.write("two\n")
    assert (tmp_path / "log").read_text() == "two\n"


def test_a_link(tmp_path: Path) -> None:
    """What it leads to is put aside, and the link stays."""
    (tmp_path / "link").symlink_to(tmp_path / "log")
    file = RotatingFile(str(tmp_path / "link"), LogSettings())
    file.write("one\n")
    file.rotate()
    assert names(tmp_path) == ["link", "log", "log.1"]


def test_an_empty_file_is_not_put_aside(tmp_path: Path) -> None:
    """Or a few signals in a row would push out all that is kept."""
    file = RotatingFile(str(tmp_path / "log"), LogSettings(keep=3))
    file.write("one\n")
    for _ in range(10):
        file.rotate()
    assert names(tmp_path) == ["log", "log.1"]
    assert (tmp_path / "log.1").read_text() == "one\n"


def test_a_file_of_yesterday(tmp_path: Path) -> None:
    """Is put aside by the first line of today, though we were not running at midnight."""
    (tmp_path / "log").write_text("old\n")
    os.utime(tmp_path / "log", (10**9, 10**9))
    file = RotatingFile(str(tmp_path / "log"), LogSettings(rotate_daily=True))
    file.write("new\n")
    assert (tmp_path / "log.1").read_text() == "old\n"


def test_what_can_not_be_put_aside(tmp_path: Path) -> None:
    """Is complained of, and written to as before."""
    (tmp_path / "log.1").mkdir()
    (tmp_path / "log.1" / "x").mkdir()
    said: list[str] = []
    settings = LogSettings(rotate_bytes=10, keep=1)
    file = RotatingFile(str(tmp_path / "log"), settings, complain=said.append)
    for number in range(5):
        file.write(f"line {number}\n")
    assert (tmp_path / "log").read_text() == "".join(f"line {number}\n" for number in range(5))
    assert len(said) == 1
    assert "aside" in said[0]


FULL_DISK = """
import resource, sys
from chatd.sections import LogSettings
from chatd.rotating import RotatingFile
said = []
file = RotatingFile(sys.argv[1], LogSettings(), complain=said.append)
resource.setrlimit(resource.RLIMIT_FSIZE, (250, resource.RLIM_INFINITY))
for number in range(100):
    file.write(f"line {number}\\n")
assert len(said) == 1, said
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
file.write("on\\n")
"""


def test_a_full_disk(tmp_path: Path) -> None:
    """What does not fit is counted, and no line is torn into another."""
    path = tmp_path / "log"
    subprocess.run([sys.executable, "-c", FULL_DISK, str(path)], check=True)
    *before, torn, gap, last = path.read_text().splitlines()
    assert last == "on"
    missing = int(gap.split("] ")[1].split()[0])
    assert [line for line in before if line] == [f"line {n}" for n in range(100 - missing)]
    assert torn in f"line {100 - missing}"
