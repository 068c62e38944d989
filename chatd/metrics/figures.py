"""The counts as Prometheus wants them, read at the moment when it asks.

Whatever is named here is explained in docs/operating.md, and a test holds the two together.
"""

import platform
from collections.abc import Iterator, Mapping

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

import twisted
from chatd import __version__
from chatd.metrics.heard import Heard
from chatd.metrics.logged import Logged
from chatd.metrics.watched import Watched


class Figures(Collector):
    """Reads all counts in one turn of the reactor, so they belong to the same moment."""

    def __init__(self, watched: Watched, heard: Heard, logged: Logged) -> None:
        self._watched = watched
        self._heard = heard
        self._logged = logged

    def collect(self) -> Iterator[Metric]:
        """Everything."""
        yield from self._room()
        yield from self._doors()
        yield from self._daemon()
        yield from self._history()

    def _room(self) -> Iterator[Metric]:
        room, heard = self._watched.room, self._heard
        yield GaugeMetricFamily("chatd_people", "People in the room.", len(room))
        yield GaugeMetricFamily(
            "chatd_people_limit", "How many may be in; 0: no limit.", room.max_users
        )
        yield _counter("chatd_joined", "People who came in.", heard.joined)
        yield _counters("chatd_left", "People who went.", ["reason"], by_reason(heard.left))
        yield _counter("chatd_lines_said", "Lines said to everyone.", heard.said)
        whispered = sum(door.tally.whispered for door in self._watched.doors.values())
        yield _counter("chatd_lines_whispered", "Private lines said.", whispered)
        kinds = {"public": heard.public, "private": whispered, "notice": heard.notices}
        text = "Lines owed to people: each line once for each person who is to read it."
        yield _counters("chatd_deliveries", text, ["kind"], kinds)

    def _doors(self) -> Iterator[Metric]:
        tallies = {name: door.tally for name, door in self._watched.doors.items()}
        yield _gauges(
            "chatd_connections",
            "Connections open now, joined or not.",
            {name: tally.connections for name, tally in tallies.items()},
        )
        for name, text, attribute in _BY_DOOR:
            values = {door: getattr(tally, attribute) for door, tally in tallies.items()}
            yield _counters(name, text, ["door"], values)
        for name, text, label, attribute in _BY_DOOR_AND_MORE:
            family = CounterMetricFamily(name, text, labels=["door", label])
            for door, tally in tallies.items():
                for what, count in by_reason(getattr(tally, attribute)).items():
                    family.add_metric([door, what], count)
            yield family
        yield from self._outboxes()

    def _outboxes(self) -> Iterator[Metric]:
        owed = {name: tuple(door.owed()) for name, door in self._watched.doors.items()}
        now = {name: sum(waiting) for name, waiting in owed.items()}
        yield _gauges("chatd_outbox_bytes", "Bytes that wait for slow readers now.", now)
        most = {name: max(waiting, default=0) for name, waiting in owed.items()}
        yield _gauges("chatd_outbox_largest_bytes", "The most that waits for one of them.", most)
        ever = {
            name: max(door.tally.most_owed, most[name])
            for name, door in self._watched.doors.items()
        }
        text = "The most that ever waited for one connection."
        yield _gauges("chatd_outbox_high_water_bytes", text, ever)

    def _daemon(self) -> Iterator[Metric]:
        failures = self._watched.log_failures()
        yield _counter("chatd_log_failures", "Log lines that could not be written.", failures)
        levels = dict.fromkeys(("debug", "info", "warn", "error", "critical"), 0)
        text = "What was logged since metrics are on."
        yield _counters("chatd_log_events", text, ["level"], levels | self._logged.by_level)
        build = {
            "version": __version__,
            "python": platform.python_version(),
            "twisted": twisted.__version__,
        }
        yield InfoMetricFamily("chatd_build", "What is running.", build)

    def _history(self) -> Iterator[Metric]:
        kept = self._watched.history()
        waiting, trouble = (kept.waiting, bool(kept.trouble)) if kept else (0, False)
        written, lost = (kept.written, kept.lost) if kept else (0, 0)
        text = "Lines that wait to be written to the history's file."
        yield GaugeMetricFamily("chatd_history_queue_lines", text, waiting)
        yield _counter("chatd_history_lines_written", "Lines written to it.", written)
        yield _counter("chatd_history_lines_lost", "Lines that had no room to wait in.", lost)
        text = "Whether something is wrong with that file."
        yield GaugeMetricFamily("chatd_history_trouble", text, trouble)


_BY_DOOR = [
    ("chatd_connections_opened", "Connections let in to talk.", "opened"),
    ("chatd_lines_received", "Lines worked through, whatever they asked for.", "lines_in"),
    ("chatd_bytes_received", "Bytes that came in.", "bytes_in"),
    ("chatd_bytes_sent", "Bytes owed to connections.", "bytes_out"),
    ("chatd_deliveries_ignored", "Lines kept from whoever ignores their speaker.", "ignored"),
    ("chatd_deliveries_lost", "Lines dropped when a connection ended early.", "lost"),
]
_BY_DOOR_AND_MORE = [
    ("chatd_connections_closed", "Connections that have ended.", "reason", "gone"),
    ("chatd_refusals", "Refusals told.", "code", "refused"),
]


def by_reason(counts: Mapping[str, int]) -> dict[str, int]:
    """Reasons without what follows a colon, which is somebody's own words."""
    merged: dict[str, int] = {}
    for why, count in counts.items():
        reason = why.partition(":")[0]
        merged[reason] = merged.get(reason, 0) + count
    return merged


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value)


def _counters(name: str, text: str, labels: list[str], values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=labels)
    for label, value in values.items():
        family.add_metric([label], value)
    return family


def _gauges(name: str, text: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=["door"])
    for label, value in values.items():
        family.add_metric([label], value)
    return family
