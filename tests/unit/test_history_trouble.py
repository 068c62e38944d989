"""A history's file that is full, broken, gone, or somebody else's: the chat goes on."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from twisted.internet import defer

from chatd.errors import Refused
from chatd.events import Joined, Said
from chatd.history import CannotKeep, file, waiting, writing
from chatd.history.holding import RETRY_SECONDS, WARN_SECONDS
from chatd.history.reading import Reader
from chatd.history.sqlite import BEHIND, SqliteHistory
from chatd.lines import Last, Page, Search
from tests.unit.test_history import FileHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[FileHouse]:
    house = FileHouse(tmp_path / "chat.history")
    yield house
    if not house.writer.closed:
        wait(house.history.close())
    connection = sqlite3.connect(house.path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def wait(what: Any) -> Any:
    results: list[Any] = []

    async def given() -> Any:
        return await what

    defer.ensureDeferred(given()).addBoth(results.append)
    assert results, "there was no answer"
    if hasattr(results[0], "raiseException"):
        results[0].raiseException()
    return results[0]


def opened(house: FileHouse, lines: int = 100) -> SqliteHistory:
    house.history = house.open(lines)
    house.history.hear(Joined("dani"))
    return house.history


def page(house: FileHouse, count: int = 10**6) -> Page:
    answer = wait(house.history.recall(Last(count), 10**9))
    assert isinstance(answer, Page)
    return answer


def texts(house: FileHouse) -> list[str]:
    return [line.text for line in page(house).lines]


@contextmanager
def full_disk(house: FileHouse) -> Iterator[None]:
    """No file may grow beyond what the history has, which a write meets as it does a full disk."""
    most = max(one.stat().st_size for one in file.family(house.path))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def fill(house: FileHouse, count: int = 200) -> list[str]:
    said = [f"{number} " + "x" * 900 for number in range(count)]
    for line in said:
        house.history.hear(Said("dani", (line,)))
        house.writer.work()
    return said


def test_a_full_disk(house: FileHouse) -> None:
    """Lines wait in memory, who asks is told so, and all are written when there is room."""
    opened(house, lines=1000).hear(Said("dani", ("before",)))
    assert texts(house) == ["before"]
    with full_disk(house):
        said = fill(house)
        answer = page(house)
        assert answer.note == BEHIND
        assert len(answer.lines) < 201
        assert house.history.figures().waiting > 0
        assert house.history.figures().trouble
        house.clock.advance(RETRY_SECONDS)
        page(house)
    assert len(house.warnings) == 1
    assert "lines wait in memory" in house.warnings[0]
    house.clock.advance(RETRY_SECONDS)
    assert texts(house) == ["before", *said]
    assert "can be written again" in house.warnings[1]
    assert house.history.figures().waiting == 0
    assert house.history.figures().lost == 0


def test_trouble_is_told_once_a_minute(house: FileHouse) -> None:
    """However often it is tried."""
    opened(house).hear(Said("dani", ("before",)))
    texts(house)
    with full_disk(house):
        fill(house)
        for _ in range(int(3 * WARN_SECONDS / RETRY_SECONDS)):
            house.clock.advance(RETRY_SECONDS)
            house.writer.work()
    assert 3 <= len(house.warnings) <= 4


def test_more_waits_than_there_is_room_for(house: FileHouse) -> None:
    """The oldest of it is lost, which is counted; the rest is kept."""
    opened(house, lines=10**6).hear(Said("dani", ("before",)))
    texts(house)
    with full_disk(house):
        fill(house)
        for number in range(waiting.MOST_LINES // 1000 + 5):
            house.history.hear(Said("dani", tuple(f"{number}/{one}" for one in range(1000))))
            house.writer.work()
        lost = house.history.figures().lost
        assert 5000 <= lost <= 6500
        assert house.history.figures().waiting <= waiting.MOST_LINES
    house.clock.advance(RETRY_SECONDS)
    newest = [line.text for line in page(house, 1000).lines]
    assert newest == [f"{waiting.MOST_LINES // 1000 + 4}/{one}" for one in range(1000)]


def test_a_disk_that_hangs() -> None:
    """What waits for it is bounded just the same, wishes apart."""
    queue = waiting.Waiting(most=100)
    queue.ask(waiting.Wish("mark", lambda _: None))
    for number in range(1000):
        queue.add(waiting.Heard(0, 1, "dani", (str(number),)))
    wish, *heard = queue.take()
    assert isinstance(wish, waiting.Wish)
    assert len(heard) + queue.lost == 1000
    assert 85 <= len(heard) <= 100
    assert [one.lines[0] for one in heard if isinstance(one, waiting.Heard)][-1] == "999"


def test_forgetting_on_a_full_disk(house: FileHouse) -> None:
    """The asker is told that it will be done, and it is."""
    opened(house).hear(Said("dani", ("secret",)))
    assert texts(house) == ["secret"]
    with full_disk(house):
        fill(house)
        with pytest.raises(Refused, match="as soon as the disk allows"):
            wait(house.history.forget("dani"))
    house.clock.advance(RETRY_SECONDS)
    house.writer.work()
    assert house.writer.tidy()
    assert texts(house) == []


def test_record_off_while_lines_wait(house: FileHouse) -> None:
    """What is not in the file yet never gets there."""
    opened(house).hear(Said("dani", ("before",)))
    assert texts(house) == ["before"]
    house.history.hear(Said("dani", ("waiting",)))
    wait(house.history.record("dani", on=False))
    house.history.hear(Said("dani", ("after",)))
    assert texts(house) == ["before"]


def test_what_is_forgotten_is_not_in_the_file(house: FileHouse) -> None:
    """Nor beside it: not a byte of the text."""
    opened(house).hear(Said("dani", ("xyzzysecret",)))
    house.history.hear(Joined("drew"))
    house.history.hear(Said("drew", ("plughkept",)))
    texts(house)
    everything = b"".join(one.read_bytes() for one in file.family(house.path))
    assert b"xyzzysecret" in everything
    wait(house.history.forget("dani"))
    everything = b"".join(one.read_bytes() for one in file.family(house.path))
    assert b"xyzzysecret" not in everything
    assert b"plughkept" in everything


def test_a_restart(house: FileHouse) -> None:
    """All is there, what comes follows it, and nobody can remove what was there before."""
    opened(house).hear(Said("dani", ("1", "2")))
    wait(house.history.close())
    assert [one.name for one in file.family(house.path)] == [house.path.name]
    opened(house).hear(Said("dani", ("3",)))
    assert texts(house) == ["1", "2", "3"]
    assert wait(house.history.forget("dani")) == 1
    assert texts(house) == ["1", "2"]


def test_numbers_are_not_given_twice(house: FileHouse) -> None:
    """Or lines said after others were forgotten could not be found."""
    opened(house).hear(Said("dani", ("one",)))
    house.writer.index_lines = 1
    texts(house)
    assert house.writer.tidy()
    wait(house.history.forget("dani"))
    wait(house.history.close())
    opened(house).hear(Said("dani", ("two",)))
    house.writer.index_lines = 1
    texts(house)
    assert house.writer.tidy()
    found = wait(house.history.recall(Search(("two",)), 10**9))
    assert [line.text for line in found.lines] == ["two"]


def test_a_broken_file_at_the_start(house: FileHouse) -> None:
    """Is moved aside, which is said with its name, and a new one is begun."""
    house.path.write_bytes(b"nonsense" * 1000)
    opened(house).hear(Said("dani", ("hello",)))
    assert texts(house) == ["hello"]
    (aside,) = house.path.parent.glob("*.broken-*")
    assert aside.read_bytes() == b"nonsense" * 1000
    assert str(aside) in house.warnings[0]


def test_a_file_that_breaks(house: FileHouse) -> None:
    """The same while the daemon runs; what is said then is in the new one."""
    opened(house, lines=10**5)
    fill(house, 300)
    wait(house.history.close())
    opened(house, lines=10**5)
    with house.path.open("r+b") as broken:
        broken.seek(4096)
        broken.write(b"\xff" * (house.path.stat().st_size - 4096))
    for number in range(300):
        house.history.hear(Said("dani", (f"after {number}",)))
        house.writer.work()
    for _ in range(3):
        try:
            kept = texts(house)
            break
        except Refused:
            continue
    assert list(house.path.parent.glob("*.broken-*"))
    assert kept[-1] == "after 299"
    assert any(".broken-" in warning for warning in house.warnings)


def test_a_file_that_goes(house: FileHouse) -> None:
    """Somebody deletes it: said in the log, and a new one is begun."""
    opened(house).hear(Said("dani", ("old",)))
    assert texts(house) == ["old"]
    for one in file.family(house.path):
        one.unlink()
    house.history.hear(Said("dani", ("new",)))
    assert texts(house) == ["new"]
    assert "has gone" in house.warnings[0]


def test_a_file_that_is_moved_away(house: FileHouse, tmp_path: Path) -> None:
    """Has all that was said until then, also when it comes back."""
    opened(house)
    said = fill(house, 3)
    assert texts(house) == said
    other = tmp_path / "other.history"
    house.path.rename(other)
    house.history.hear(Said("dani", ("meanwhile",)))
    assert texts(house) == ["meanwhile"]
    with closing(file.open_to_read(other)) as connection:
        assert [line.text for line in Reader(connection).each()] == said
    other.replace(house.path)
    house.history.hear(Said("dani", ("again",)))
    assert texts(house) == [*said, "again"]


def test_a_broken_index(house: FileHouse) -> None:
    """Is made again; no line is lost for it."""
    opened(house).hear(Said("dani", ("hello",)))
    house.writer.index_lines = 1
    texts(house)
    assert house.writer.tidy()
    other = sqlite3.connect(house.path)
    other.execute("UPDATE words_data SET block = x'00' WHERE id > 10")
    other.commit()
    other.close()
    for _ in range(3):
        house.history.hear(Said("dani", ("again",)))
        texts(house)
        while house.writer.tidy():
            pass
    assert texts(house) == ["hello", "again", "again", "again"]


def test_files_that_are_not_for_us(house: FileHouse) -> None:
    """Are refused in words at the start: another daemon's, another program's, a later version's."""
    opened(house)
    with pytest.raises(CannotKeep, match="another chatd keeps its history"):
        FileHouse(house.path).open()
    wait(house.history.close())
    connection = sqlite3.connect(house.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for _ in (1, 2):  # and the file is nobody's after that
        with pytest.raises(CannotKeep, match="written by a later chatd"):
            FileHouse(house.path).open()
    with pytest.raises(CannotKeep, match="cannot write"):
        FileHouse(Path("/nowhere/chat.history")).open()


def test_what_counts_of_a_flood() -> None:
    """No more is written than would be kept."""
    heard = [waiting.Heard(0, 1, "dani", ("x",) * 10) for _ in range(10)]
    assert writing.newest(heard, 100) == (heard, 0)
    assert writing.newest(heard, 25) == (heard[7:], 70)
    assert writing.newest([], 25) == ([], 0)
