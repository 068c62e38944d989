"""The log of a running daemon: where it goes, how it is put aside, what is in it."""

import json
import os
import re
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.integration.daemon import UNHURRIED, Daemon, Peer, in_background, running, wait_for

TO_A_FILE = '[log]\nfile = "chat.log"\n'
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} \[[^\]]*\] ")

Start = Callable[..., AbstractContextManager[Daemon]]
both_ways = pytest.mark.parametrize("start", [running, in_background])


def test_who_came_and_went(tmp_path: Path) -> None:
    """The log says who connected, who joined, and who left and why, in these words."""
    with running(tmp_path, TO_A_FILE, log="chat.log") as daemon:
        port = daemon.port
        dani, drew, eve = daemon.person("dani"), daemon.person("drew"), daemon.person("ève")
        ports = [person.socket.getsockname()[1] for person in (dani, drew, eve)]
        dani.say("QUIT")
        daemon.logged(r"dani has left the chat: quit$")
        drew.end()
        daemon.logged(r"drew has left the chat: closed by the peer$")
        eve.close()
        daemon.logged(r"ève has left the chat: connection lost$|ève has left the chat: closed")
        daemon.everyone_out()
    told = [STAMP.sub("", line) for line in daemon.log_text().splitlines()]
    for line in (
        f"Server is listening on {port}",
        *(f"Connected with ('127.0.0.1', {port})" for port in ports),
        "dani joined the chat!",
        "drew joined the chat!",
        "ève joined the chat!",
        f"Disconnected from ('127.0.0.1', {ports[0]}): quit",
    ):
        assert told.count(line) == 1, line
    assert (tmp_path / "screen").read_text() == ""  # nothing is logged twice
    assert not (tmp_path / "twistd.log").exists()


@both_ways
def test_rotation(tmp_path: Path, start: Start) -> None:
    """With rotate_bytes and keep, so many files stay, none larger than the limit and a line."""
    config = TO_A_FILE + "rotate_bytes = 2000\nkeep = 3\n" + UNHURRIED
    with start(tmp_path, config, log="chat.log") as daemon:
        port, seen = daemon.port, set[int]()

        def has_been_put_aside() -> bool:
            with Peer(("127.0.0.1", port)) as peer:
                peer.say("JOIN dani", "QUIT")
                peer.rest()
            if (tmp_path / "chat.log.3").exists():
                seen.add((tmp_path / "chat.log.3").stat().st_ino)
            return len(seen) == 3  # the third has gone twice

        wait_for(has_been_put_aside, lambda: str(list(tmp_path.iterdir())))
    files = sorted(tmp_path.glob("chat.log*"))
    assert [file.name for file in files] == ["chat.log", "chat.log.1", "chat.log.2", "chat.log.3"]
    for file in files:
        data = file.read_bytes()
        assert data.endswith(b"\n")
        assert len(data) - len(data.splitlines()[-1]) <= 2000 + 1
        assert all(STAMP.match(line) for line in data.decode().splitlines())
    assert not (tmp_path / "twistd.log").exists()
    if start is running:
        assert (tmp_path / "screen").read_text() == ""


@both_ways
def test_rotation_now(tmp_path: Path, start: Start) -> None:
    """SIGUSR1 puts the log aside at once, and a new one begins."""
    with start(tmp_path, TO_A_FILE, log="chat.log") as daemon:
        port = daemon.port
        os.kill(daemon.pid, signal.SIGUSR1)
        aside = tmp_path / "chat.log.1"
        wait_for(aside.exists, lambda: "a log put aside")
        assert "Server is listening" in aside.read_text()
        with Peer(("127.0.0.1", port)) as peer:
            peer.say("JOIN dani", "QUIT")
            peer.rest()
        daemon.logged("dani joined the chat!$")
        assert "dani" not in aside.read_text()
        assert "Server is listening" not in daemon.log_text()


def test_sigusr1_without_a_file(tmp_path: Path) -> None:
    """SIGUSR1 does no harm to a daemon that logs to the screen."""
    with running(tmp_path) as daemon:
        dani = daemon.person("dani")
        os.kill(daemon.pid, signal.SIGUSR1)
        assert dani.answers("LIST") == ["Online: dani"]
        assert daemon.running()
        daemon.everyone_out()


