"""What the command line leaves open is asked for, before there is a connection."""

import argparse
import getpass
import sys
from collections.abc import Callable
from contextlib import suppress

from chatd.client.connection import by_tls, check_tls, is_description
from chatd.client.trust import normal
from chatd.client.typed import as_text, is_goodbye
from chatd.errors import Refused

HOST = "127.0.0.1"
PORT = 55555


def complete(asked: argparse.Namespace) -> None:
    """Ask for what is missing, if there is somebody to ask; else take the defaults.

    Raises ValueError for a bad port, for words that are no text, or where TLS is wanted and
    not installed; EOFError where somebody leaves instead of answering.
    """
    check(asked)
    if asked.host and asked.port is None and asked.host.isdecimal():
        asked.host, asked.port = HOST, asked.host
    somebody = sys.stdin is not None and sys.stdin.isatty()
    ask = _ask if somebody else lambda _, default: default
    asked.host = asked.host or ask("Host", HOST)
    if described := by_tls(asked.host):
        asked.tls = True
        asked.host, asked.port = described
    if is_description(asked.host):
        if asked.fingerprint:
            raise ValueError("--fingerprint is for HOST PORT, or tls:HOST:PORT")
        asked.port = 0
    elif asked.port is None:
        asked.port = _ask_port(ask)
    else:
        asked.port = as_port(asked.port)
    if asked.name is None:
        asked.name = _ask_name(ask)


def check(asked: argparse.Namespace) -> None:
    """Raises ValueError for words that are no text, or where TLS is wanted and not installed."""
    if asked.fingerprint is not None:
        asked.tls, asked.fingerprint = True, normal(asked.fingerprint)
    if asked.tls:
        check_tls()
    for word in (asked.host, asked.name):
        try:
            as_text(word or "")
        except Refused:
            raise ValueError(f"{word!a} is not UTF-8 text") from None


def _ask(what: str, default: str) -> str:
    # Not input(): it writes to standard output, which may be a file.
    out = sys.stdout if sys.stdout.isatty() else sys.stderr
    while True:
        out.write(f"{what} [{default}]: " if default else f"{what}: ")
        out.flush()
        answer = sys.stdin.buffer.readline()
        if not answer:
            raise EOFError
        try:
            return answer.decode().strip() or default
        except UnicodeDecodeError:
            print("That was not UTF-8 text.", file=sys.stderr)


def _ask_port(ask: Callable[[str, str], str]) -> int:
    while True:
        try:
            return as_port(ask("Port", str(PORT)))
        except ValueError as wrong:
            print(wrong, file=sys.stderr)


def _ask_name(ask: Callable[[str, str], str]) -> str:
    while (name := ask("User name", _login_name())).startswith("/") or is_goodbye(name):
        if is_goodbye(name):
            raise EOFError
        print("What is wanted here is your name. exit leaves.", file=sys.stderr)
    return name


def as_port(word: str) -> int:
    """Raises ValueError in words."""
    if not (word.isascii() and word.isdigit() and 0 < int(word) < 65536):
        raise ValueError(f"{word!r} is not a port: expected a number from 1 to 65535")
    return int(word)


def _login_name() -> str:
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""
