"""A connection too many: told so, and closed."""

import socket
from contextlib import suppress
from typing import Any

from twisted.internet.protocol import Protocol, connectionDone


class TurnedAway(Protocol):
    """``words``: why, in what is spoken at that door."""

    def __init__(self, words: bytes) -> None:
        self._words = words

    def connectionMade(self) -> None:
        """Say why and close. At once: a thousand at once would use up the descriptors.

        A wrapper, such as takes off a proxy's header, has a socket, too, but not the say.
        """
        transport: Any = self.transport
        handle: Any = getattr(transport, "getHandle", lambda: None)()
        if isinstance(handle, socket.socket) and not isinstance(transport, Protocol):
            with suppress(OSError):
                handle.send(self._words)
            transport.connectionLost(connectionDone)
        else:
            transport.write(self._words)
            transport.loseConnection()