@both_ways
def test_logfile_wins(tmp_path: Path, start: Start) -> None:
    """twistd's own --logfile wins over the config, and everything is in there once."""
    options = [f"--logfile={tmp_path}/mine.log"]
    with start(tmp_path, TO_A_FILE, options=options, log="mine.log") as daemon:
        daemon.person("dani")
        os.kill(daemon.pid, signal.SIGUSR1)
        wait_for(lambda: list(tmp_path.glob("mine.log.*")), lambda: "twistd's own rotation")
        for person in daemon._people:
            person.close()
        daemon.logged("dani has left the chat")
    told = "".join(file.read_text() for file in tmp_path.glob("mine.log*"))
    assert told.count("dani joined the chat!") == 1
    assert not list(tmp_path.glob("chat.log*"))
    assert not (tmp_path / "twistd.log").exists()


def test_syslog_wins(tmp_path: Path) -> None:
    """With --syslog neither the file of the config nor the screen gets anything."""
    config = "[line]\nlisten = ['unix:chat.sock']\n" + TO_A_FILE
    place = tmp_path / "chat.sock"
    with running(tmp_path, config, options=["--syslog", "--prefix=chatd-test"]):
        wait_for(place.exists, lambda: "a socket")
        with Peer(str(place)) as peer:
            assert peer.line().startswith("Enter JOIN")
    assert (tmp_path / "screen").read_text() == ""
    assert sorted(file.name for file in tmp_path.iterdir()) == ["chatd.toml", "screen"]


def test_what_was_said_is_not_logged(tmp_path: Path) -> None:
    """No word that somebody said, mistyped or whispered is ever in the log."""
    word = "xylophone"
    with running(tmp_path, TO_A_FILE, log="chat.log") as daemon:
        dani, drew = daemon.person("dani"), daemon.person("drew")
        stranger = daemon.peer()
        stranger.say(f"BCST {word}", f"JOIN {word} {word}", f"{word}", f"PING {word}")
        dani.throw(f"BCST {word} \xff\n".encode("latin-1"))
        dani.say(f"BCST {word}", f"MESG drew {word}", f"MESG {word} hi", f"MESH drew {word}")
        dani.say(
            word * 200, f"HIST search {word}", f"RECORD {word}", f"HELP {word}", f"QUIT {word}"
        )
        assert f"dani: MESG drew {word}" in drew.heard()
        assert stranger.heard()
        daemon.logged("dani has left the chat")
        daemon.everyone_out()
    told = daemon.log_text() + (tmp_path / "screen").read_text()
    assert "dani has left" in told
    assert word not in told


def test_nothing_typed_forges_a_log_line(tmp_path: Path) -> None:
    """Line ends, escapes and braces in what is typed neither forge nor break a line of the log."""
    fake = "2026-11-20T21:33:01+0000 [info joined name=mallory] mallory joined the chat!"
    cuts = (
        "\n",
        "\r",
        "\r\0",
        "\0",
        "\v",
        "\f",
        "\x1c",
        "\x1e",
        "\x85",
        "\u2028",
        "\u2029",
        "\x1b[1A",
    )
    with running(tmp_path, TO_A_FILE + UNHURRIED, log="chat.log") as daemon:
        for cut in cuts:
            with daemon.peer() as peer:
                peer.say(f"JOIN a{cut}{fake}", f"JOIN b{cut}mallory", f"BCST c{cut}{fake}", "QUIT")
                peer.rest()
        for name in ("{name}", "{log_namespace}", "%s", "%(why)s", "a{b!r}"):
            with daemon.peer() as peer:
                peer.say(f"JOIN {name}", f"MESG {name} {name}", f"{name}", "QUIT")
                peer.rest()
        daemon.everyone_out()
    lines = daemon.log_text().split("\n")[:-1]
    assert all(STAMP.match(line) and line.isprintable() for line in lines)
    assert all(len(line.splitlines()) == 1 for line in lines)
    joined = {STAMP.sub("", line) for line in lines if "joined the chat!" in line}
    assert joined <= {"a joined the chat!", "b joined the chat!", "bmallory joined the chat!"}
    assert not any("nformat" in line for line in lines)


