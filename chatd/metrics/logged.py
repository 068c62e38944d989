"""What was logged, counted by level: something new under "error" or "critical" wants looking at."""

from collections import Counter

from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from zope.interface import implementer


@implementer(ILogObserver)
class Logged:
    """An observer of the log, while metrics are on."""

    def __init__(self) -> None:
        self.by_level: Counter[str] = Counter()

    def __call__(self, event: LogEvent) -> None:
        """Something was logged."""
        level = event.get("log_level")
        self.by_level[level.name if level else "info"] += 1

    def start(self) -> None:
        """Count from now on."""
        globalLogPublisher.addObserver(self)

    def stop(self) -> None:
        """Count no more."""
        globalLogPublisher.removeObserver(self)
