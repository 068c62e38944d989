"""Who may come in by which password, and who may keep order there."""

import attrs

from chatd.passwords import Hashed
from chatd.registered import Registered


@attrs.frozen
class Access:
    """``room``: the password that opens the room to everyone; None: it is open.

    ``operators``: the keys of their names, each of which is registered.
    """

    room: Hashed | None = None
    names: Registered = attrs.field(factory=Registered)
    operators: frozenset[str] = frozenset()

    @property
    def asks(self) -> bool:
        """Whether there is anybody for whom a password makes a difference."""
        return self.room is not None or bool(len(self.names))
