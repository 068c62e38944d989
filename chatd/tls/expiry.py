"""Warnings in the log before a certificate ends."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from twisted.application.service import Service
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from chatd.tls import moment
from chatd.tls.served import Served

WARN_BEFORE = timedelta(days=14)
ONCE_IN_SECONDS = 86400.0


def left(ends: datetime, now: datetime) -> str:
    """How long it is until then, in words."""
    days = (ends - now).days
    if days < 0:
        return "ended"
    return "less than a day left" if days == 0 else f"{days} day{'' if days == 1 else 's'} left"


class Expiry(Service):
    """Looks at the start, once a day, and when told to. When to look again is counted by the
    reactor, and only what is left by the wall clock ``now``: setting that clock starts no flood
    of warnings.
    """

    _log = Logger()

    def __init__(
        self,
        served: Served,
        reactor: Any,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._served = served
        self._now = now
        self._looking = LoopingCall(self.look)
        self._looking.clock = reactor

    def startService(self) -> None:
        """Look."""
        super().startService()
        self._looking.start(ONCE_IN_SECONDS)

    def stopService(self) -> None:
        """Look no more."""
        super().stopService()
        self._looking.stop()

    def look(self) -> None:
        """Warn of those that end soon."""
        now = self._now()
        for certificate in self._served.certificates:
            if certificate.ends - now < WARN_BEFORE:
                self._log.warn(
                    "Certificate {path}: {left}, until {ends}; renew it and reload",
                    event="certificate-ends",
                    path=certificate.path,
                    left=left(certificate.ends, now),
                    ends=moment(certificate.ends),
                )
