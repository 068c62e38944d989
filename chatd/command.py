"""The ``chatd`` command: what an operator asks before starting the daemon."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from chatd import __version__, keeping, passwd_command
from chatd.access_files import effects
from chatd.archive import words as archive
from chatd.checking import read_config
from chatd.config import Config, ConfigError, default_text
from chatd.descriptions import reach
from chatd.tls import moment
from chatd.tls.command import add_words, make_certificate
from chatd.tls.expiry import left
from chatd.tls.served import read as read_certificates


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; the exit status is 0, or 1 where the config is wrong."""
    parser = argparse.ArgumentParser(prog="chatd", description="All but running it.")
    parser.add_argument("--version", action="version", version=f"chatd {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="say what a config would do")
    check.add_argument("file", nargs="?", help="the config file; without it, the defaults")
    commands.add_parser("config", help="print the default config, every setting explained")
    add_words(commands.add_parser("cert", help="make a certificate for a LAN"))
    passwd_command.add_parser(commands)
    archive.add_words(commands.add_parser("history", help="read, search and prune a history"))
    asked = parser.parse_args(arguments)
    try:
        status = _run(asked)
        sys.stdout.flush()
    except OSError as error:  # nobody reads it, or there is no room for it
        print(f"chatd: cannot write: {error.strerror}", file=sys.stderr)
        os._exit(1)  # or Python would try once more
    return status


def _run(asked: argparse.Namespace) -> int:
    match asked.command:
        case "config":
            return _config()
        case "passwd":
            return passwd_command.run(asked)
        case "cert":
            return make_certificate(asked)
        case "history":
            from chatd.archive.command import history

            return history(asked)
    return _check(asked.file)


def _config() -> int:
    sys.stdout.write(default_text())
    return 0


def _check(path: str | None) -> int:
    from twisted.internet import reactor

    try:
        settings = read_config(path, reactor, activated=False)
    except ConfigError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 1
    print(f"{path or 'The default config'} is fine.")
    for line in _effects(settings):
        print(line)
    return 0


def _effects(settings: Config) -> list[str]:
    room, log = settings.room, settings.log
    places = [f"line door: {where}: {reach(where)}" for where in settings.line.listen]
    most = f"at most {room.max_users}" if room.max_users else "any number of"
    guests = "guests may come in" if room.guests else "everyone needs a name"
    file = os.path.abspath(log.file) if log.file else "where twistd logs"
    when = [f"at {log.rotate_bytes} bytes"] if log.rotate_bytes else []
    when += ["at midnight"] if log.rotate_daily else []
    aside = f"put aside {' and '.join(when)}, {log.keep} kept" if when else "never put aside"
    places = places or ["line door: closed"]
    places += [f"web door: {where}: {reach(where)}" for where in settings.web.listen]
    places += [f"metrics: {where}: {reach(where)}" for where in settings.metrics.listen]
    return [
        *places,
        *_certificates(settings.tls.certificates),
        f"room: {most} people; {guests}",
        *effects(settings),
        f"log: {file}; {aside}",
        f"history: {keeping.effect(settings)}",
    ]


def _certificates(paths: Sequence[str]) -> list[str]:
    now = datetime.now(UTC)
    return [
        f"certificate: {one.path}: for {', '.join(one.names) or 'no name'};"
        f" until {moment(one.ends)}, {left(one.ends, now)}; SHA-256 {one.fingerprint}"
        for one in read_certificates(paths)
    ]


if __name__ == "__main__":
    sys.exit(main())
