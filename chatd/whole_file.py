"""Small files that are there whole, in the old form or the new, whenever power fails."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


def replace_file(path: str, text: str, mode: int = 0o600) -> None:
    """Write it beside, see it on the disk, and only then put it in its place. Raises OSError.

    A link is followed, so that the file it names is what is replaced. Where we may, a new file
    belongs to the owner of its folder: root may write what the daemon is to read.
    """
    path = os.path.realpath(path)
    folder = os.path.dirname(path)
    descriptor, beside = tempfile.mkstemp(prefix=f".{os.path.basename(path)}.", dir=folder)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, mode)
            with suppress(OSError):
                before = os.stat(path if os.path.exists(path) else folder)
                os.fchown(descriptor, before.st_uid, before.st_gid)
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
    _see_on_disk(folder)


def read_text(path: str, most: int = 50_000_000) -> str:
    """The UTF-8 text in a file. Raises ValueError in words if there is none, or too much."""
    try:
        if waits(path):
            raise ValueError(f"{path} cannot be read: it is not a file")
        if os.path.getsize(path) > most:
            raise ValueError(f"{path} has more than {most} bytes")
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None


def waits(path: str | os.PathLike[str]) -> bool:
    """Whether whoever opens it may wait for somebody, or read without end: a pipe, a device.
    Raises OSError."""
    mode = os.stat(path).st_mode
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _see_on_disk(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
