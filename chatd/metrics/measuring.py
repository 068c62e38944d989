"""What is counted for metrics only, and how all of it is shown."""

from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from chatd.metrics.figures import Figures
from chatd.metrics.heard import Heard
from chatd.metrics.lag import Lag
from chatd.metrics.logged import Logged
from chatd.metrics.pages import Pages
from chatd.metrics.visits import Visits
from chatd.metrics.watched import Watched

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Of lateness, in seconds. A turn of the reactor is planned to take 0.01 at most."""


class Measuring:
    """Counts what nobody counts when metrics are off; ``visits`` is where it is shown."""

    def __init__(self, watched: Watched, reactor: Any) -> None:
        disable_created_metrics()  # when a count began is when the process did
        registry = CollectorRegistry(auto_describe=False)
        text = "How late the reactor came to a timer, ten times a second."
        late = Histogram("chatd_reactor_lag_seconds", text, buckets=BUCKETS, registry=registry)
        self._room = watched.room
        self._heard = Heard()
        self._logged = Logged()
        self._lag = Lag(reactor, late.observe)
        registry.register(Figures(watched, self._heard, self._logged))
        ProcessCollector(registry=registry)
        self.pages = Pages(lambda: generate_latest(registry), self._lag.worst)
        self.visits = Visits(self.pages, reactor)
        self._running = False

    def start(self) -> None:
        """Count, if it does not yet."""
        if not self._running:
            self._running = True
            self._heard.begin(len(self._room))
            self._room.add_audience(self._heard)
            self._lag.start()
            self._logged.start()

    def stop(self) -> None:
        """Count no more; what was counted stays."""
        if self._running:
            self._running = False
            self._room.remove_audience(self._heard)
            self._lag.stop()
            self._logged.stop()
