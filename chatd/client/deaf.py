"""Whom somebody here does not want to hear."""

from typing import TYPE_CHECKING

from chatd.client.unanswered import Outgoing
from chatd.names import key_of
from chatd.wire.orders import Ignore, Unignore

if TYPE_CHECKING:
    from chatd.client.core import Core


class Deaf:
    """The server ignores them for one connection; the person here, until they say otherwise."""

    def __init__(self, core: "Core") -> None:
        self._core = core
        self._ignored: dict[str, Outgoing] = {}  # by the key of the name, how it was asked for
        self._again: set[Outgoing] = set()  # asked for by nobody: whoever is away can't be ignored
        self._away: set[str] = set()

    def asked(self, order: Ignore | Unignore) -> None:
        """Somebody wants to see nothing of them any more, or to see it again."""
        outgoing, key = Outgoing(order), key_of(order.name)
        if isinstance(order, Unignore):
            self._ignored.pop(key, None)
        elif key:
            self._ignored.setdefault(key, outgoing)
        self._core.sending.add(outgoing)

    def entered(self) -> None:
        """We are in; before anything else is heard, whoever was ignored is ignored again."""
        self._again.clear()
        self._away.clear()
        for key in self._ignored:
            self._ask_again(key)

    def came(self, name: str) -> None:
        """Somebody has come, who may be one of them."""
        key = key_of(name)
        if key in self._away and key in self._ignored:
            self._ask_again(key)
        self._away.discard(key)

    def refused(self, outgoing: Outgoing) -> bool:
        """This was refused; whether nobody has asked for it, and nobody is told."""
        if not isinstance(outgoing.command, Ignore):
            return False
        key = key_of(outgoing.command.name)
        if outgoing in self._again:
            self._away.add(key)
            return True
        if self._ignored.get(key) is outgoing:
            del self._ignored[key]
        return False

    def _ask_again(self, key: str) -> None:
        outgoing = Outgoing(self._ignored[key].command)
        self._again.add(outgoing)
        self._core.sending.add(outgoing)
