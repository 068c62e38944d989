"""The daemon under torture, and what can be measured of it from outside and inside."""

import json
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from tests.integration.daemon import Daemon, Peer, wait_for, write_config

ROOT = Path(__file__).parent.parent.parent
PAGE = resource.getpagesize()
TICKS = os.sysconf("SC_CLK_TCK")

ROOMY = """\
[room]
max_users = 0
[limits]
connections = 10000
connections_per_address = 0
"""
"""Room for everyone; everything else as it comes."""


class Subject(Daemon):
    """A running daemon that is looked at closely."""

    process: "subprocess.Popen[bytes]"

    def __init__(
        self, process: "subprocess.Popen[bytes]", where: Path, log: str, probe: str
    ) -> None:
        super().__init__(process.pid, where / log, process)
        self.where = where
        self._probe = probe

    @cached_property
    def port(self) -> int:
        """Where it says it listens."""
        return int(self.logged(r"Server is listening on (\d+)$")[1])

    def peer_at(self, source: str = "") -> Peer:
        """Somebody who has connected and read the greeting. (``peer`` keeps account of them.)"""
        peer = Peer(("127.0.0.1", self.port), source)
        assert peer.line().startswith("Enter JOIN")
        return peer

    def member(self, name: str, source: str = "") -> Peer:
        """Somebody who has joined."""
        peer = self.peer_at(source)
        assert peer.answers(f"JOIN {name}")[-1:] == [f"SERVER: {name} joined the chat!"]
        return peer

    @property
    def rss(self) -> int:
        """Bytes of memory that it has."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE

    @property
    def cpu(self) -> float:
        """Seconds of processor time that it has had."""
        times = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(times[11]) + int(times[12])) / TICKS

    @property
    def descriptors(self) -> int:
        """Files and sockets that it has open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def look_inside(self, objects: bool = False) -> dict[str, float]:
        """What the probe sees; times of turns are since it was asked before."""
        with socket.socket(socket.AF_UNIX) as asker:
            asker.settimeout(30)
            asker.connect(self._probe)
            asker.sendall(b"objects" if objects else b"times")
            return dict(json.loads(asker.makefile().read()))

    def count_logged(self, pattern: str) -> int:
        """How many lines of the log say this."""
        return len(re.findall(pattern, self.log_text(), re.MULTILINE))

    def wait_until_logged(self, pattern: str, count: int, within: float) -> None:
        """Wait for so many lines of the log that say this."""
        wait_for(
            lambda: self.count_logged(pattern) >= count,
            lambda: f"{self.count_logged(pattern)} of {count}: {pattern}",
            within,
        )

    @property
    def complaints(self) -> str:
        """What it has written to standard error."""
        return (self.where / "stderr").read_text(encoding="utf-8", errors="replace")


@contextmanager
def subject(
    where: Path,
    config: str = ROOMY,
    *,
    log: str = "screen",
    broken: bool = False,
    prepare: Callable[[], None] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Subject]:
    """A daemon, with its files in ``where``. At the end it is stopped, and has logged no fault.

    ``broken``: it has one (see the probe), so a traceback is expected. ``prepare`` is called in
    the new process before the daemon.
    """
    file = write_config(where, config)
    with (
        tempfile.TemporaryDirectory(prefix="probe") as near,  # the path of a socket is short
        (where / "screen").open("ab") as out,
        (where / "stderr").open("ab") as err,
    ):
        os.chmod(near, 0o777)  # whoever the daemon runs as
        fault = ["--broken"] if broken else []
        words = ["-n", "--pidfile=", "chatd", f"--config={file}"]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.probe", f"{near}/probe", *fault, *words],
            cwd=where,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            preexec_fn=prepare,  # noqa: PLW1509  # this process has one thread
        )
        running = Subject(process, where, log, f"{near}/probe")
        try:
            yield running
        finally:
            if running.running():
                running.stop()
    told = running.log_text() + running.complaints
    assert broken or "Traceback" not in told, told[told.index("Traceback") :][:3000]
