"""The file of the history: what is read from it, its versions, and files that are none of ours."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatd.history import CannotKeep, file
from chatd.history.reading import Reader

ROWS = [
    (1, 1000, 7, "dani", 1, "hello"),
    (2, 2000, 7, "dani", 3, "a\nÉtoile b\nc"),
    (5, 3000, 8, "drew", 1, "日本語テキスト"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat.history"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    connection = file.open_to_write(path)
    connection.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?, ?)", ROWS)
    yield connection
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.usefixtures("connection")
def test_everything_is_read_in_order(path: Path) -> None:
    """For an export: each line for itself, also those that were said at once."""
    reader = Reader(file.open_to_read(path))
    texts = ["hello", "a", "Étoile b", "c", "日本語テキスト"]
    assert [line.text for line in reader.each()] == texts
    assert [line.text for line in reader.each(2.0)] == texts[1:]
    assert [line.at for line in reader.each(3.0)] == [3.0]
    assert list(reader.each(3.001)) == []


@pytest.mark.usefixtures("connection")
def test_reading_does_not_write(path: Path) -> None:
    """Whoever only looks can't do harm."""
    reading = file.open_to_read(path)
    with pytest.raises(sqlite3.OperationalError):
        reading.execute("DELETE FROM said")
    reading.close()


@pytest.mark.usefixtures("connection")
def test_a_new_file_is_private(path: Path) -> None:
    """What was said is for its owner to read, and so is what SQLite keeps beside it."""
    assert [one.stat().st_mode & 0o777 for one in file.family(path)] == [0o600] * 3


def test_an_old_file_is_not_for_everyone(path: Path) -> None:
    """A group may read it, if the operator wants that."""
    file.open_to_write(path).close()
    path.chmod(0o644)
    file.open_to_write(path).close()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_of_each_older_version_is_brought_up(path: Path) -> None:
    """With every line that was in it, and lines can be searched and go as in a new one."""
    for version in range(len(file.steps())):
        path.unlink(missing_ok=True)
        old = sqlite3.connect(path, isolation_level=None)
        file.upgrade(old, file.steps()[:version])
        if version:
            old.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?, ?)", ROWS)
        old.close()
        new = file.open_to_write(path)
        assert file.version_of(new) == len(file.steps())
        reader = Reader(file.open_to_read(path))
        assert len(list(reader.each())) == (5 if version else 0)
        new.execute("DELETE FROM said")
        assert new.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        new.close()


def test_an_upgrade_that_breaks_off(connection: sqlite3.Connection) -> None:
    """Leaves the file as it was, in the old version."""
    before = len(file.steps())
    with pytest.raises(sqlite3.OperationalError):
        file.upgrade(connection, [*file.steps(), "DROP TABLE said; nonsense"])
    connection.rollback()
    assert file.version_of(connection) == before
    assert connection.execute("SELECT count(*) FROM said").fetchone() == (3,)


def test_a_file_of_a_later_version(path: Path, connection: sqlite3.Connection) -> None:
    """Is refused in words, and not touched."""
    connection.execute("PRAGMA user_version = 99")
    for opening in (file.open_to_write, file.open_to_read):
        with pytest.raises(CannotKeep, match="written by a later chatd: it is of version 99"):
            opening(path)


def test_a_database_of_another_program(path: Path) -> None:
    """Is refused in words, and not touched."""
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(CannotKeep, match="a database of another program"):
        file.open_to_write(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"nonsense" * 1000, b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_broken_file(path: Path, content: bytes) -> None:
    """Is known as such, and goes aside with what belongs to it; two don't collide."""
    for times in (1, 2):
        path.write_bytes(content)
        Path(f"{path}-wal").write_bytes(b"wal")
        with pytest.raises(sqlite3.DatabaseError) as caught:
            file.open_to_write(path)
        assert file.is_broken(caught.value)
        Path(f"{path}-wal").write_bytes(b"wal")
        aside = file.move_aside(path, 0.0)
        assert aside.name == path.name + ".broken-19700101T000000Z" + ("" if times == 1 else "-2")
        assert aside.read_bytes() == content
        assert Path(f"{aside}-wal").read_bytes() == b"wal"
        assert file.family(path) == []


def test_one_daemon_for_a_file(path: Path) -> None:
    """A second one is refused in words, until the first has gone."""
    held = file.claim(path)
    with pytest.raises(CannotKeep, match="another chatd keeps its history in"):
        file.claim(path)
    os.close(held)
    os.close(file.claim(path))
