"""``chatd history``: what an operator does with the file, while the daemon runs or not."""

import argparse
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from chatd.archive import counting, formats, page
from chatd.archive.choosing import Choice
from chatd.archive.pruning import Pruning
from chatd.archive.taking_in import NotAnExport, TakingIn, check
from chatd.config import ConfigError, load
from chatd.history import CannotKeep
from chatd.history.file import family, is_broken, open_to_read, open_to_write
from chatd.history.reading import Reader

_WRITERS: dict[str, formats.Write] = {
    "text": formats.text,
    "jsonl": formats.jsonl,
    "csv": formats.table,
    "html": page.page,
}


class Wrong(Exception):
    """It can't be done; a sentence says why."""


def history(asked: argparse.Namespace) -> int:
    """Do what is asked; the exit status is 1 if it can't be done."""
    path = None
    try:
        path, words = _file(asked)
        return _DO[asked.what](asked, path, words)
    except BrokenPipeError:
        # Whoever read has what they wanted; and Python shall not write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except (Wrong, CannotKeep, NotAnExport) as wrong:
        return _say(str(wrong))
    except ConfigError as wrong:
        return _say("\n".join(wrong.faults))
    except sqlite3.Error as error:
        what = "is damaged, or no history" if is_broken(error) else f"cannot be used: {error}"
        return _say(f"{path} {what}")
    except OSError as error:
        if error.filename is None:
            raise  # it can't be written, and ``chatd`` says so when it writes the rest
        return _say(f"{error.filename}: {error.strerror}")


def _say(sentence: str) -> int:
    print(f"chatd: {sentence}", file=sys.stderr)
    return 1


def _file(asked: argparse.Namespace) -> tuple[Path, list[str]]:
    """The history's file, and the words beside it."""
    words = list(asked.words)
    if asked.config is not None:
        kept = load(asked.config).history
        if not kept.file:
            raise Wrong(f"{asked.config}: [history] file: this room keeps no history in a file")
        return Path(kept.file), words
    if not words:
        raise Wrong("which history? Name its file, or the config that does: --config FILE")
    return Path(words[0]), words[1:]


def _export(asked: argparse.Namespace, path: Path, words: list[str]) -> int:
    if words:
        raise Wrong(f"one file at a time, and what is {words[0]!r}?")
    if asked.out is not None:
        _check_out(Path(asked.out), path)
    write = _WRITERS[asked.format]
    if asked.raw:
        write = partial(formats.table, raw=True)
    _write(path, Choice(asked.since, asked.until, tuple(asked.name)), write, asked.utc, asked.out)
    return 0


def _search(asked: argparse.Namespace, path: Path, words: list[str]) -> int:
    if not words:
        raise Wrong("which words?")
    wanted = tuple(word for one in words for word in one.split())
    choice = Choice(asked.since, asked.until, tuple(asked.name), wanted)
    _write(path, choice, _WRITERS[asked.format], asked.utc, None)
    return 0


def _write(path: Path, choice: Choice, write: formats.Write, utc: bool, out: str | None) -> None:
    with closing(_reading(path)) as connection:
        pieces = write(choice.of(Reader(connection)), formats.Zone(local=not utc))
        if out is None:
            sys.stdout.flush()
            for piece in pieces:
                sys.stdout.buffer.write(piece.encode())
            sys.stdout.flush()
        else:
            _write_file(Path(out), pieces)


def _check_out(place: Path, path: Path) -> None:
    """It will be replaced: neither the history itself nor a device shall be."""
    if place.exists():
        if any(place.samefile(one) for one in family(path)):
            raise Wrong(f"{place} is the history itself; name another file for what comes out")
        if not place.is_file():
            raise Wrong(f"{place} is no file; without --out, all goes to standard output")


def _write_file(place: Path, pieces: Iterable[str]) -> None:
    """All of it or nothing, and for nobody else to read: under another name until it is whole."""
    part = place.with_name(f"{place.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
        part.replace(place)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _stats(asked: argparse.Namespace, path: Path, _: list[str]) -> int:
    with closing(_reading(path)) as connection:
        figures = counting.count(connection, path)
    print("\n".join(counting.words(figures, formats.Zone(local=not asked.utc))))
    return 0


def _prune(asked: argparse.Namespace, path: Path, _: list[str]) -> int:
    if asked.before is None and asked.keep is None and not asked.name:
        raise Wrong("what is to be removed? See --before, --keep and --name")
    with closing(_writing(path)) as connection:
        pruning = Pruning(connection)
        before = pruning.count()
        if asked.before is not None:
            pruning.before(asked.before)
        if asked.keep is not None:
            pruning.all_but(asked.keep)
        if asked.name:
            pruning.of(asked.name)
        pruning.give_back()
        left = pruning.count()
    print(f"Lines removed: {max(0, before - left)}; left: {left}.")
    return 0


def _import(_: argparse.Namespace, path: Path, words: list[str]) -> int:
    if len(words) != 1:
        raise Wrong("which export? Name one file of JSON lines")
    with open(words[0], "rb") as export:
        if not export.seekable():
            raise Wrong(f"{words[0]} has to be a file, because it is read twice")
        if not path.exists():
            check(export)  # or a new file would be left behind, with nothing in it
        with closing(open_to_write(path)) as connection:
            taken = TakingIn(connection, export).take()
    print(f"Lines taken in: {taken.before + taken.behind}.")
    if taken.left_out:
        print(f"Left out, being no older and no newer than all that is here: {taken.left_out}.")
    return 0


def _reading(path: Path) -> sqlite3.Connection:
    _check(path)
    return open_to_read(path)


def _writing(path: Path) -> sqlite3.Connection:
    _check(path)
    return open_to_write(path)


def _check(path: Path) -> None:
    if not path.is_file():
        raise Wrong(f"{path} is no file" if path.exists() else f"there is no file {path}")
    with path.open("rb"):
        """Whether it can be read at all; SQLite would not say why."""
    if not path.stat().st_size:
        raise Wrong(f"{path} is empty: no history")


_DO: dict[str, Callable[[argparse.Namespace, Path, list[str]], int]] = {
    "export": _export,
    "search": _search,
    "stats": _stats,
    "prune": _prune,
    "import": _import,
}
