"""The daemon: the one module that knows all the others, and wires them together."""

import gc
import resource
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TextIO

import attrs
from twisted.application.service import MultiService
from twisted.internet import defer
from twisted.logger import ILogObserver, Logger

from chatd import names
from chatd.config import Config, ConfigError
from chatd.history import CannotKeep
from chatd.keeping import Keeping
from chatd.listening import CannotListen
from chatd.log import RoomLog
from chatd.log_output import LogOutput, LogPlace, rotate_on_signal
from chatd.metrics.service import Metrics
from chatd.metrics.watched import Watched
from chatd.opening import Doors
from chatd.reloading import Change, Part, Reloading, reload_on_signal, surely
from chatd.room import Room
from chatd.sections import LogSettings
from chatd.staff import Staff
from chatd.stopping import stop_once
from chatd.systemd import Supervised
from chatd.tls.expiry import Expiry
from chatd.tls.served import Served
from chatd.wire.text import clean

KEPT_BACK = 256
"""File descriptors, at most, that connections leave to everything else."""

_log = Logger()


class ChatService(MultiService):
    """Everything that runs in the daemon.

    ``log_place``: where twistd would log; ``log_owner``: whose file that is to be;
    ``foreground``: whether somebody is looking at standard error; ``read`` reads the config again.
    """

    _log = Logger()

    def __init__(
        self,
        settings: Config,
        reactor: Any,
        log_place: LogPlace = LogPlace(),  # noqa: B008  # it is frozen
        log_owner: tuple[int, int] = (-1, -1),
        foreground: bool = True,
        read: Callable[[], Config] = Config,
    ) -> None:
        super().__init__()
        self._settings = settings = _within_descriptors(settings)
        self._reactor = reactor
        self._log_place = log_place
        self._log_owner = log_owner
        self._log_output: LogOutput | None = None
        self._foreground = foreground
        self._read = read
        self.room = Room()
        self._take_room(settings)
        self.room.add_audience(RoomLog())
        self.keeping = Keeping(settings, self.room, reactor)
        served = _served(settings)
        staff = Staff(settings, self.room, reactor)
        staff.setServiceParent(self)
        self._doors = Doors(settings, self.room, staff.operators, reactor, served)
        self._doors.setServiceParent(self)
        expiry = Expiry(served, reactor)
        expiry.setServiceParent(self)
        watched = Watched(self.room, self._doors.made, self._log_failures, self.keeping.figures)
        # No child: it goes on until everything else has stopped.
        self._metrics = Metrics(settings.metrics.listen, watched, reactor, served)
        self._supervised = Supervised.by_environment(reactor, self._status)
        self._supervised.setServiceParent(self)
        self.reloading = Reloading(lambda: _within_descriptors(read()), settings)
        self.reloading.add(surely(self._take_room))
        self.reloading.add(self.keeping.prepare)
        self.reloading.add(served.prepare)
        self.reloading.add(surely(lambda _: expiry.look()))
        self.reloading.add(staff.prepare)

    def setServiceParent(self, parent: Any) -> None:
        """The application is known: this is the moment to say where its log goes."""
        self.reloading.add(self._open_log(parent))
        for part in self._doors.parts():
            self.reloading.add(part)
        self.reloading.add(lambda new: self._metrics.prepare(new.metrics.listen))
        super().setServiceParent(parent)

    def _open_log(self, application: Any) -> Part:
        place, settings = self._log_place, self._settings.log
        if place.elsewhere:
            return _log_stays
        try:
            output = LogOutput(settings, place, self._reactor.callLater)
            output.give_to(*self._log_owner)
        except OSError as error:
            stop_here(f"cannot log to {place.path(settings)}: {error.strerror}")
        application.setComponent(ILogObserver, output)
        self._log_output = output
        return output.prepare

    def privilegedStartService(self) -> None:
        """Listen, or end with a line that says why not."""
        try:
            super().privilegedStartService()
            self._metrics.privilegedStartService()
        except CannotListen as error:
            self._give_up(error)

    def startService(self) -> None:
        """Run, or end with a line that says why not."""
        try:
            self.keeping.start()
        except CannotKeep as error:
            self._give_up(error)
        super().startService()
        self._metrics.startService()
        rotate_on_signal(self._log_output, self._reactor.callFromThread)
        reload_on_signal(self._reload, self._reactor.callFromThread)
        stop_once(self._reactor)
        if self._log_owner != (-1, -1):
            self._try_reading()
        self._reactor.callLater(0, _settle)

    def _give_up(self, error: Exception) -> NoReturn:
        if self._foreground:
            stop_here(str(error), to=sys.__stderr__)  # sys.stderr is the log by now
        self._log.critical("Cannot start: {why}", why=str(error))
        raise error

    def _try_reading(self) -> None:
        """We have become somebody else, who may not see what was read up to now."""
        try:
            self._read()
        except ConfigError as error:
            why = "; ".join(error.faults)
            self._log.warn("A reload could not take the config: {why}", why=why)

    def _reload(self) -> None:
        self._supervised.reload(self.reloading.reload)

    def _status(self) -> str:
        people, connections = len(self.room), len(self._doors.admission)
        return f"People in the room: {people}, connections: {connections}"

    def _take_room(self, settings: Config) -> None:
        self.room.max_users = settings.room.max_users
        self.room.guests = settings.room.guests
        self.room.motd = clean(settings.room.motd)

    @defer.inlineCallbacks
    def stopService(self) -> Any:
        """Let nobody in, tell everyone, and close; done within two seconds."""
        self._metrics.will_stop()
        yield super().stopService()
        self.room.close()
        yield self._doors.close()
        yield defer.ensureDeferred(self.keeping.stop())
        yield self._metrics.stopService()

    def _log_failures(self) -> int:
        return 0 if self._log_output is None else self._log_output.failures


def _served(settings: Config) -> Served:
    served = Served()
    try:
        served.prepare(settings).take()
    except ConfigError as error:
        stop_here(*error.faults)
    return served


def _log_stays(settings: Config) -> Change:
    """twistd has been told where to log, and the config counts for nothing."""
    return Change(
        stays=("[log], as twistd logs elsewhere",) if settings.log != LogSettings() else ()
    )


def _settle() -> None:
    """What the first turn is for, when we listen already and nobody can have come yet."""
    names.prepare()
    # A full collection goes through all of Python's and Twisted's modules otherwise, 15 ms
    # in which nobody is served.
    gc.freeze()


def stop_here(*lines: str, to: TextIO | None = None) -> NoReturn:
    """End with status 1 and these lines."""
    for line in lines:
        print(f"chatd: {line}", file=to or sys.stderr)
    raise SystemExit(1)


def _within_descriptors(settings: Config) -> Config:
    """With as many connections as there are file descriptors for, the soft limit raised.

    Half of few, or all but some of many, is kept back: for files, and for those who are
    told that there is no place.
    """
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most == resource.RLIM_INFINITY:
        return settings
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    except (OSError, ValueError):  # a sandbox may forbid it
        most = few
    limits = settings.limits
    place = most - min(most // 2, KEPT_BACK)
    if limits.connections > place:
        _log.warn("There are file descriptors for {place} connections only", place=place)
    limits = attrs.evolve(limits, connections=min(limits.connections or place, place))
    return attrs.evolve(settings, limits=limits)