def test_json(tmp_path: Path) -> None:
    """With format = "json" every line, from the first to the last, is an object with its fields."""
    config = TO_A_FILE + 'format = "json"\n'
    with running(tmp_path, config, log="chat.log") as daemon:
        wait_for(lambda: "listening" in daemon.log_text(), lambda: "a place")
        port = next(one["where"] for one in objects(daemon) if one.get("event") == "listening")
        with Peer(("127.0.0.1", port)) as dani:
            dani.say("JOIN dani", "QUIT")
            dani.rest()
            where = {"host": "127.0.0.1", "port": dani.socket.getsockname()[1]}
        wait_for(lambda: "disconnected" in daemon.log_text(), lambda: "the end")
        told = {one["event"]: one for one in objects(daemon) if "event" in one}
    assert told["connected"].items() >= where.items()
    assert told["joined"].items() >= {"name": "dani", "host": "127.0.0.1", "level": "info"}.items()
    assert told["left"].items() >= {"name": "dani", "why": "quit"}.items()
    assert told["disconnected"].items() >= {"why": "quit", **where}.items()
    assert any("Server Shut Down" in one["text"] for one in objects(daemon))


def objects(daemon: Daemon) -> list[dict[str, Any]]:
    return [json.loads(line) for line in daemon.log_text().splitlines()]


def test_who_was_refused(tmp_path: Path) -> None:
    """The log has the code of a refused JOIN and the address, and not the name that was tried."""
    with running(tmp_path, "[room]\nmax_users = 1\n") as daemon:
        daemon.person("dani")
        stranger = daemon.peer()
        stranger.answers("JOIN xylophone xylophone")
        daemon.logged(
            r"\[info refused host=127.0.0.1 code=bad-name\] JOIN from 127.0.0.1 was refused"
        )
        stranger.answers("JOIN xylophone")
        daemon.logged("JOIN from 127.0.0.1 was refused: full$")
        assert "xylophone" not in daemon.log_text()
        daemon.everyone_out()


def test_levels(tmp_path: Path) -> None:
    """With level = "warn" nothing is said of an ordinary day."""
    place = tmp_path / "chat.sock"
    config = f"[line]\nlisten = ['unix:{place}']\n" + TO_A_FILE + 'level = "warn"\n'
    with running(tmp_path, config, log="chat.log") as daemon:
        wait_for(place.exists, lambda: "a socket")
        with Peer(str(place)) as peer:
            peer.say("JOIN dani", "QUIT")
            peer.rest()
    assert daemon.log_text() == ""


def test_another_log_after_a_reload(tmp_path: Path) -> None:
    """Lines go to the file, and in the form, that the config has now."""
    with running(tmp_path, TO_A_FILE, log="chat.log") as daemon:
        dani = daemon.person("dani")
        file = tmp_path / "chatd.toml"
        file.write_text(file.read_text().replace("chat.log", "other.log") + 'format = "json"\n')
        os.kill(daemon.pid, signal.SIGHUP)
        other = tmp_path / "other.log"
        wait_for(lambda: other.exists() and other.read_text(), lambda: "another log")
        dani.say("QUIT")
        wait_for(lambda: "has left" in other.read_text(), lambda: "a line in it")
        assert "has left" not in daemon.log_text()
        assert json.loads(other.read_text().splitlines()[0])["event"] == "config-taken"


def test_a_flood_of_connections(tmp_path: Path) -> None:
    """Is counted and not logged one by one; whoever joins meanwhile is."""
    with running(tmp_path, "[limits]\nconnections_per_address = 0\n") as daemon:
        for _ in range(100):
            daemon.stranger().close()
        daemon.person("dani")
        daemon.logged("Left out of the log, as there was so much: .*connected")
        assert daemon.log_text().count("Connected with") < 50
        daemon.everyone_out()
