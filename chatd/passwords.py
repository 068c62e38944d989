"""Passwords: what can be one, and the hash that is kept of it.

Two ways to type the same password are one (RFC 8265, OpaqueString). The hash is scrypt's
(RFC 7914), written as ``$scrypt$ln=15,r=8,p=1$SALT$HASH`` with its own cost, so that the cost
can grow without making old files worthless. It takes 32 MiB and 0.1 seconds: off the reactor.
"""

import base64
import binascii
import hashlib
import hmac
import re

import attrs
from precis_i18n import get_profile

from chatd.wire.text import clean

LONGEST = 256
"""Bytes in a password, at most: whatever is longer is no password that anybody types."""

MOST_MEMORY = 2**28
"""Bytes that trying one password may take, whatever a file asks for."""

_FORM = re.compile(
    r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)\Z"
)
_opaque = get_profile("OpaqueString")


def prepared(text: str) -> bytes:
    """The one form of a password. Raises ValueError, in words that do not repeat it."""
    if not text:
        raise ValueError("A password has at least one character.")
    if len(text) > LONGEST or len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        raise ValueError(f"A password has at most {LONGEST} bytes.")
    if text != text.strip():
        raise ValueError("A password neither begins nor ends with a blank.")
    if not (text.isascii() and text.isprintable()):
        if clean(text) != text:  # and would be taken out on its way here
            raise ValueError("A password has no control characters or invisible ones.")
        try:
            text = _opaque.enforce(text)
        except UnicodeError:
            raise ValueError("A password has no control characters or invisible ones.") from None
    return text.encode()


@attrs.frozen(repr=False)
class Hashed:
    """What is kept of a password. ``ln``: the binary logarithm of scrypt's N."""

    ln: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str, salt: bytes) -> "Hashed":
        """``salt``: bytes by chance, some 16. Raises ValueError if this can't be a password."""
        secret = prepared(password)
        empty = cls(15, 8, 1, salt, b"\0" * 32)
        return attrs.evolve(empty, digest=empty._scrypt(secret))

    @classmethod
    def read(cls, text: str) -> "Hashed":
        """From its text. Raises ValueError in words."""
        found = _FORM.match(text)
        if found is None:
            raise ValueError("is not a hash that `chatd passwd` makes")
        ln, r, p = map(int, found.groups()[:3])
        try:
            salt, digest = map(_unpacked, found.groups()[3:])
        except binascii.Error:
            raise ValueError("is a hash cut short") from None
        if not (ln >= 1 and r and p and 128 * r * (2**ln + p) <= MOST_MEMORY and len(digest) >= 16):
            raise ValueError("is a hash of a cost that is not sensible")
        return cls(ln, r, p, salt, digest)

    def __str__(self) -> str:
        salt, digest = _packed(self.salt), _packed(self.digest)
        return f"$scrypt$ln={self.ln},r={self.r},p={self.p}${salt}${digest}"

    def matches(self, password: str) -> bool:
        """Whether this is the password. Takes a while; any text will do."""
        try:
            secret = prepared(password)
        except ValueError:
            return False
        return hmac.compare_digest(self._scrypt(secret), self.digest)

    def _scrypt(self, secret: bytes) -> bytes:
        return hashlib.scrypt(
            secret,
            salt=self.salt,
            n=2**self.ln,
            r=self.r,
            p=self.p,
            maxmem=2 * MOST_MEMORY,
            dklen=len(self.digest),
        )


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _unpacked(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
