"""The certificates that are served: which one a connection is shown.

Renewed ones are read again and taken as a whole. Who is connected notices nothing: a
connection holds on to what it was made with.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.logger import Logger
from zope.interface import implementer

from chatd.config import Config, ConfigError
from chatd.reloading import Change
from chatd.tls import NOT_INSTALLED, CertificateFaults, is_installed, moment

if TYPE_CHECKING:
    from OpenSSL import SSL

    from chatd.tls.certificate import Certificate


def read(paths: Sequence[str], now: datetime | None = None) -> "tuple[Certificate, ...]":
    """The certificates there, ready to be served. Raises CertificateFaults; then none is."""
    if not paths:
        return ()
    if not is_installed():
        raise CertificateFaults([NOT_INSTALLED])
    from chatd.tls.certificate import read_all

    return read_all(paths, now or datetime.now(UTC))


@implementer(IOpenSSLServerConnectionCreator)
class Served:
    """What all TLS places show; the first certificate is for whom no other is meant."""

    _log = Logger()

    def __init__(self, certificates: "Sequence[Certificate]" = ()) -> None:
        self.take(certificates)

    def prepare(self, settings: Config) -> Change:
        """Read what [tls] names, again if need be. Raises ConfigError; then nothing changes."""
        try:
            certificates = read(settings.tls.certificates)
        except CertificateFaults as error:
            raise ConfigError([f"[tls] certificates: {fault}" for fault in error.faults]) from None
        return Change(lambda: self._renew(certificates))

    def take(self, certificates: "Sequence[Certificate]") -> None:
        """Serve these, and no others, to whoever connects from now on. Never fails."""
        self.certificates = tuple(certificates)
        self._by_name: dict[str, SSL.Context] = {}
        for certificate in certificates:
            for name in certificate.names:
                self._by_name.setdefault(name.lower(), certificate.context)

    def _renew(self, certificates: "Sequence[Certificate]") -> None:
        before, text = self.certificates, "Certificate {path}: shown from now on, until {ends}"
        self.take(certificates)
        for one in certificates:
            if one not in before:
                self._log.info(text, event="certificate", path=one.path, ends=moment(one.ends))

    def named(self, name: str) -> "SSL.Context":
        """The context of the certificate for a host of this name."""
        name = name.lower().rstrip(".")
        _, _, domain = name.partition(".")
        found = self._by_name.get(name) or self._by_name.get(f"*.{domain}")
        return found or self.certificates[0].context

    def serverConnectionForTLS(self, protocol: Any) -> "SSL.Connection":
        """For somebody who has just connected, and not said yet for which host."""
        from chatd.tls.connection import ServerConnection

        return ServerConnection(self.certificates[0].context, self.named, protocol.input_ended)
