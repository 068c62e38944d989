"""The client's end of TLS: what OpenSSL finds wrong with a certificate, and who decides."""

import ipaddress
from typing import Any

from cryptography import x509
from OpenSSL import SSL
from service_identity import CertificateError, VerificationError
from service_identity.cryptography import (
    verify_certificate_hostname,
    verify_certificate_ip_address,
)
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import (
    IOpenSSLClientConnectionCreator,
    IStreamClientEndpoint,
)
from twisted.internet.ssl import CertificateOptions, platformTrust
from zope.interface import implementer

from chatd.client.stranger import Stranger
from chatd.client.trust import Trust
from chatd.tls import moment
from chatd.tls.certificate import fingerprint, names_of

_SELF_SIGNED, _NOT_YET, _ENDED = 18, 9, 10
_NO_AUTHORITY = (2, 19, 20, 21)
"""Numbers of OpenSSL's (x509_vfy.h), which pyOpenSSL has no names for."""


def place(host: str, port: int, trust: Trust, reactor: Any) -> IStreamClientEndpoint:
    """A host to connect to by TLS."""
    return wrapClientTLS(Creator(host, trust), HostnameEndpoint(reactor, host, port), reactor)


class NotTrusted(SSL.Error):
    """The handshake is over before anything of ours is sent."""

    def __init__(self, stranger: Stranger) -> None:
        super().__init__([("", "", "certificate not trusted")])
        self.stranger = stranger


@implementer(IOpenSSLClientConnectionCreator)
class Creator:
    """Connections to one host, whose certificates ``trust`` judges."""

    def __init__(self, host: str, trust: Trust) -> None:
        self._host = host
        self._trust = trust
        self._context = CertificateOptions(trustRoot=platformTrust()).getContext()

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        """One that is about to shake hands."""
        return ClientConnection(self._context, self._host, self._trust)


class ClientConnection(SSL.Connection):
    """OpenSSL goes on whatever it finds, and notes it; when the handshake is over, and before
    anything is sent, ``trust`` judges."""

    def __init__(self, context: SSL.Context, host: str, trust: Trust) -> None:
        super().__init__(context, None)
        self._host = _ascii(host)
        self._trust = trust
        self._found: list[int] = []
        self.set_verify(SSL.VERIFY_PEER, self._note)
        if not _is_address(self._host):
            self.set_tlsext_host_name(self._host.encode("ascii"))

    def do_handshake(self) -> None:
        """Go on with it. Raises NotTrusted."""
        try:
            super().do_handshake()
        except SSL.ZeroReturnError:  # Twisted wants a queue of errors in what it catches
            raise SSL.Error([("", "", "the server has said goodbye")]) from None
        leaf = self.get_peer_certificate(as_cryptography=True)
        assert leaf is not None  # TLS has no servers without
        stranger = self._trust.judge(fingerprint(leaf), self._fault(leaf))
        if stranger is not None:
            raise NotTrusted(stranger)

    def _note(self, _: SSL.Connection, __: Any, error: int, depth: int, fine: int) -> bool:
        if not fine:
            self._found.append(error)
        return True

    def _fault(self, leaf: x509.Certificate) -> str:
        if self._found:
            return _words(self._found[0], leaf)
        try:
            if _is_address(self._host):
                verify_certificate_ip_address(leaf, self._host)
            else:
                verify_certificate_hostname(leaf, self._host)
        except (VerificationError, CertificateError):
            return f"it is for {', '.join(names_of(leaf)) or 'no host'}, not for {self._host}"
        return ""


def _words(error: int, leaf: x509.Certificate) -> str:
    if error == _SELF_SIGNED:
        return "it is signed by itself"
    if error in _NO_AUTHORITY:
        return "this machine does not know the authority that has signed it"
    if error == _ENDED:
        return f"it has ended, {moment(leaf.not_valid_after_utc)} at the latest"
    if error == _NOT_YET:
        return f"it is valid from {moment(leaf.not_valid_before_utc)} on; is the clock right?"
    return f"OpenSSL finds fault with it (X509_V_ERR {error})"


def _ascii(host: str) -> str:
    try:
        return host.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
