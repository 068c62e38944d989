"""The places where a door is open, which can be others while it runs."""

from collections.abc import Callable

from twisted.application.service import MultiService
from twisted.logger import Logger

from chatd.config import ConfigError
from chatd.descriptions import exclude_each_other, from_systemd
from chatd.listening import AlreadyInUse, CannotListen, Listener
from chatd.reloading import Change


class Places(MultiService):
    """Listens at all of them while it runs.

    ``listener`` makes what listens at a place, and raises ValueError where it is none; ``setting``
    is how errors call the list, such as ``[line] listen``.
    """

    _log = Logger()

    def __init__(
        self, setting: str, listen: tuple[str, ...], listener: Callable[[str], Listener]
    ) -> None:
        super().__init__()
        self._setting = setting
        self._listener = listener
        for description in listen:
            listener(description).setServiceParent(self)

    def prepare(self, listen: tuple[str, ...]) -> Change:
        """Be open at these. Raises ConfigError, and then is open where it was.

        Whoever came in by a place that is closed stays.
        """
        now: dict[str, Listener] = {one.description: one for one in self}
        fixed = [one for one in {*now} ^ {*listen} if from_systemd(one)]
        fresh = [self._made(one) for one in listen if one not in now and one not in fixed]
        stale = [now[one] for one in now if one not in listen and one not in fixed]
        self._open(fresh, stale)
        return Change(
            lambda: self._take(fresh, stale),
            lambda: self._reopen(fresh, stale),
            tuple(f"{self._setting} {one}, a socket of systemd's" for one in sorted(fixed)),
        )

    def _made(self, description: str) -> Listener:
        try:
            return self._listener(description)
        except ValueError as error:
            raise ConfigError([f"{self._setting}: {error}"]) from None

    def _open(self, fresh: list[Listener], stale: list[Listener]) -> None:
        try:
            for listener in fresh:
                try:
                    listener.open()
                except AlreadyInUse:  # maybe by ourselves
                    for one in stale:
                        if exclude_each_other(one.description, listener.description):
                            one.close_now()
                    listener.open()
        except CannotListen as error:
            self._reopen(fresh, stale)
            raise ConfigError([f"{self._setting}: {error}"]) from None

    def _take(self, fresh: list[Listener], stale: list[Listener]) -> None:
        for listener in stale:
            listener.close_now()
            listener.disownServiceParent()
        for listener in fresh:
            listener.setServiceParent(self)

    def _reopen(self, fresh: list[Listener], stale: list[Listener]) -> None:
        for listener in fresh:
            listener.close_now()
        for listener in stale:
            try:
                listener.open()
            except CannotListen as error:
                self._log.critical("A place is closed now: {why}", why=str(error))
