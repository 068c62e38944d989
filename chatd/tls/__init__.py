"""TLS: certificates, the places that show them, and how long they last.

Wants ``chatd[tls]``. Nothing else imports from here before a config names a TLS place or a
certificate, so that chatd runs without it.
"""

import importlib.util
from datetime import datetime

NOT_INSTALLED = "TLS is not installed: pip install 'chatd[tls]'"


def is_installed() -> bool:
    """Whether all is there that TLS needs."""
    return all(map(importlib.util.find_spec, ("OpenSSL", "service_identity")))


def moment(then: datetime) -> str:
    """A moment in UTC, for people."""
    return f"{then:%Y-%m-%d %H:%M} UTC"


class CertificateFaults(Exception):
    """What is wrong with certificates: ``faults``, a line for each, naming the file."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
