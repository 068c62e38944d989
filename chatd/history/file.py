"""The SQLite file: who may open it, in which version, and what becomes of a broken one."""

import fcntl
import os
import sqlite3
import time
from contextlib import suppress
from importlib import resources
from pathlib import Path

from chatd.history import CannotKeep

APPLICATION = 0x63686174
"""What tells a file of ours from another program's (PRAGMA application_id): "chat"."""

BUSY_SECONDS = 5.0
"""How long to wait for another program that is writing to the file."""

_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def steps() -> list[str]:
    """The SQL that brings a file from version n to version n + 1, for each n."""
    folder = resources.files("chatd.history") / "schema"
    names = sorted((one.name for one in folder.iterdir() if one.name.endswith(".sql")), key=_number)
    return [(folder / name).read_text(encoding="utf-8") for name in names]


def _number(name: str) -> int:
    return int(name.removesuffix(".sql"))


def is_broken(error: sqlite3.Error) -> bool:
    """Whether it means that the file is damaged, or is no SQLite file."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _BROKEN


def open_to_write(path: Path) -> sqlite3.Connection:
    """The file, made if there is none, in the newest version.

    Only its owner can read a new file; nobody but owner and group can read an old one. It may
    be used by any thread, one at a time.
    Raises CannotKeep for a file of another program or of a later version, and sqlite3.Error.
    """
    _make_private(path)
    connection = sqlite3.connect(path, BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _check_owner(path, connection)
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA secure_delete = ON")
        upgrade(connection, steps())
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """The file, which has to be there, with nothing in it changed. Raises as above."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", BUSY_SECONDS, uri=True, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA query_only = ON")
        _check_owner(path, connection)
        _check_version(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection


def set_sync(connection: sqlite3.Connection, sync: str) -> None:
    """``full``: what is written outlives a power cut; ``normal``: a process that is killed."""
    connection.execute(f"PRAGMA synchronous = {'FULL' if sync == 'full' else 'NORMAL'}")


def version_of(connection: sqlite3.Connection) -> int:
    """How many of the steps have been taken in this file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def upgrade(connection: sqlite3.Connection, to: list[str]) -> None:
    """Take the steps that are missing, each wholly or not at all. Raises sqlite3.Error."""
    for number in range(version_of(connection), len(to)):
        connection.executescript(
            f"BEGIN IMMEDIATE; {to[number]}; PRAGMA user_version = {number + 1};"
            f" PRAGMA application_id = {APPLICATION}; COMMIT;"
        )


def _check_owner(path: Path, connection: sqlite3.Connection) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application != APPLICATION and (application or tables):
        raise CannotKeep(f"{path} is a database of another program")
    version, newest = version_of(connection), len(steps())
    if version > newest:
        raise CannotKeep(
            f"{path} was written by a later chatd: it is of version {version}, and this one"
            f" knows versions up to {newest}"
        )


def _check_version(path: Path, connection: sqlite3.Connection) -> None:
    version = version_of(connection)
    if version != len(steps()):
        raise CannotKeep(f"{path} is of version {version}; start the daemon to bring it up")


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        with suppress(PermissionError):  # somebody else's, whose modes are theirs to choose
            for one in family(path):
                one.chmod(one.stat().st_mode & 0o770)


def family(path: Path) -> list[Path]:
    """The file and what SQLite keeps beside it, as far as they are there."""
    return [one for end in ("", "-wal", "-shm") if (one := Path(f"{path}{end}")).exists()]


def move_aside(path: Path, now: float) -> Path:
    """Out of the way, all that belongs to it too; nothing is deleted. Gives where it is now."""
    aside = f"{path}.broken-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime(now))}"
    number = 1
    while Path(place := aside if number == 1 else f"{aside}-{number}").exists():
        number += 1
    for one in reversed(family(path)):
        one.rename(place + str(one).removeprefix(str(path)))
    return Path(place)


def claim(path: Path) -> int:
    """Make sure that no other daemon keeps its history there; gives a descriptor to hold.

    It stays ours until the descriptor is closed, or we end in whatever way. A lock on the file
    itself would not do: POSIX gives up SQLite's own locks when a second descriptor is closed.
    Raises CannotKeep.
    """
    lock = f"{path}-lock"
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotKeep(f"cannot write {lock}: {error.strerror}") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise CannotKeep(f"another chatd keeps its history in {path}") from None
    return descriptor


def is_claimed(path: Path) -> bool:
    """Whether a daemon that runs has claimed it. Changes nothing."""
    try:
        descriptor = os.open(f"{path}-lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
