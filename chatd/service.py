"""What ``twistd chatd`` asks for: the words after it, and the service they describe."""

import os
import pwd
import sys
import time
from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar

from twisted.application.service import IService
from twisted.python import usage

from chatd import __version__, keeping
from chatd.checking import read_config
from chatd.config import ConfigError
from chatd.daemon import ChatService, stop_here
from chatd.descriptions import place
from chatd.listening import CannotListen, probe
from chatd.log_output import LogPlace


class Options(usage.Options):
    """The words after ``twistd chatd``."""

    synopsis = "[options] [HOST] [PORT]"
    longdesc = (
        "A chat room for netcat, telnet and the bundled client. PORT, or HOST PORT, is where to"
        " listen instead of what the config says; without either, 127.0.0.1 port 55555."
    )
    optParameters: ClassVar = [
        ["config", "c", None, "The config file; `chatd config` prints the default."]
    ]

    def parseArgs(self, *words: str) -> None:
        """PORT, or HOST PORT. Raises UsageError."""
        if len(words) > 2:
            raise usage.UsageError("too many words: expected PORT, or HOST PORT")
        if words:
            host = words[0] if len(words) == 2 else "127.0.0.1"
            self["listen"] = place(host, _port(words[-1]))

    def opt_version(self) -> None:
        """Print the version and exit."""
        print(f"chatd {__version__}")
        sys.exit(0)


def _port(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 0 <= int(word) < 65536):
        raise usage.UsageError(f"{word!r} is not a port: expected a number from 0 to 65535")
    return int(word)


def makeService(options: Options) -> IService:
    """What ``twistd chatd`` runs. Ends with status 1 and a line for each fault in the config."""
    from twisted.internet import reactor

    # Twisted counts by the wall clock, and one that is set would fire every timer at once.
    reactor.seconds = time.monotonic  # type: ignore[method-assign]
    # Daemonised we may be somewhere else, and the file is read again on SIGHUP.
    path = os.path.abspath(options["config"]) if options["config"] else None
    read = partial(read_config, path, reactor, options.get("listen"), os.getcwd())
    try:
        settings = read()
    except ConfigError as error:
        stop_here(*error.faults)
    twistd: Any = options.parent or {}
    foreground = bool(twistd.get("nodaemon"))
    if not foreground:
        _probe(place for places in settings.listens.values() for place in places)
        if trouble := keeping.probe(settings):
            stop_here(trouble)
    place = _log_place(twistd)
    return ChatService(settings, reactor, place, _log_owner(twistd), foreground, read)


def _log_owner(twistd: Any) -> tuple[int, int]:
    """Whom twistd becomes; -1: who it is already."""
    uid, gid = twistd.get("uid"), twistd.get("gid")
    if uid is not None and gid is None:
        gid = pwd.getpwuid(uid).pw_gid
    return -1 if uid is None else uid, -1 if gid is None else gid


def _probe(places: Iterable[str]) -> None:
    try:
        for description in places:
            probe(description)
    except CannotListen as error:
        stop_here(str(error))


def _log_place(twistd: Any) -> LogPlace:
    told = bool(twistd.get("logfile") or twistd.get("syslog") or twistd.get("logger"))
    rundir = os.path.abspath(twistd.get("rundir") or ".")
    file = None if twistd.get("nodaemon") else os.path.join(rundir, "twistd.log")
    return LogPlace(told, file, os.getcwd())
