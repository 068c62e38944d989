"""The server's end of one TLS connection, as OpenSSL and Twisted see it.

Twisted asks a connection creator for an OpenSSL connection and drives it. What chatd wants
otherwise than Twisted is said here, through that connection's public methods: a peer that
ends its sending still gets every answer, one that does not speak TLS is told so in its own
language, and a handshake that fails has a reason for the log.
"""

from collections.abc import Callable
from typing import Any

from OpenSSL import SSL

from chatd.wire.foreign import ENOUGH, spoken

NO_TLS = (
    b"ERROR unknown-command: This place speaks TLS:"
    b" connect with chat --tls, or openssl s_client.\r\n"
)
"""For netcat and telnet, which show what they get as it comes."""

_NO_HTTP_WORDS = b"This place speaks TLS: the address begins with https.\n"
NO_HTTP = (
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(_NO_HTTP_WORDS), _NO_HTTP_WORDS)
)
"""For browsers, which would not."""

ALERT_ACCESS_DENIED = b"\x15\x03\x03\x00\x02\x02\x31"
"""A record that every TLS peer understands before anything is agreed on (RFC 8446, 6.2)."""

_HANDSHAKE_RECORD = b"\x16"


class HandshakeFailed(SSL.Error):
    """``why``: for the log. Twisted wants a queue of errors in every SSL.Error, which that of a
    peer that says goodbye in the middle has not."""

    def __init__(self, reason: str, why: str) -> None:
        super().__init__([("", "", reason)])
        self.why = why


class ServerConnection(SSL.Connection):
    """``context_for``: the context for a server name. ``input_ended`` is called when the peer
    has said that it will send nothing more."""

    def __init__(
        self,
        context: SSL.Context,
        context_for: Callable[[str], SSL.Context],
        input_ended: Callable[[], None],
    ) -> None:
        super().__init__(context, None)
        self._context_for = context_for
        self._input_ended: Callable[[], None] | None = input_ended
        self._begun = False
        self._speaks_tls = True
        self._refusal = NO_TLS
        self.is_secure = False
        """Whether the handshake is over."""

    def named(self) -> None:
        """The client has said which host it wants, or that it does not care."""
        name = self.get_servername()
        if name:
            self.set_context(self._context_for(name.decode("ascii", "replace")))

    def bio_write(self, buf: Any) -> int:
        """What has come from the peer."""
        if not self._begun:
            self._begun = True
            beginning = bytes(buf[:ENOUGH])
            self._speaks_tls = beginning[:1] == _HANDSHAKE_RECORD
            self._refusal = NO_HTTP if spoken(beginning) == "HTTP" else NO_TLS
        return super().bio_write(buf)

    def do_handshake(self) -> None:
        """Go on with it. Raises HandshakeFailed."""
        if not self._speaks_tls:
            raise HandshakeFailed("not TLS", "spoke no TLS")
        try:
            super().do_handshake()
        except SSL.WantReadError:
            raise
        except SSL.Error as error:
            reason = _reason(error)
            raise HandshakeFailed(reason, f"TLS handshake failed: {reason}") from None
        self.is_secure = True

    def bio_read(self, bufsiz: int) -> bytes:
        """What is to go to the peer."""
        if self._speaks_tls:
            return super().bio_read(bufsiz)
        if self._begun:
            self._begun = False
            return self._refusal
        raise SSL.WantReadError

    def recv(self, bufsiz: int, flags: int | None = None) -> bytes:
        """What the peer says. Twisted would hang up when it has said its last."""
        try:
            return super().recv(bufsiz, flags)
        except SSL.ZeroReturnError:
            tell, self._input_ended = self._input_ended, None
            if tell is not None:
                tell()
            raise SSL.WantReadError from None


def _reason(error: SSL.Error) -> str:
    errors = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return ", ".join(str(one[-1]) for one in errors) or "the peer hung up"
