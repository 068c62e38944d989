"""Places behind a proxy: Twisted's wrapper there can't be told that somebody is barred."""

from typing import Any

from twisted.internet.interfaces import IProtocolFactory, IStreamServerEndpoint
from twisted.internet.protocol import Protocol
from twisted.protocols.policies import WrappingFactory
from zope.interface import implementer


class _Barred(Protocol):
    """Closed without a word, as whoever is barred is elsewhere."""

    def connectionMade(self) -> None:
        transport: Any = self.transport
        transport.loseConnection()


class _Somebody(WrappingFactory[Any]):
    """The door, with somebody to talk to for whom it has nobody."""

    noisy = False

    def buildProtocol(self, addr: Any) -> Any:
        """Never None."""
        return self.wrappedFactory.buildProtocol(addr) or _Barred()

    def logPrefix(self) -> str:
        """The door's own."""
        return str(self.wrappedFactory.logPrefix())


@implementer(IStreamServerEndpoint)
class BehindProxy:
    """The place ``beneath``, a ``haproxy:`` one."""

    def __init__(self, beneath: IStreamServerEndpoint) -> None:
        self._beneath = beneath

    def listen(self, protocolFactory: IProtocolFactory) -> Any:
        """See IStreamServerEndpoint."""
        return self._beneath.listen(_Somebody(protocolFactory))
