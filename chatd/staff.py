"""The doorkeeper and the operators, with what they need of the machine: threads, files, a clock."""

import time
from typing import Any

from twisted.application.service import Service
from twisted.internet import defer, threads
from twisted.python.threadpool import ThreadPool

from chatd.access_files import read_access
from chatd.addresses import Networks
from chatd.config import Config, ConfigError
from chatd.doorkeeper import Doorkeeper
from chatd.operators import Operators
from chatd.orders_file import OrdersFile
from chatd.reloading import Change
from chatd.room import Room
from chatd.verifying import THREADS, Verifier


class Staff(Service):
    """``settings`` have been checked, and have whole paths. Raises ConfigError where the files
    that they name have changed since."""

    def __init__(self, settings: Config, room: Room, reactor: Any) -> None:
        self._pool = ThreadPool(0, THREADS, "passwords")
        self._file = OrdersFile(
            settings.room.state_file,
            lambda write: threads.deferToThreadPool(reactor, reactor.getThreadPool(), write),
            reactor.callLater,
        )
        verifier = Verifier(
            lambda verify: threads.deferToThreadPool(reactor, self._pool, verify),
            reactor.callLater,
            time.monotonic,
        )
        self.doorkeeper = Doorkeeper(time.monotonic, verify=verifier.verify)
        self.operators = Operators(room, self.doorkeeper, time.monotonic, self._file.save)
        self.prepare(settings).take()

    def startService(self) -> None:
        """Nobody has come yet: this is the time to read who is banned."""
        super().startService()
        self._pool.start()
        self.doorkeeper.orders = self._file.load()

    def stopService(self) -> "defer.Deferred[None]":
        """Fires when the bans are kept."""
        super().stopService()
        self._pool.stop()
        return self._file.close()

    def prepare(self, settings: Config) -> Change:
        """Passwords, names and operators as the files have them now. Nobody has to go for it."""
        access, faults = read_access(settings)
        if faults:
            raise ConfigError(faults)

        def take() -> None:
            self.doorkeeper.access = access
            self.operators.shared = Networks(settings.limits.unlimited)
            if settings.room.state_file != self._file.path:
                self._file.path = settings.room.state_file
                self._file.save()

        return Change(take)
