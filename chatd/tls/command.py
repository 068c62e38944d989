"""``chatd cert``: makes a certificate, and says what to do with it."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from chatd.tls import NOT_INSTALLED, is_installed, moment

DAYS = 3650
MOST_DAYS = 36500


def add_words(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--out", metavar="FOLDER", default=".", help="where to (here)")
    parser.add_argument("--days", type=_days, default=DAYS, help=f"how long it lasts ({DAYS})")
    parser.add_argument("names", metavar="NAME", nargs="+", help="a host name or an address")


def make_certificate(asked: argparse.Namespace) -> int:
    """Do it; the exit status is 1 if it can't be done."""
    if not is_installed():
        return _cannot(NOT_INSTALLED)
    from chatd.tls.certificate import CHAIN, KEY, fingerprint, names_of
    from chatd.tls.making import make

    folder = Path(asked.out)
    try:
        leaf = make(folder, asked.names, asked.days, datetime.now(UTC))
    except FileExistsError as error:
        return _cannot(f"{error.filename} is there already, and is not overwritten")
    except OSError as error:
        return _cannot(f"{error.filename}: {error.strerror}")
    except ValueError as error:
        return _cannot(str(error))
    print(f"Certificate: {folder / CHAIN}")
    print(f"Key: {folder / KEY}; keep it to yourself")
    print(f"For: {', '.join(names_of(leaf))}; until {moment(leaf.not_valid_after_utc)}")
    print(f"SHA-256 fingerprint: {fingerprint(leaf)}")
    print('\nIn the config:\n\n    [line]\n    listen = ["tls:55555"]\n    [tls]')
    print(f"    certificates = [{_quoted(os.path.abspath(folder))}]")
    print(f"\nTo come in: chat {names_of(leaf)[0]} 55555 --tls, and compare the fingerprint once.")
    return 0


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _days(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 0 < int(word) <= MOST_DAYS):
        raise argparse.ArgumentTypeError(f"should be a number from 1 to {MOST_DAYS}")
    return int(word)


def _cannot(why: str) -> int:
    print(f"chatd: {why}", file=sys.stderr)
    return 1
