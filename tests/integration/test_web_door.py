"""The web door in concert with the others: one room, whichever way somebody has come."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatd.tls.making import make
from tests.client.running import CHAT, Terminal, close_all
from tests.integration.daemon import Daemon, running, wait_for
from tests.integration.screen import Screen
from tests.integration.web import WebPeer, came_in, connected
from tests.passwords import passwd
from tests.ports import free_port
from tests.tools import needed

Spoken = dict[str, object]


@pytest.fixture(autouse=True)
def _tidy() -> Iterator[None]:
    yield
    close_all()


def both(line: int, web: int, more: str = "") -> str:
    return (
        f'[line]\nlisten = ["tcp:{line}:interface=127.0.0.1"]\n'
        f'[web]\nlisten = ["tcp:{web}:interface=127.0.0.1"]\n{more}'
    )


def spoken(told: list[Spoken]) -> list[tuple[object, object]]:
    """Who said what."""
    return [(one["name"], one["text"]) for one in told if one["type"] == "said"]


def test_one_conversation(tmp_path: Path) -> None:
    """A netcat, a telnet, the client in a terminal and a WebSocket see the same lines in the same
    order; the daemon is started anew, and the client is back by itself, with what it missed."""
    needed("tmux")
    line, web = free_port(), free_port()
    where = ("127.0.0.1", str(line))
    config = both(line, web, '[history]\nlines = 100\nfile = "kept"\n')
    with ExitStack() as screens:
        with running(tmp_path, config) as daemon:
            daemon.logged(rf"listening on {web}$")
            netcat = screens.enter_context(Screen(["nc.openbsd", *where]))
            netcat.type("JOIN nick\n")
            netcat.shows("SERVER: nick joined the chat!\r\n")
            telnet = screens.enter_context(Screen(["telnet", *where], terminal=True))
            telnet.shows("JOIN username")
            telnet.type("JOIN tess\r")
            telnet.shows("SERVER: tess joined the chat!")
            client = Terminal(tmp_path, *CHAT, *where, "--name", "cleo")
            client.see("You are in the chat as")
            zoe = came_in(web, "zoe")
            zoe.say({"type": "say", "text": "from a browser"})
            netcat.shows("zoe: BCST from a browser\r\n")
            netcat.type("BCST from a netcat\n")
            telnet.shows("nick: BCST from a netcat")
            telnet.type("BCST from a telnet\r")
            client.see("tess: from a telnet")
            client.enter("from a client")
            told: list[Spoken] = []
            while len(spoken(told)) < 4:
                told.append(zoe.told())
            assert spoken(told) == [
                ("zoe", "from a browser"),
                ("nick", "from a netcat"),
                ("tess", "from a telnet"),
                ("cleo", "from a client"),
            ]
            shown = "\n".join(client.lines())
            assert shown.index("zoe: from a browser") < shown.index("nick: from a netcat")
            zoe.say({"type": "tell", "to": "tess", "text": "psst"})
            telnet.shows("zoe: MESG tess psst")
            netcat.type("MESG zoe psst, too\n")
            assert zoe.until("told")["text"] == "psst, too"
            names = ["nick", "tess", "cleo", "zoe"]
            assert zoe.answers({"type": "list"}) == [{"type": "people", "names": names}]
            daemon.stop()
            assert zoe.rest()[-1] == {"type": "closed"}
        client.see("Trying again until it is back.")
        with running(tmp_path, config) as daemon:
            zoe = _back(daemon, web)
            client.see("Back in the chat as cleo.")
            past = [one for one in _recalled(zoe) if one["text"] == "from a telnet"]
            assert [one["name"] for one in past] == ["tess"]
            zoe.say({"type": "say", "text": "here again"})
            client.see("zoe: here again")
            zoe.close()


def _back(daemon: Daemon, web: int) -> WebPeer:
    daemon.logged(rf"listening on {web}$")
    return came_in(web, "zoe")


def _recalled(peer: WebPeer) -> list[dict[str, str]]:
    peer.say({"type": "history", "last": 20})
    return [
        line for one in iter(peer.told, {"type": "history-end"}) for line in one.get("lines", ())
    ]


def test_places(tmp_path: Path) -> None:
    """By TLS, a Unix socket and a proxy's header the same can be done as by TCP: history and its
    replay, RECORD, IGNORE, passwords and orders."""
    make(tmp_path / "cert", ("127.0.0.1",), 10, datetime.now(UTC))
    passwd(tmp_path, "my own", "--file", "names", "dora")
    line, tls, proxied = free_port(), free_port(), free_port()
    config = f"""\
