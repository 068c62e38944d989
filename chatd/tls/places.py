"""TLS laid around a place to listen at."""

from typing import Any

from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import (
    IHalfCloseableProtocol,
    IProtocolFactory,
    IStreamServerEndpoint,
)
from twisted.protocols.policies import ProtocolWrapper
from twisted.protocols.tls import BufferingTLSTransport, TLSMemoryBIOFactory
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.tls.connection import ALERT_ACCESS_DENIED
from chatd.tls.served import Served


@implementer(IHalfCloseableProtocol)
class TLSTransport(BufferingTLSTransport):
    """The TLS transport of one connection; to the seat above it, a transport like TCP's.

    A peer may end its sending and still read, by TLS's own word for it (close_notify), or
    by the half-closing of TCP alone, as ncat does.
    """

    transport: Any
    input_is_cut = False
    """Whether anybody on the way may have cut the input: its last line may not be whole."""
    _input_has_ended = False

    @property
    def bufferSize(self) -> int:
        """Bytes read at a time, and written before a producer is asked to pause."""
        size: int = self._bottom().bufferSize
        return size

    @bufferSize.setter
    def bufferSize(self, size: int) -> None:
        self._bottom().bufferSize = size

    def _bottom(self) -> Any:
        transport: Any = self.transport
        while isinstance(transport, ProtocolWrapper):  # such as takes off a proxy's header
            transport = transport.transport
        return transport

    def input_ended(self) -> None:
        """The peer has said that it will send nothing more."""
        self._input_has_ended = True
        IHalfCloseableProtocol(self.wrappedProtocol).readConnectionLost()

    def readConnectionLost(self) -> None:
        """TCP's end of input."""
        if self._input_has_ended:
            return
        if self.getHandle().is_secure:
            self.input_is_cut = True
            self.input_ended()
        else:
            self.transport.connectionLost(Failure(ConnectionLost()))

    def writeConnectionLost(self) -> None:
        """Only after loseWriteConnection, which nobody calls."""

    def loseConnection(self) -> None:
        """Close. Before the handshake is over there is nobody to say goodbye to, and whoever
        is turned away should cost none."""
        if not self.connected:
            return
        if self.getHandle().is_secure:
            super().loseConnection()
            if self.input_is_cut:  # there will be no goodbye to ours
                self.transport.loseConnection()
        else:
            self.transport.write(ALERT_ACCESS_DENIED)
            self.transport.loseConnection()

    def abortConnection(self) -> None:
        """Close now; once it is gone, nothing happens."""
        if self.connected:
            super().abortConnection()


class TLSFactory(TLSMemoryBIOFactory):
    """Asks the door first: whom it bars costs no TLS."""

    protocol = TLSTransport

    def buildProtocol(self, addr: Any) -> Any:
        """None for who is barred."""
        inner = self.wrappedFactory.buildProtocol(addr)
        return None if inner is None else self.protocol(self, inner)


@implementer(IStreamServerEndpoint)
class TLSPlace:
    """The place ``beneath``, with TLS."""

    def __init__(self, beneath: IStreamServerEndpoint, served: Served, reactor: Any) -> None:
        self._beneath = beneath
        self._served = served
        self._reactor = reactor

    def listen(self, protocolFactory: IProtocolFactory) -> Any:
        """See IStreamServerEndpoint."""
        wrapped = TLSFactory(self._served, False, protocolFactory, clock=self._reactor)
        return self._beneath.listen(wrapped)
