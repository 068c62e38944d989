"""Who does not want to hear whom, for as long as they are connected."""

from collections.abc import Collection, Hashable
from typing import Generic, TypeVar

Listener = TypeVar("Listener", bound=Hashable)

MOST = 1000
"""Names that one listener may ignore: as many as there may be people, and no more memory."""


class Ignoring(Generic[Listener]):
    """``listener``: however a door knows one of its people. ``key``: of a name."""

    def __init__(self) -> None:
        self.anybody = False
        """Whether anybody ignores anybody: asked for each public line, so it is no call."""
        self._keys: dict[Listener, dict[str, str]] = {}  # key: the name as it was shown
        self._listeners: dict[str, set[Listener]] = {}

    def ignore(self, listener: Listener, key: str, shown: str) -> bool:
        """Let them hear nothing of this name any more; False: they ignore too many."""
        keys = self._keys.setdefault(listener, {})
        if len(keys) >= MOST and key not in keys:
            return False
        keys[key] = shown
        self.anybody = True
        self._listeners.setdefault(key, set()).add(listener)
        return True

    def hear(self, listener: Listener, key: str) -> bool:
        """Let them hear this name again; False: they have all the time."""
        keys = self._keys.get(listener, {})
        if keys.pop(key, None) is None:
            return False
        if not keys:
            del self._keys[listener]
            self.anybody = bool(self._keys)
        self._listeners[key].discard(listener)
        if not self._listeners[key]:
            del self._listeners[key]
        return True

    def forget(self, listener: Listener) -> None:
        """They are gone."""
        for key in tuple(self._keys.get(listener, ())):
            self.hear(listener, key)

    def deaf_to(self, key: str) -> Collection[Listener]:
        """Who does not hear this name."""
        return self._listeners.get(key, ())

    def ignored_by(self, listener: Listener) -> tuple[str, ...]:
        """Whom they ignore, as shown."""
        return tuple(self._keys.get(listener, {}).values())