[line]
listen = ["tcp:{line}:interface=127.0.0.1"]
[web]
listen = ["tls:{tls}:interface=127.0.0.1", "unix:{tmp_path}/web",
    "haproxy:tcp:{proxied}:interface=127.0.0.1"]
[tls]
certificates = ["cert"]
[history]
lines = 100
replay = 2
[room]
operators = ["dora"]
state_file = "orders"
[names]
file = "names"
"""
    with running(tmp_path, config) as daemon:
        daemon.logged(rf"listening on {proxied}$")
        for kind in ("tls", "unix", "haproxy"):
            if kind == "tls":
                dora = WebPeer(connected(tls, tls=True))
            elif kind == "unix":
                dora = WebPeer(connected(0, path=f"{tmp_path}/web"))
            else:
                connection = connected(proxied)
                connection.sendall(b"PROXY TCP4 203.0.113.9 127.0.0.1 4000 80\r\n")
                dora = WebPeer(connection)
            with dora, daemon.person("eve") as eve:
                dora.say({"type": "join", "name": "dora"})
                assert dora.until("error")["code"] == "password-needed"
                dora.say({"type": "pass", "password": "my own"})
                dora.join("dora")
                assert dora.until("history-end")
                dora.heard()
                dora.say({"type": "record"})
                assert dora.until("record")["state"] == "on"
                dora.answers({"type": "ignore", "name": "eve"})
                eve.say("BCST not heard")
                eve.heard()
                assert spoken(dora.answers({"type": "unignore", "name": "eve"})) == []
                dora.say({"type": "say", "text": f"by {kind}"})
                assert f"dora: BCST by {kind}" in eve.heard()
                dora.say({"type": "order", "line": "KICK eve enough"})
                assert eve.rest()[-1].startswith("ERROR kicked:")
                assert [one["text"] for one in _recalled(dora)][-1] == f"by {kind}"
                dora.say({"type": "quit"})
                dora.rest()
                assert dora.code == 1000


def test_reload(tmp_path: Path) -> None:
    """Other places, origins, a title and limits are taken while people are in."""
    line, web, other = free_port(), free_port(), free_port()
    page = "Origin: https://chat.example.org"
    with running(tmp_path, both(line, web)) as daemon:
        daemon.logged(rf"listening on {web}$")
        zoe = came_in(web, "zoe")
        terms = 'title = "5b"\norigins = ["https://chat.example.org"]\nproxies = ["127.0.0.1"]\n'
        _reload(daemon, tmp_path, both(line, other, f"{terms}[limits]\nline_bytes = 20\n"))
        with pytest.raises(ConnectionRefusedError):
            connected(web)
        dani = WebPeer(connected(other), page, "X-Forwarded-For: 203.0.113.5")
        hello = dani.told()
        assert (hello["title"], hello["line_bytes"]) == ("5b", 20)
        dani.say({"type": "join"})
        assert zoe.until("joined")["name"] == "<203.0.113.5>"
        (refused,) = zoe.answers({"type": "say", "text": "x" * 30})
        assert refused["code"] == "line-too-long"
        assert spoken(zoe.answers({"type": "say", "text": "still here"})) == [("zoe", "still here")]
        assert dani.until("said")["text"] == "still here"
        zoe.close()
        dani.close()


def _reload(daemon: Daemon, where: Path, config: str) -> None:
    (where / "chatd.toml").write_text(config)
    os.kill(daemon.pid, signal.SIGHUP)
    wait_for(lambda: "Config " in daemon.log_text(), daemon.log_text)
