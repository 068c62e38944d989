"""The bots in examples/, as people would run them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.integration.daemon import ANYWHERE, UNHURRIED, WITHIN, Daemon, Peer, running, wait_for
from tests.ports import free_port

EXAMPLES = Path(__file__).parents[2] / "examples"
IMPATIENT = {**os.environ, "WEBSOCKETS_BACKOFF_INITIAL_DELAY": "0.1"}


@contextmanager
def room(where: Path, port: int) -> Iterator[Daemon]:
    web = f'[web]\nlisten = ["tcp:{port}:interface=127.0.0.1"]\n'
    with running(where, ANYWHERE + UNHURRIED + web) as daemon:
        yield daemon


@contextmanager
def bot(port: int, name: str) -> "Iterator[subprocess.Popen[str]]":
    words = [sys.executable, str(EXAMPLES / "bot.py"), f"ws://127.0.0.1:{port}/ws", name]
    with subprocess.Popen(words, env=IMPATIENT, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def meets(person: Peer, name: str) -> None:
    """Wait until both are in."""
    wait_for(lambda: f", {name}" in "".join(person.answers("LIST")), lambda: f"{name} in the room")


def hears(person: Peer, line: str) -> None:
    """Wait for it."""
    wait_for(lambda: person.line() == line, lambda: line)


def test_the_bot_counts_and_comes_back(tmp_path: Path) -> None:
    """Points for others, none for oneself; it has them still when the daemon was restarted."""
    port = free_port()
    with room(tmp_path, port) as daemon, bot(port, "karma") as process:
        dani = daemon.person("dani")
        meets(dani, "karma")
        dani.say("BCST !karma")
        hears(dani, "karma: BCST Nobody.")
        dani.say("BCST drew++, thanks, and dani++!", "BCST drew++ and zoe++", "BCST !karma")
        hears(dani, "karma: BCST drew: 2, zoe: 1")
        daemon.stop()
        with room(tmp_path, port) as later:
            dani = later.person("dani")
            meets(dani, "karma")
            dani.say("BCST !karma")
            hears(dani, "karma: BCST drew: 2, zoe: 1")
        assert process.poll() is None


def test_the_bot_waits_for_its_name(tmp_path: Path) -> None:
    """Until whoever has it goes."""
    port = free_port()
    with room(tmp_path, port) as daemon:
        first, dani = daemon.person("karma"), daemon.person("dani")
        with bot(port, "karma") as process:
            assert process.stderr is not None
            assert "karma" in process.stderr.readline()
            first.say("QUIT")
            meets(dani, "karma")


def test_the_bot_goes_where_it_can_never_come_in(tmp_path: Path) -> None:
    """It says why, in the daemon's words."""
    port = free_port()
    with room(tmp_path, port), bot(port, "SERVER") as process:
        assert process.wait(WITHIN) == 0
        assert process.stderr is not None
        assert "SERVER" in process.stderr.read()
