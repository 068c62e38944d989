"""SIGTERM: everyone is told, everything said is delivered, and the daemon ends in time."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.integration.daemon import STOPPED_WITHIN, WITHIN, Peer, in_background, running, wait_for
from tests.integration.test_log import Start

CLOSING = "SERVER: the chat is closing"
UNBOUNDED = "lines_per_second = 0\noutbox_bytes = 0\n"


@pytest.mark.parametrize("start", [running, in_background])
def test_everyone_is_told(tmp_path: Path, start: Start) -> None:
    """Everyone in the chat reads that it closes, then their connection ends."""
    with start(tmp_path, '[log]\nfile = "chat.log"\n', log="chat.log") as daemon:
        people = [daemon.person(f"user{number}") for number in range(5)]
        bystander = daemon.peer()
        people[0].heard()
        people[0].say("BCST last words")
        people[1].lines(3)
        assert people[1].line() == "user0: BCST last words"
        took = daemon.stop()
        assert [person.rest()[-1] for person in people] == [CLOSING] * 5
        bystander.rest()
        assert took < STOPPED_WITHIN
    assert "Main loop terminated." in daemon.log_text()
    assert daemon.log_text().count("): server stopping\n") == 6
    if daemon.process is not None:
        assert daemon.process.returncode == -signal.SIGTERM


def test_a_peer_that_reads_nothing(tmp_path: Path) -> None:
    """Somebody who reads nothing can't hold the end up, and the others lose nothing."""
    with running(tmp_path, f"[limits]\n{UNBOUNDED}") as daemon:
        silent = socket.socket()
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.settimeout(WITHIN)
        silent.connect(("127.0.0.1", daemon.port))
        silent.sendall(b"JOIN silent\n")
        daemon.logged("silent joined the chat!$")
        dani = daemon.person("dani")
        said = [f"BCST {number:5} " + "x" * 990 for number in range(3000)]
        for line in said:
            dani.say(line)
            assert dani.line() == f"dani: {line}"
        dani.say("BCST last words")
        took = daemon.stop()
        assert dani.rest() == ["dani: BCST last words", CLOSING]
        assert took < STOPPED_WITHIN
        silent.close()


def test_what_is_owed_is_delivered(tmp_path: Path) -> None:
    """Who is behind, but reads, gets all that was said before the end, and the end."""
    with running(tmp_path, f"[limits]\n{UNBOUNDED}") as daemon:
        dani, slow = daemon.person("dani"), daemon.person("slow")
        assert dani.line() == "SERVER: slow joined the chat!"
        said = [f"BCST {number:5} " + "x" * 990 for number in range(1000)]
        for line in said:
            dani.say(line)
            assert dani.line() == f"dani: {line}"
        daemon.tell_to_stop()
        assert slow.rest() == [*(f"dani: {line}" for line in said), CLOSING]


def test_nobody_new_comes_in(tmp_path: Path) -> None:
    """After SIGTERM the port is closed, even while somebody is still being waited for."""
    with running(tmp_path) as daemon:
        address = ("127.0.0.1", daemon.port)
        daemon.tell_to_stop()
        wait_for(lambda: _refused(address), lambda: "a closed port")


def test_ctrl_c_stops_it_too(tmp_path: Path) -> None:
    """Ctrl-C at a daemon in the foreground is the same orderly end."""
    with running(tmp_path) as daemon:
        dani = daemon.person("dani")
        start = time.monotonic()
        daemon.tell_to_stop(signal.SIGINT)
        assert dani.rest() == [CLOSING]
        daemon.stop()
        assert time.monotonic() - start < STOPPED_WITHIN


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_being_told_again(tmp_path: Path, number: signal.Signals) -> None:
    """More signals, at once or while somebody is waited for, change nothing: no fault is logged."""
    with running(tmp_path, f"[limits]\n{UNBOUNDED}") as daemon:
        silent = socket.socket()
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.connect(("127.0.0.1", daemon.port))
        silent.sendall(b"JOIN silent\n")
        daemon.logged("silent joined the chat!$")
        dani = daemon.person("dani")
        for count in range(1000):
            dani.say(f"BCST {count:5} " + "x" * 990)
            dani.line()
        for _ in range(3):
            os.kill(daemon.pid, signal.SIGTERM)
        assert dani.rest() == [CLOSING]
        while daemon.running():
            os.kill(daemon.pid, number)
            time.sleep(0.02)
        assert daemon.process is not None
        assert daemon.process.returncode == -signal.SIGTERM
        assert "Traceback" not in daemon.log_text()
        assert "Config" not in daemon.log_text()
        silent.close()


def _refused(address: tuple[str, int]) -> bool:
    try:
        with Peer(address):
            return False
    except ConnectionRefusedError:
        return True
