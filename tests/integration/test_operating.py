"""docs/operating.md, followed to the letter: its lines, its alert rules, its dashboard."""

import json
import os
import re
import shutil
import socket
import subprocess
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.integration.daemon import running, wait_for
from tests.integration.test_installing import LEFT_OUT, REPOSITORY
from tests.integration.test_metrics import WITH_METRICS, get, metrics_port
from tests.tools import needed

PAGE = (REPOSITORY / "docs" / "operating.md").read_text(encoding="utf-8")
PATIENT = 60.0
"""Prometheus needs two scrapes to know a rate."""

NEVER_HERE = ("refusals", "closed_total", "left_total")
"""What has no series before something went wrong, or somebody went."""


def blocks(kind: str, heading: str) -> list[str]:
    """The lines to copy under a heading."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(rf"^```{kind}\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)


def free_port() -> int:
    """One that nobody has just now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.mark.slow
def test_from_nothing_to_a_room(tmp_path: Path) -> None:
    """Copying lines only, in a fresh folder, gives a room by TLS with metrics that are well;
    the ports alone are others, for the machine may have a room.
    """
    needed("openssl")
    clone = tmp_path / "clone"
    shutil.copytree(REPOSITORY, clone, ignore=LEFT_OUT)
    script = "".join(blocks("sh", "From nothing to a room"))
    for port in ("55555", "9555"):
        script = re.sub(rf"\b{port}\b", str(free_port()), script)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        check=False,
        cwd=clone,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )
    pid_file = clone / "room" / "chatd.pid"
    log = clone / "room" / "chat.log"
    told = done.stdout + done.stderr + (log.read_text() if log.exists() else "")
    if done.returncode and pid_file.exists():
        os.kill(int(pid_file.read_text()), 15)
    assert done.returncode == 0, told
    wait_for(lambda: not pid_file.exists(), lambda: f"the end: {told}")
    assert "chatd.toml is fine." in done.stdout
    assert "\nok\n" in done.stdout
    assert "tester: BCST Is anybody there?" in done.stdout
    assert "tester joined the chat!" in log.read_text()
    assert "Is anybody there?" not in log.read_text()


def test_the_alert_rules(tmp_path: Path) -> None:
    """Prometheus takes them."""
    needed("promtool")
    (rules,) = blocks("yaml", "Metrics")
    file = tmp_path / "rules.yml"
    file.write_text(rules)
    done = subprocess.run(
        ["promtool", "check", "rules", file], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS: 7 rules found" in done.stdout


def test_promtool_finds_nothing_wrong(tmp_path: Path) -> None:
    """Names, types and help are as they should be."""
    needed("promtool")
    with running(tmp_path, WITH_METRICS) as daemon:
        _, text = get(metrics_port(daemon), "/metrics")
    done = subprocess.run(
        ["promtool", "check", "metrics"], check=False, input=text, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_dashboard(tmp_path: Path) -> None:
    """Every question that it asks, Prometheus can answer from a running daemon."""
    needed("prometheus")
    with running(tmp_path, WITH_METRICS) as daemon, prometheus(tmp_path, daemon) as port:
        dani = daemon.person("dani")
        dani.answers("BCST hello")
        wait_for(
            lambda: ask(port, 'rate(chatd_lines_received_total{job="chatd"}[1m])'),
            lambda: "a rate",
            within=PATIENT,
        )
        dashboard: Any = json.loads((REPOSITORY / "etc" / "chatd-grafana.json").read_text())
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                found = ask(port, filled_in(target["expr"]))
                assert found or any(one in target["expr"] for one in NEVER_HERE), target["expr"]


def filled_in(expression: str) -> str:
    """As Grafana would ask."""
    for name, value in (("job", "chatd"), ("instance", ".*"), ("__rate_interval", "1m")):
        expression = expression.replace(f"${name}", value)
    return expression


def ask(port: int, expression: str) -> list[Any]:
    """What Prometheus answers."""
    query = urllib.parse.urlencode({"query": expression})
    status, text = get(port, f"/api/v1/query?{query}")
    assert status == 200, (expression, text)
    return list(json.loads(text)["data"]["result"])


@contextmanager
def prometheus(where: Path, daemon: Any) -> Iterator[int]:
    """A Prometheus that asks the daemon each half second."""
    port = free_port()
    config = {
        "global": {"scrape_interval": "500ms", "scrape_timeout": "500ms"},
        "scrape_configs": [
            {
                "job_name": "chatd",
                "static_configs": [{"targets": [f"127.0.0.1:{metrics_port(daemon)}"]}],
            }
        ],
    }
    (where / "prometheus.yml").write_text(json.dumps(config))
    words = [
        "prometheus",
        f"--config.file={where / 'prometheus.yml'}",
        f"--storage.tsdb.path={where / 'prometheus'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (where / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: is_ready(port), (where / "prometheus.log").read_text, within=PATIENT)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def is_ready(port: int) -> bool:
    """Whether it answers."""
    try:
        return get(port, "/-/ready")[0] == 200
    except OSError:
        return False
