"""Why there is no connection, for people."""

import os
from typing import Any

from twisted.internet import error
from twisted.python.failure import Failure

_NOT_TLS = ("wrong version number", "packet length too long", "record layer failure")


def words(reason: Failure) -> str:
    """In words, without a full stop."""
    wrong: Any = reason.value
    if isinstance(wrong, error.ConnectionDone | error.ConnectionLost):
        return "connection lost"
    if isinstance(wrong, error.ConnectionRefusedError):
        return "connection refused: nobody is listening there"
    if isinstance(wrong, error.DNSLookupError | error.UnknownHostError):
        return "there is no host of that name"
    if isinstance(wrong, error.TimeoutError):
        return "no answer"
    if type(wrong).__module__.startswith("OpenSSL"):
        return _openssl(wrong)
    cause = getattr(wrong, "osError", None) or wrong
    if isinstance(cause, int):
        return os.strerror(cause)
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__


def _openssl(wrong: Exception) -> str:
    errors = wrong.args[0] if wrong.args and isinstance(wrong.args[0], list) else []
    told = ", ".join(str(one[-1]) for one in errors)
    if any(sign in told for sign in _NOT_TLS):
        return "what answers there does not speak TLS"
    if "access denied" in told:
        return "there is no place for you there just now"
    return f"TLS failed: {told or 'the connection was closed'}"
