"""SIGHUP: the config is read again and taken while everybody stays, all of it or nothing."""

import os
import signal
import socket
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.daemon import (
    ANYWHERE,
    WITHIN,
    Daemon,
    Peer,
    in_background,
    running,
    wait_for,
)
from tests.integration.test_log import Start, both_ways


def reload(daemon: Daemon, where: Path, config: str) -> str:
    """Write this config, send SIGHUP, and give the line of the log that answers."""
    text = config if "[line]" in config else ANYWHERE + config
    (where / "chatd.toml").write_text(text, encoding="utf-8")
    before = daemon.log_text().count("Config ")
    os.kill(daemon.pid, signal.SIGHUP)
    wait_for(lambda: daemon.log_text().count("Config ") > before, lambda: "an answer")
    return daemon.log_text().split("Config ")[-1].partition("\n")[0]


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        port: int = nobody.getsockname()[1]
    return port


def is_open(port: int, host: str = "127.0.0.1") -> bool:
    try:
        with closing(socket.create_connection((host, port), WITHIN)):
            return True
    except ConnectionRefusedError:
        return False


@both_ways
def test_another_config_is_taken(tmp_path: Path, start: Start) -> None:
    """What it says holds from then on, in the foreground and the background, for who is in."""
    log = '[log]\nfile = "chat.log"\n'
    with start(tmp_path, log, log="chat.log") as daemon:
        dani, drew = daemon.person("dani"), daemon.person("drew")
        dani.heard()
        told = reload(
            daemon,
            tmp_path,
            log
            + '[room]\nmax_users = 1\nguests = false\nmotd = "be kind"\n'
            + "[limits]\nline_bytes = 20\nlines_per_second = 0\n",
        )
        assert told == (
            "taken; changed: [room] max_users, [room] guests, [room] motd, [limits] line_bytes,"
            " [limits] lines_per_second"
        )
        newcomer = daemon.peer()
        assert newcomer.answers("JOIN") == ["ERROR usage: This room wants a name: JOIN username"]
        assert newcomer.answers("JOIN eve") == ["Sorry the chat is full, please try later"]
        assert dani.answers("BCST " + "x" * 16)[0].startswith("ERROR line-too-long: ")
        assert len(dani.answers("\r\n".join(["BCST hi"] * 100))) == 100
        drew.heard()
        assert reload(daemon, tmp_path, log + '[room]\nmotd = "be kind"\n').startswith("taken")
        assert newcomer.answers("JOIN eve")[:2] == [
            "SERVER: eve joined the chat!",
            "SERVER: be kind",
        ]
        assert dani.answers("LIST") == ["SERVER: eve joined the chat!", "Online: dani, drew, eve"]
        daemon.everyone_out()


def test_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    """It says all that is wrong in one line, and nobody in the room notices."""
    with running(tmp_path) as daemon:
        dani = daemon.person("dani")
        told = reload(daemon, tmp_path, '[room]\nmax_users = "x"\nmotd = "new"\n[limits]\nb = 1\n')
        file = tmp_path / "chatd.toml"
        assert told == (
            "not taken, nothing has changed: "
            f"{file}: [room] max_users: should be a whole number, and is 'x'; "
            f"{file}: [limits] b: there is no such setting"
        )
        assert dani.answers("LIST") == ["Online: dani"]
        assert daemon.peer().answers("JOIN drew") == ["SERVER: drew joined the chat!"]
        file.unlink()
        os.kill(daemon.pid, signal.SIGHUP)
        daemon.logged("not taken, nothing has changed: .*chatd.toml: cannot be read: No such file")
        daemon.everyone_out()


def test_places_come_and_go(tmp_path: Path) -> None:
    """Who came in by a place that is closed stays in the room with who comes by the new one."""
    first, second, sock = free_port(), free_port(), tmp_path / "chat.sock"
    here = f'"tcp:{first}:interface=127.0.0.1"'
    with running(tmp_path, f"[line]\nlisten = [{here}]\n") as daemon:
        dani = daemon.person("dani")
        told = reload(
            daemon,
            tmp_path,
            f'[line]\nlisten = ["tcp:{second}:interface=127.0.0.1", "unix:{sock}"]\n',
        )
        assert told == "taken; changed: [line] listen"
        assert not is_open(first)
        with Peer(("127.0.0.1", second)) as drew, Peer(str(sock)) as eve:
            drew.answers("JOIN drew")
            eve.answers("JOIN eve")
            dani.heard()
            drew.say("BCST hello")
            assert [one.heard()[-1] for one in (drew, dani, eve)] == ["drew: BCST hello"] * 3
            assert reload(daemon, tmp_path, "[line]\nlisten = []\n").startswith("taken")
            assert not is_open(second)
            assert not sock.exists()
            assert reload(daemon, tmp_path, f"[line]\nlisten = [{here}]\n").startswith("taken")
            assert is_open(first)
            assert dani.answers("LIST") == ["Online: dani, drew, eve"]
        daemon.everyone_out()


