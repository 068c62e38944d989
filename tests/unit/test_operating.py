"""docs/operating.md, and the dashboard, speak of what is there, and of all of it."""

import json
import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from twisted.internet.task import Clock

from chatd.config import SECTIONS
from chatd.metrics.measuring import Measuring
from chatd.metrics.watched import Watched
from chatd.room import Room
from tests.unit.test_metrics import Door

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "operating.md").read_text(encoding="utf-8")
DASHBOARD: Any = json.loads((REPOSITORY / "etc" / "chatd-grafana.json").read_text())
METRIC = re.compile(r"\b(?:chatd|process)_[a-z_]+")


def exported() -> set[str]:
    """The names of all metrics."""
    measuring = Measuring(Watched(Room(), {"line": Door()}), Clock())
    shown = measuring.pages.answer(b"GET", b"/metrics", None, "").body.decode()
    return set(re.findall(r"^# TYPE (\S+)", shown, re.MULTILINE))


def part(heading: str) -> str:
    """What stands under a heading."""
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def names_in(text: str) -> set[str]:
    """The metrics that it speaks of; of a histogram, each series."""
    return {name.removesuffix("_bucket") for name in METRIC.findall(text)}


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_every_setting(section: str) -> None:
    """The table has each, in the rows of its section."""
    rows = part("Settings").split(f"| `[{section}]` |")[1].split("| `[")[0]
    for field in attrs.fields(SECTIONS[section]):
        assert f"`{field.name}`" in rows, f"[{section}] {field.name}"


def test_every_metric() -> None:
    """The table has each that there is, and no other."""
    listed = {
        name
        for line in part("Metrics").splitlines()
        if line.startswith("| `")
        for name in METRIC.findall(line.split("|")[1])
    }
    assert listed == exported()


def test_no_metric_that_is_not_there() -> None:
    """Neither the page nor the dashboard asks for one."""
    expressions = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    assert names_in(PAGE) <= exported()
    assert names_in(" ".join(expressions)) <= exported()


def test_the_dashboard_can_be_imported() -> None:
    """Panels have a place of their own, and ask the data source that is chosen."""
    cells: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        mine = {
            (at["x"] + column, at["y"] + row) for column in range(at["w"]) for row in range(at["h"])
        }
        assert not mine & cells, panel["title"]
        assert max(column for column, _ in mine) < 24
        cells |= mine
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${datasource}"}
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    variables = {one["name"] for one in DASHBOARD["templating"]["list"]}
    used = set(re.findall(r"\$(\w+)", " ".join(json.dumps(p) for p in DASHBOARD["panels"])))
    assert used - {"__rate_interval"} <= variables


def test_every_event_of_the_log() -> None:
    """The table has each kind that the daemon logs, and what operators do."""
    code = "".join(path.read_text() for path in (REPOSITORY / "chatd").rglob("*.py"))
    kinds = set(re.findall(r'\bevent="([a-z-]+)"', code))
    kinds |= set(re.findall(r'self\._tell\("([a-z]+)", by', code))
    assert {"joined", "config-taken", "ban"} <= kinds
    first = [line.split("|")[1] for line in part("The log").splitlines() if line.startswith("| ")]
    assert kinds <= set(re.findall(r"`([a-z-]+)`", " ".join(first)))
