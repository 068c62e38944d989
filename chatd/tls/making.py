"""A certificate signed by itself, for a network where no authority vouches for anybody.

Whoever connects compares its fingerprint, once; so it lasts long.
"""

import ipaddress
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from chatd.tls.certificate import CHAIN, KEY

AHEAD = timedelta(days=1)
"""It is valid since then, for machines whose clocks go behind."""

LONGEST_COMMON_NAME = 64


Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def make(
    folder: Path, names: Sequence[str], days: int, now: datetime, key: Key | None = None
) -> x509.Certificate:
    """Write a key, a new one unless there is one already, and its certificate into this folder.

    Raises ValueError for what is no name; FileExistsError, with nothing changed, where one of
    the files is there; other OSErrors.
    """
    key = key or ec.generate_private_key(ec.SECP256R1())
    leaf = _signed(key, [_name(name) for name in names], days, now)
    folder.mkdir(parents=True, exist_ok=True)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    chain = folder / CHAIN
    _write(chain, leaf.public_bytes(serialization.Encoding.PEM), 0o644)
    try:
        _write(folder / KEY, private, 0o600)
    except OSError:
        chain.unlink()
        raise
    return leaf


def _signed(key: Key, names: list[x509.GeneralName], days: int, now: datetime) -> x509.Certificate:
    first = str(names[0].value)
    shown = first if len(first) <= LONGEST_COMMON_NAME else "chatd"
    itself = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, shown)])
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    public = key.public_key()
    return (
        x509.CertificateBuilder(itself, itself, public, x509.random_serial_number())
        .not_valid_before(now - AHEAD)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        # it vouches for nobody else: who trusts it should trust no more than this
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(purpose, critical=False)
        .sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    )


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        ascii_form = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_form = ""
    labels = ascii_form.removeprefix("*.").split(".")
    if not all(label.replace("-", "").replace("_", "").isalnum() for label in labels):
        raise ValueError(f"{name!r} is neither a host name nor an address")
    return x509.DNSName(ascii_form)


def _write(file: Path, data: bytes, mode: int) -> None:
    """A new file: what is there is never overwritten, and a key never readable by others."""
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(number, "wb") as out:
            out.write(data)
    except OSError:
        file.unlink()
        raise
