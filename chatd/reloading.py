"""A config that was changed is taken while everybody stays: all of it, or nothing.

Whatever can take a new config is a *part*: a function that gets the new config and does
everything that can fail, such as opening a file or a port. It either raises ConfigError, or gives a
Change, which can't fail. When every part has given one, all are taken; when one has not, all are
dropped. Both happen before the reactor goes on, so nobody ever meets half of a config.
"""

import signal
from collections.abc import Callable

import attrs
from twisted.logger import Logger

from chatd.config import SECTIONS, Config, ConfigError


def _nothing() -> None:
    pass


@attrs.frozen
class Change:
    """What a part has prepared. One of the two is called, once, and neither may raise.

    ``stays``: settings that this part can't change while the daemon runs though the config wants
    it, each with its section and what it takes instead.
    """

    take: Callable[[], object] = _nothing
    drop: Callable[[], object] = _nothing
    stays: tuple[str, ...] = ()


Part = Callable[[Config], Change]


def surely(take: Callable[[Config], object]) -> Part:
    """A part that can take any config that is right in itself."""
    return lambda settings: Change(lambda: take(settings))


class Reloading:
    """Reads the config again and lets every part take it, in the order in which they were added.

    ``read`` gives the whole config, checked, or raises ConfigError; ``settings`` is what it gave
    at the start.
    """

    _log = Logger()

    def __init__(self, read: Callable[[], Config], settings: Config) -> None:
        self.settings = settings
        """What holds now."""
        self._read = read
        self._parts: list[Part] = []

    def add(self, part: Part) -> None:
        """Let this part take what comes. Parts whose changes can be seen from outside come last."""
        self._parts.append(part)

    def reload(self) -> bool:
        """Take the config as it is now; whether that could be done. Never raises."""
        try:
            settings = self._read()
            changes = self._prepared(settings)
        except ConfigError as error:
            why = "; ".join(error.faults)
            text = "Config not taken, nothing has changed: {why}"
            self._log.error(text, event="config-refused", why=why)
            return False
        for change in changes:
            self._do(change.take)
        self._tell(settings, [name for change in changes for name in change.stays])
        self.settings = settings
        return True

    def _prepared(self, settings: Config) -> list[Change]:
        changes: list[Change] = []
        faults: list[str] = []
        for part in self._parts:
            try:
                changes.append(part(settings))
            except ConfigError as error:
                faults += error.faults
            except Exception:
                self._log.failure("A part of the config could not be looked at")
                faults.append("this is a fault of ours, see above")
        if faults:
            for change in reversed(changes):
                self._do(change.drop)
            raise ConfigError(faults)
        return changes

    def _do(self, what: Callable[[], object]) -> None:
        try:
            what()
        except Exception:
            self._log.failure("A part of the config could not be taken")

    def _tell(self, settings: Config, stays: list[str]) -> None:
        names = changed(self.settings, settings)
        text, told = "Config taken; changed: {changed}", ", ".join(names) or "nothing"
        self._log.info(text, event="config-taken", changed=told)
        for name in stays:
            text = "Not changed before a restart: {name}"
            self._log.warn(text, event="config-waits", name=name)


def reload_on_signal(reload: Callable[[], object], in_reactor: Callable[..., object]) -> None:
    """On SIGHUP, which would end the daemon otherwise. Several at once are one."""
    waiting: list[None] = []

    def once() -> None:
        waiting.clear()
        reload()

    def on_signal(*_: object) -> None:
        if not waiting:
            waiting.append(None)
            in_reactor(once)

    signal.signal(signal.SIGHUP, on_signal)


def changed(old: Config, new: Config) -> list[str]:
    """The names of the settings in which they differ."""
    return [
        f"[{section}] {field.name}"
        for section, cls in SECTIONS.items()
        for field in attrs.fields(cls)
        if getattr(getattr(old, section), field.name) != getattr(getattr(new, section), field.name)
    ]
