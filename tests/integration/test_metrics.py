"""Metrics of the real daemon, asked for by HTTP, by promtool and by Prometheus itself."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bench.load import build
from tests.integration.daemon import ANYWHERE, UNHURRIED, Daemon, running, wait_for

METRICS = '[metrics]\nlisten = ["tcp:0:interface=127.0.0.1"]\n'
WITH_METRICS = UNHURRIED + METRICS
SENDERS, LINES = 4, 500


def metrics_port(daemon: Daemon) -> int:
    """The place that it opened last."""
    pattern = re.compile(r"Server is listening on (\d+)$", re.MULTILINE)

    def opened() -> list[str] | None:
        found = pattern.findall(daemon.log_text())
        return found if len(found) > 1 else None

    return int(wait_for(opened, lambda: "a second place in the log")[-1])


def get(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """Status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def scrape(port: int) -> dict[str, float]:
    """Every figure, by its name and the values of its labels."""
    status, text = get(port, "/metrics")
    assert status == 200
    return {
        " ".join([sample.name, *(sample.labels[one] for one in sorted(sample.labels))]): (
            sample.value
        )
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class Since:
    """What has been counted since it was made."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._before = scrape(port)
        self.now = self._before

    def scrape(self) -> None:
        self.now = scrape(self._port)

    def __getitem__(self, name: str) -> float:
        return self.now[name] - self._before.get(name, 0)


def size(lines: list[str]) -> int:
    """Bytes on the wire."""
    return sum(len(line.encode()) + 2 for line in lines)


def test_figures_agree_with_what_was_sent(tmp_path: Path) -> None:
    """To the line and to the byte: several say much at once, one goes in the middle of it,
    one whispers, one is refused.
    """
    with running(tmp_path, WITH_METRICS) as daemon:
        port = metrics_port(daemon)
        goer = daemon.person("goer")
        senders = [daemon.person(f"person{number}") for number in range(SENDERS)]
        readers = [*senders, daemon.person("listener")]
        for person in (goer, *readers):
            person.heard()
        since = Since(port)
        said = [f"BCST line {number}" for number in range(LINES)]
        for sender in senders:
            sender.say(*said)
        strays = ["MESG listener psst", "MESG nobody psst", "MESH"]
        senders[0].say(*strays)
        goer.say("QUIT")
        got = goer.rest()
        # After the answer to a PING, all that the same person sent before has been said: when
        # each has one, everything has, and a second one ends what there is to hear.
        for person in readers * 2:
            got += person.heard()
        since.scrape()
        pings = [f"PING fence-{number}" for _ in readers for number in (2, 3)]
        pongs = [ping.replace("PING", "PONG") for ping in pings]
        public = sum(": BCST " in line for line in got)
        assert public >= SENDERS * LINES * len(readers)
        assert since["chatd_lines_said_total"] == SENDERS * LINES
        assert since["chatd_deliveries_total public"] == public
        assert since["chatd_deliveries_total private"] == since["chatd_lines_whispered_total"] == 1
        assert since["chatd_deliveries_total notice"] == len(readers)
        assert since["chatd_refusals_total no-such-user line"] == 1
        assert since["chatd_refusals_total unknown-command line"] == 1
        sent = [*said * SENDERS, *strays, "QUIT", *pings]
        assert since["chatd_lines_received_total line"] == len(sent)
        assert since["chatd_bytes_received_total line"] == size(sent)
        assert since["chatd_bytes_sent_total line"] == size(got) + size(pongs)
        assert since["chatd_left_total quit"] == 1
        assert since["chatd_connections_closed_total line quit"] == 1
        assert since["chatd_deliveries_lost_total line"] == 0
        assert since.now["chatd_people"] == since.now["chatd_connections line"] == len(readers)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc: not installed")
def test_figures_under_load(tmp_path: Path) -> None:
    """The bench's own load, as fast as it goes, with a scrape each tenth of a second: in the
    end the figures are those of the load to the line, and on the way there they only grew.
    """
    fan, _ = build(tmp_path)
    capless = "[room]\nmax_users = 0\n[limits]\nlines_per_second = 0\n"
    with running(tmp_path, capless + METRICS) as daemon:
        port, members = metrics_port(daemon), 50
        words = ["--dialect", "chatd", "--port", str(daemon.port), "--pid", str(daemon.pid)]
        load = subprocess.Popen(
            [fan, *words, "--members", str(members), "1:1", "10:1"],
            stdout=subprocess.PIPE,
            text=True,
        )
        seen = [scrape(port)["chatd_deliveries_total public"]]
        while load.poll() is None:
            seen.append(scrape(port)["chatd_deliveries_total public"])
            with contextlib.suppress(subprocess.TimeoutExpired):
                load.wait(0.1)
        assert load.returncode == 0
        assert load.stdout is not None
        heard = sum(map(int, re.findall(r" deliveries=(\d+)", load.stdout.read())))
        figures = scrape(port)
        assert figures["chatd_deliveries_total public"] == heard
        assert figures["chatd_lines_said_total"] == heard / members
        assert figures["chatd_joined_total"] == members
        assert seen == sorted(seen)
        assert any(0 < figure < heard for figure in seen)


def test_a_reader_who_is_let_go(tmp_path: Path) -> None:
    """What was owed to them and dropped is counted as lost, and they as too slow."""
    limits = "[limits]\nlines_per_second = 0\noutbox_bytes = 20000\n"
    with running(tmp_path, limits + METRICS) as daemon:
        port = metrics_port(daemon)
        since = Since(port)
        _slow, dani = daemon.person("slow"), daemon.person("dani")
        dani.heard()
        line = "BCST " + "x" * 900
        rounds = 0

        def let_go() -> bool:
            nonlocal rounds
            rounds += 1
            dani.say(*[line] * 20)
            return "slow has left the chat" in dani.heard()

        wait_for(let_go, lambda: "the end of the slow reader", within=30)
        since.scrape()
        said = since["chatd_lines_said_total"]
        assert said == 20 * rounds
        lost = since["chatd_deliveries_lost_total line"]
        owed = since["chatd_deliveries_total public"] - said
        assert 0 < lost <= owed
        assert since["chatd_left_total too slow"] == 1
        assert since["chatd_refusals_total too-slow line"] == 1
        assert since.now["chatd_outbox_high_water_bytes line"] > 20000


def test_reload_opens_and_closes_it(tmp_path: Path) -> None:
    """While everyone stays."""
    with running(tmp_path, UNHURRIED) as daemon:
        dani = daemon.person("dani")
        file = tmp_path / "chatd.toml"
        file.write_text(ANYWHERE + WITH_METRICS)
        os.kill(daemon.pid, signal.SIGHUP)
        port = metrics_port(daemon)
        dani.say("BCST hello")
        dani.heard()
        figures = scrape(port)
        assert figures["chatd_lines_said_total"] == figures["chatd_deliveries_total public"] == 1
        file.write_text(ANYWHERE + UNHURRIED)
        os.kill(daemon.pid, signal.SIGHUP)

        def closed() -> bool:
            with socket.socket() as trial:
                return trial.connect_ex(("127.0.0.1", port)) != 0

        wait_for(closed, lambda: "a closed place")
        assert dani.answers("LIST") == ["Online: dani"]


def test_many_who_ask_and_say_nothing(tmp_path: Path) -> None:
    """A hundred idle and dripping callers keep neither the room nor a scrape waiting."""
    with running(tmp_path, WITH_METRICS) as daemon:
        port, dani = metrics_port(daemon), daemon.person("dani")
        callers = [socket.create_connection(("127.0.0.1", port), 15) for _ in range(100)]
        for caller in callers[-5:]:
            caller.sendall(b"GET /metrics HTT")
        assert dani.answers("BCST hi") == ["dani: BCST hi"]
        assert scrape(port)["chatd_people"] == 1
        for caller in callers:
            caller.close()


def test_health_while_it_stops(tmp_path: Path) -> None:
    """Somebody who reads nothing holds the end up; for as long, it says that it stops."""
    with running(tmp_path, WITH_METRICS) as daemon:
        port, dani = metrics_port(daemon), daemon.person("dani")
        silent = daemon.person("silent")
        assert get(port, "/healthz") == (200, "ok\n")
        for _ in range(40):
            dani.say(*["BCST " + "x" * 900] * 10)
            dani.heard()
        os.kill(daemon.pid, signal.SIGTERM)
        wait_for(lambda: get(port, "/healthz") == (503, "stopping\n"), lambda: "another health")
        silent.close()
        wait_for(lambda: not daemon.running(), lambda: "the end")


def test_without_the_library(tmp_path: Path) -> None:
    """The check says what is missing, and how to get it; with metrics off, nothing is."""
    file = tmp_path / "chatd.toml"
    without = "import sys; sys.modules['prometheus_client'] = None;"
    check = f"{without} from chatd.command import main; sys.exit(main(['check', {str(file)!r}]))"

    def checked(config: str) -> "subprocess.CompletedProcess[str]":
        file.write_text(config)
        return subprocess.run(
            [sys.executable, "-c", check], check=False, capture_output=True, text=True, timeout=30
        )

    assert checked(ANYWHERE).returncode == 0
    faulty = checked(ANYWHERE + METRICS)
    assert faulty.returncode == 1
    said = "[metrics] listen: prometheus_client is not installed: pip install 'chatd[metrics]'"
    assert faulty.stderr == f"{file}: {said}\n"


def test_a_place_that_is_none(tmp_path: Path) -> None:
    """The fault names the section."""
    file = tmp_path / "chatd.toml"
    file.write_text('[metrics]\nlisten = ["tcp:x", "tcp:9555", "tcp:9555"]\n')
    chatd = Path(sys.executable).with_name("chatd")
    done = subprocess.run(
        [chatd, "check", file], check=False, capture_output=True, text=True, timeout=30
    )
    assert [
        line.removeprefix(f"{file}: [metrics] listen: ") for line in done.stderr.splitlines()
    ] == [
        "'tcp:x' is not a place to listen at: a port is a number from 0 to 65535",
        "'tcp:9555' is there 2 times",
    ]
