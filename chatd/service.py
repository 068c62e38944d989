"""The daemon: the one module that knows all the others, and wires them together."""

import gc
import os
import pwd
import resource
import sys
import time
from collections import Counter
from typing import Any, ClassVar, TextIO

import attrs
from twisted.application.service import IService, MultiService
from twisted.internet import defer
from twisted.logger import Logger
from twisted.python import usage

from chatd import __version__, config, names
from chatd.admission import Admission
from chatd.config import Config, ConfigError
from chatd.doors.line import LineDoor
from chatd.limits import Limits
from chatd.listening import CannotListen, Listener, endpoint, place, probe
from chatd.log import RoomLog, open_log, rotate_on_signal
from chatd.room import Room
from chatd.rotating import RotatingFile

KEPT_BACK = 256
"""File descriptors, at most, that connections leave to everything else."""


_log = Logger()


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


def read_config(path: str | None, reactor: Any, listen: str | None = None) -> Config:
    """The config from ``path`` (None: the defaults), with ``listen`` from the command line.

    Raises ConfigError with every fault, places that can't be listened at included.
    """
    faults: list[str] = []
    settings = Config()
    try:
        if path is not None:
            settings = config.load(path)
    except ConfigError as error:
        faults, settings = error.faults, error.rest
    if listen:
        settings = attrs.evolve(settings, line=attrs.evolve(settings.line, listen=(listen,)))
    where = path or "command line"
    faults += [f"{where}: [line] listen: {fault}" for fault in _place_faults(settings, reactor)]
    folder = os.path.dirname(os.path.abspath(settings.log.file))
    if settings.log.file and (not os.path.isdir(folder) or os.path.isdir(settings.log.file)):
        faults.append(f"{where}: [log] file: there can be no file {settings.log.file}")
    if faults:
        raise ConfigError(faults)
    return settings


def _place_faults(settings: Config, reactor: Any) -> list[str]:
    faults = []
    for description, times in Counter(settings.line.listen).items():
        if times > 1:
            faults.append(f"{description!r} is there {times} times")
        try:
            endpoint(description, reactor)
        except ValueError as error:
            faults.append(str(error))
    return faults


class ChatService(MultiService):
    """Everything that runs in the daemon.

    ``log_to``: where to log, or None where twistd has been told; ``log_owner``: whose file that
    is to be; ``foreground``: whether somebody is looking at standard error.
    """

    _log = Logger()

    def __init__(
        self,
        settings: Config,
        reactor: Any,
        log_to: str | None = None,
        log_owner: tuple[int, int] = (-1, -1),
        foreground: bool = True,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._reactor = reactor
        self._log_to = log_to
        self._log_owner = log_owner
        self._log_file: RotatingFile | None = None
        self._foreground = foreground
        self.room = Room(**attrs.asdict(settings.room))
        self.room.add_audience(RoomLog())
        limits = _within_descriptors(settings.limits)
        self.doors = [LineDoor(self.room, limits, Admission(limits), reactor)]
        self._listeners = [
            Listener(description, door, reactor)
            for door, places in zip(self.doors, [settings.line.listen], strict=True)
            for description in places
        ]
        for listener in self._listeners:
            listener.setServiceParent(self)

    def setServiceParent(self, parent: Any) -> None:
        """The application is known: this is the moment to say where its log goes."""
        if self._log_to is not None:
            try:
                self._log_file = open_log(
                    self._log_to, self._settings.log, parent, *self._log_owner
                )
            except OSError as error:
                _stop_here(f"cannot log to {self._log_to}: {error.strerror}")
        super().setServiceParent(parent)

    def privilegedStartService(self) -> None:
        """Listen, or end with a line that says why not."""
        try:
            super().privilegedStartService()
        except CannotListen as error:
            if self._foreground:
                _stop_here(str(error), to=sys.__stderr__)  # sys.stderr is the log by now
            self._log.critical("Cannot start: {why}", why=str(error))
            raise

    def startService(self) -> None:
        """Run."""
        super().startService()
        rotate_on_signal(self._log_file, self._reactor.callFromThread)
        self._reactor.callLater(0, _settle)

    @defer.inlineCallbacks
    def stopService(self) -> Any:
        """Let nobody in, tell everyone, and close; done within two seconds."""
        yield super().stopService()
        self.room.close()
        yield defer.gatherResults([door.close() for door in self.doors])


def makeService(options: Options) -> IService:
    """What ``twistd chatd`` runs. Ends with status 1 and a line for each fault in the config."""
    from twisted.internet import reactor

    # Twisted counts by the wall clock, and one that is set would fire every timer at once.
    reactor.seconds = time.monotonic  # type: ignore[method-assign]
    try:
        settings = read_config(options["config"], reactor, options.get("listen"))
    except ConfigError as error:
        _stop_here(*error.faults)
    twistd: Any = options.parent or {}
    foreground = bool(twistd.get("nodaemon"))
    if not foreground:
        _probe(settings.line.listen)
    log_to = _log_place(settings, twistd)
    return ChatService(settings, reactor, log_to, _log_owner(twistd), foreground)


def _log_owner(twistd: Any) -> tuple[int, int]:
    """Whom twistd becomes; -1: who it is already."""
    uid, gid = twistd.get("uid"), twistd.get("gid")
    if uid is not None and gid is None:
        gid = pwd.getpwuid(uid).pw_gid
    return -1 if uid is None else uid, -1 if gid is None else gid


def _probe(places: tuple[str, ...]) -> None:
    try:
        for description in places:
            probe(description)
    except CannotListen as error:
        _stop_here(str(error))


def _log_place(settings: Config, twistd: Any) -> str | None:
    if twistd.get("logfile") or twistd.get("syslog") or twistd.get("logger"):
        return None
    if settings.log.file or twistd.get("nodaemon"):
        return os.path.abspath(settings.log.file) if settings.log.file else None
    return os.path.abspath(os.path.join(twistd.get("rundir") or ".", "twistd.log"))


def _settle() -> None:
    """What the first turn is for, when we listen already and nobody can have come yet."""
    names.prepare()
    # A full collection goes through all of Python's and Twisted's modules otherwise, 15 ms
    # in which nobody is served.
    gc.freeze()


def _stop_here(*lines: str, to: TextIO | None = None) -> None:
    for line in lines:
        print(f"chatd: {line}", file=to or sys.stderr)
    raise SystemExit(1)


def _within_descriptors(limits: Limits) -> Limits:
    """As many connections as there are file descriptors for, the soft limit raised.

    Half of few, or all but some of many, is kept back: for files, and for those who are
    told that there is no place.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY:
        return limits
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    place = most - min(most // 2, KEPT_BACK)
    if limits.connections > place:
        _log.warn("There are file descriptors for {place} connections only", place=place)
    return attrs.evolve(limits, connections=min(limits.connections or place, place))
