"""A certificate and its key, as they stand on the disk."""

import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from OpenSSL import SSL

from chatd.tls import CertificateFaults, moment
from chatd.whole_file import waits

CHAIN, KEY = "fullchain.pem", "privkey.pem"
"""What certbot and others call the two files in a folder of a certificate."""

_KEY = re.compile(rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)

_CIPHERS = b"ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2: with a key for each connection, and encryption that also authenticates."""


@attrs.frozen
class Certificate:
    """Ready to be served. ``path``: where it came from, as the config has it."""

    path: str
    leaf: x509.Certificate
    context: SSL.Context = attrs.field(eq=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The host names and addresses that it is for."""
        return names_of(self.leaf)

    @property
    def ends(self) -> datetime:
        """The moment from which it is not valid any more, in UTC."""
        return self.leaf.not_valid_after_utc

    @property
    def fingerprint(self) -> str:
        """Of SHA-256, as openssl writes it."""
        return fingerprint(self.leaf)


def names_of(leaf: x509.Certificate) -> tuple[str, ...]:
    """The host names and addresses that a certificate is for."""
    try:
        named = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    hosts = named.get_values_for_type(x509.DNSName)
    return (*hosts, *map(str, named.get_values_for_type(x509.IPAddress)))


def fingerprint(leaf: x509.Certificate) -> str:
    """What people compare: SHA-256, in pairs of digits with colons."""
    return leaf.fingerprint(hashes.SHA256()).hex(":").upper()


def read_all(paths: Iterable[str], now: datetime) -> tuple[Certificate, ...]:
    """All of them, in this order. Raises CertificateFaults."""
    read: list[Certificate] = []
    faults: list[str] = []
    for path in paths:
        try:
            read.append(_read(path, now))
        except _Fault as fault:
            faults.append(str(fault))
    if faults:
        raise CertificateFaults(faults)
    return tuple(read)


class _Fault(Exception):
    """Why one can't be served."""


def _read(path: str, now: datetime) -> Certificate:
    # One that is not valid yet is no fault: a machine that has not been told the time yet
    # may have to start with it.
    chain_file, key_file = Path(path), Path(path)
    if os.path.isdir(path):
        chain_file, key_file = chain_file / CHAIN, key_file / KEY
    leaf, *others = _chain(chain_file)
    context = _context(leaf, others, _key(key_file), chain_file, key_file)
    certificate = Certificate(path, leaf, context)
    if certificate.ends <= now:
        raise _Fault(f"{chain_file}: the certificate ended at {moment(certificate.ends)}")
    return certificate


def _bytes(file: Path) -> bytes:
    try:
        if waits(file):
            raise _Fault(f"{file}: cannot be read: it is not a file")
        return file.read_bytes()
    except OSError as error:
        raise _Fault(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise _Fault(f"{file}: cannot be read: {error}") from None


def _chain(file: Path) -> list[x509.Certificate]:
    data = _bytes(file)
    if b"-----BEGIN CERTIFICATE-----" not in data:
        raise _Fault(f"{file}: there is no certificate in it")
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError:
        raise _Fault(f"{file}: a certificate in it is damaged") from None


def _key(file: Path) -> Any:
    found = _KEY.search(_bytes(file))
    if found is None:
        raise _Fault(f"{file}: there is no private key in it")
    try:
        return serialization.load_pem_private_key(found[0], password=None)
    except TypeError:
        raise _Fault(
            f"{file}: the private key is encrypted, and nobody is asked for its passphrase"
        ) from None
    except Exception:  # the kinds of damage are many, and so are its exceptions
        raise _Fault(f"{file}: the private key in it is damaged") from None


def _context(
    leaf: x509.Certificate,
    chain: list[x509.Certificate],
    key: Any,
    chain_file: Path,
    key_file: Path,
) -> SSL.Context:
    if _public(leaf.public_key()) != _public(key.public_key()):
        raise _Fault(
            f"{key_file}: the private key is not that of the"
            f"{' first' if chain else ''} certificate in {chain_file}"
        )
    try:
        return _made(leaf, chain, key)
    except (SSL.Error, ValueError, TypeError) as error:
        raise _Fault(f"{chain_file}: OpenSSL refuses it: {_reason(error)}") from None


def _public(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(key.public_bytes(serialization.Encoding.DER, form))


def _made(leaf: x509.Certificate, chain: list[x509.Certificate], key: Any) -> SSL.Context:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_cipher_list(_CIPHERS)
    context.set_options(
        SSL.OP_NO_COMPRESSION
        | SSL.OP_NO_RENEGOTIATION
        | SSL.OP_NO_TICKET
        | SSL.OP_CIPHER_SERVER_PREFERENCE
    )
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)  # 34 kB for each connection that says nothing
    context.use_certificate(leaf)
    context.use_privatekey(key)
    for one in chain:
        context.add_extra_chain_cert(one)
    context.check_privatekey()
    context.set_tlsext_servername_callback(lambda connection: connection.named())
    return context


def _reason(error: Exception) -> str:
    found = error.args[0] if error.args else ""
    return ", ".join(str(one[-1]) for one in found) if isinstance(found, list) else str(error)