def test_the_same_port_on_another_interface(tmp_path: Path) -> None:
    """A port can be opened to the network and closed again, though one excludes the other."""
    port = free_port()
    here, everywhere = f"tcp:{port}:interface=127.0.0.1", f"tcp:{port}"
    with running(tmp_path, f'[line]\nlisten = ["{here}"]\n') as daemon:
        dani = daemon.person("dani")
        for place, elsewhere in ((everywhere, True), (here, False)):
            told = reload(daemon, tmp_path, f'[line]\nlisten = ["{place}"]\n')
            assert told == "taken; changed: [line] listen"
            assert is_open(port)
            assert is_open(port, "127.0.0.2") == elsewhere
        assert dani.answers("LIST") == ["Online: dani"]
        daemon.everyone_out()


@pytest.mark.parametrize("conflict", [False, True])
def test_a_place_that_is_taken(tmp_path: Path, conflict: bool) -> None:
    """The whole config is refused then, the other places stay as they were, others too."""
    port, fresh = free_port(), free_port()
    old, new = f"tcp:{port}:interface=127.0.0.1", f"tcp:{fresh}:interface=127.0.0.1"
    if conflict:
        new = f"tcp:{port}"
    with (
        running(tmp_path, f'[line]\nlisten = ["{old}"]\n') as daemon,
        closing(socket.create_server(("127.0.0.1", 0))) as other,
    ):
        dani = daemon.person("dani")
        busy = f"tcp:{other.getsockname()[1]}:interface=127.0.0.1"
        told = reload(
            daemon, tmp_path, f'[room]\nmax_users = 1\n[line]\nlisten = ["{new}", "{busy}"]\n'
        )
        assert told == (
            "not taken, nothing has changed: "
            f"[line] listen: cannot listen at {busy}: Address already in use"
        )
        assert not is_open(fresh)
        assert not is_open(port, "127.0.0.2")
        assert daemon.person("drew").answers("LIST") == ["Online: dani, drew"]
        assert dani.answers("LIST")[-1] == "Online: dani, drew"
        daemon.everyone_out()


def test_another_mode_of_a_unix_socket(tmp_path: Path) -> None:
    """The same socket is opened anew, with the new mode."""
    sock = tmp_path / "chat.sock"
    with running(tmp_path, f'[line]\nlisten = ["unix:{sock}:mode=600"]\n') as daemon:
        wait_for(sock.exists, lambda: "a socket")
        told = reload(daemon, tmp_path, f'[line]\nlisten = ["unix:{sock}:mode=660"]\n')
        assert told == "taken; changed: [line] listen"
        assert sock.stat().st_mode & 0o777 == 0o660
        with Peer(str(sock)) as peer:
            assert peer.answers("JOIN dani")[-1] == "SERVER: dani joined the chat!"


def test_a_unix_socket_that_was_taken_away(tmp_path: Path) -> None:
    """Does not keep a place from being closed, nor others from being opened, nor us from ending."""
    sock, other = tmp_path / "chat.sock", tmp_path / "other.sock"
    with running(tmp_path, f'[line]\nlisten = ["unix:{sock}"]\n') as daemon:
        wait_for(sock.exists, lambda: "a socket")
        sock.unlink()
        told = reload(daemon, tmp_path, f'[line]\nlisten = ["unix:{other}"]\n')
        assert told == "taken; changed: [line] listen"
        with Peer(str(other)) as peer:
            assert peer.answers("JOIN dani")[-1] == "SERVER: dani joined the chat!"
        other.unlink()


def test_a_relative_path_in_the_background(tmp_path: Path) -> None:
    """The config is found again after the daemon has gone to another directory."""
    (tmp_path / "elsewhere").mkdir()
    log = f'[log]\nfile = "{tmp_path}/chat.log"\n'
    options = [f"--rundir={tmp_path}/elsewhere"]
    with in_background(tmp_path, log, options, "chat.log", relative=True) as daemon:
        assert reload(daemon, tmp_path, log + "[room]\nmax_users = 3\n").startswith("taken")


def test_networks(tmp_path: Path) -> None:
    """Who is denied from now on can't connect; who is in already stays."""
    with running(tmp_path) as daemon:
        dani = daemon.person("dani")
        reload(daemon, tmp_path, '[limits]\ndeny = ["127.0.0.1"]\n')
        assert daemon.stranger().rest() == []
        assert dani.answers("LIST") == ["Online: dani"]
        reload(daemon, tmp_path, "")
        daemon.person("drew")
        daemon.everyone_out()
