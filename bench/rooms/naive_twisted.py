"""A Twisted room as the tutorials have it: a ``transport.write`` for each member and line."""

import resource
import sys

from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory, connectionDone
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure


class Chatter(LineReceiver):
    """One connection."""

    name = ""

    def lineReceived(self, line: bytes) -> None:
        """JOIN or BCST; anything else is ignored."""
        verb, _, text = line.decode().partition(" ")
        if verb == "JOIN":
            self.name = text
            self.factory.members.append(self)
            self.tell_all(f"SERVER: {text} joined the chat!")
        elif verb == "BCST":
            self.tell_all(f"{self.name}: BCST {text}")

    def tell_all(self, line: str) -> None:
        """Tell everyone, this one too."""
        for member in self.factory.members:
            member.transport.write(line.encode() + b"\r\n")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Gone."""
        if self in self.factory.members:
            self.factory.members.remove(self)


class Room(ServerFactory):
    """Who is in."""

    protocol = Chatter

    def __init__(self) -> None:
        self.members: list[Chatter] = []


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    reactor.listenTCP(int(sys.argv[1]), Room(), backlog=1024, interface="127.0.0.1")
    reactor.run()
