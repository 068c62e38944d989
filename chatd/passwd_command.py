"""``chatd passwd``: the password of the room, and names with a password of their own."""

import argparse
import fcntl
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chatd import config
from chatd.config import ConfigError
from chatd.errors import Refused
from chatd.names import Name
from chatd.passwords import Hashed, prepared
from chatd.registered import Owner, Registered, read_names, written
from chatd.whole_file import read_text, replace_file

SALT_BYTES = 16


def add_parser(commands: Any) -> None:
    """Its words."""
    parser = commands.add_parser(
        "passwd",
        help="set the room's password, or that of a name",
        description="Sets the password that opens the room; with NAME, the one that NAME needs."
        " Asks for it twice, or takes the first line of a pipe. With neither --config nor --file,"
        " prints the hash. A running daemon reads the files again when it is told to reload.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="a name to register")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--config", "-c", metavar="FILE", help="the config that names the file")
    place.add_argument("--file", "-f", metavar="FILE", help="the file itself")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--remove", action="store_true", help="forget NAME and its password")
    what.add_argument("--list", action="store_true", help="print the registered names")


def run(asked: argparse.Namespace) -> int:
    """Do it; the exit status is 0, or 1 with a line that says what is wrong."""
    try:
        return _run(asked)
    except ConfigError as error:
        return _wrong(*error.faults)
    except ValueError as error:
        return _wrong(*str(error).splitlines())
    except OSError as error:
        return _wrong(f"cannot write in {os.path.dirname(_file(asked)) or '.'}: {error.strerror}")
    except Refused as refused:
        return _wrong(refused.sentence)
    except EOFError:
        if sys.stdin.isatty():  # the cursor is behind the question
            print(file=sys.stderr)
        return _wrong("there was no password")
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130


def _wrong(*lines: str) -> int:
    for line in lines:
        print(f"chatd passwd: {line}", file=sys.stderr)
    return 1


def _run(asked: argparse.Namespace) -> int:
    if asked.remove and not asked.name:
        raise ValueError("--remove needs a name")
    if asked.list and asked.name:
        raise ValueError("--list takes no name")
    file = _file(asked)
    if asked.list:
        print("".join(f"{owner.name.shown}\n" for owner in _read(file)), end="")
    elif not asked.name:
        _set_room(file)
    else:
        name = Name.chosen(asked.name)
        with _locked(file):
            _remove(file, name) if asked.remove else _set(file, name)
    return 0


def _file(asked: argparse.Namespace) -> str:
    """Where to write; empty: nowhere. Raises ValueError, ConfigError."""
    for_names = bool(asked.name or asked.list)
    if asked.config:
        settings = config.load(asked.config)
        file = settings.names.file if for_names else settings.room.password_file
        if not file:
            which = "[names] file" if for_names else "[room] password_file"
            raise ValueError(f"{asked.config} does not set {which}")
        return str(file)
    if for_names and not asked.file:
        raise ValueError("say where: --config FILE, or --file FILE")
    return asked.file or ""


@contextmanager
def _locked(file: str) -> Iterator[None]:
    """While nobody else of us changes a file in this folder."""
    folder = os.open(os.path.dirname(os.path.abspath(file)), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _read(file: str) -> Registered:
    if not os.path.exists(file):
        return Registered()
    try:
        return read_names(read_text(file))
    except ValueError as wrong:
        raise ValueError("\n".join(f"{file}: {line}" for line in str(wrong).splitlines())) from None


def _set_room(file: str) -> None:
    hashed = _hashed("Password of the room")
    if file:
        replace_file(file, f"{hashed}\n")
        print(f"Everyone needs that password now, once the daemon has read {file}.")
    else:
        print(hashed)


def _set(file: str, name: Name) -> None:
    names = _read(file)
    known = names.owner(name)
    if known is None and (other := names.looking_like(name)):
        raise ValueError(f"{name.shown} looks too much like {other.name.shown}, who is registered")
    owner = Owner(known.name if known else name, _hashed(f"Password of {name.shown}"))
    others = [one for one in names if one.name.key != name.key]
    replace_file(file, written([*others, owner]))
    print(f"{owner.name.shown} {'has a new password' if known else 'is registered'} in {file}.")


def _remove(file: str, name: Name) -> None:
    names = _read(file)
    if names.owner(name) is None:
        raise ValueError(f"{name.shown} is not registered in {file}")
    replace_file(file, written(one for one in names if one.name.key != name.key))
    print(f"{name.shown} is not registered any more in {file}.")


def _hashed(what: str) -> Hashed:
    return Hashed.of(_asked_for(what), os.urandom(SALT_BYTES))


def _asked_for(what: str) -> str:
    """The password, from the terminal without an echo or from a pipe. Raises EOFError."""
    if not sys.stdin.isatty():
        line = sys.stdin.buffer.readline(10_000)
        if not line:
            raise EOFError
        try:
            return line.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            raise ValueError("that was not UTF-8 text") from None
    password = getpass.getpass(f"{what}: ")
    prepared(password)  # before it is typed a second time
    if getpass.getpass("Once more: ") != password:
        raise ValueError("these were two passwords. Nothing has changed.")
    return password
