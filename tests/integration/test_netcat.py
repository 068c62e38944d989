"""Two people with netcat, to the letter."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.daemon import PROMPT, Daemon, running
from tests.integration.screen import Screen

NETCATS = ("nc.openbsd", "nc.traditional")


@pytest.fixture(scope="module")
def shared_daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Exactly what `twistd chatd` is without a config, but for the port."""
    with running(tmp_path_factory.mktemp("daemon"), config="") as daemon:
        yield daemon


def netcat(flavour: str, daemon: Daemon, *flags: str) -> Screen:
    return Screen([flavour, *flags, "127.0.0.1", str(daemon.port)])


def shown(*lines: str) -> str:
    return "".join(f"{line}\r\n" for line in lines)


@pytest.mark.parametrize("hers", NETCATS)
@pytest.mark.parametrize("his", NETCATS)
def test_two_netcats(daemon: Daemon, hers: str, his: str) -> None:
    """Both people see every public line, and a private one only the person it is for."""
    with netcat(hers, daemon) as dani, netcat(his, daemon) as drew:
        dani.type("JOIN dani\n")
        dani.shows("SERVER: dani joined the chat!\r\n")
        drew.type("JOIN drew\n")
        dani.shows("SERVER: drew joined the chat!\r\n")
        dani.type("BCST hello, everyone!\n")
        drew.shows("dani: BCST hello, everyone!\r\n")
        dani.type("MESG drew hi, drew\n")
        drew.shows("dani: MESG drew hi, drew\r\n")
        dani.type("LIST\n")
        dani.shows("Online: dani, drew\r\n")
        dani.type("QUIT\n")
        drew.shows("dani has left the chat\r\n")
        dani.end_input()  # nc.openbsd ends only when its own input does, whatever the peer does
        assert dani.finish() == shown(
            PROMPT,
            "SERVER: dani joined the chat!",
            "SERVER: drew joined the chat!",
            "dani: BCST hello, everyone!",
            "Online: dani, drew",
        )
        drew.type("QUIT\n")
        drew.end_input()
        assert drew.finish() == shown(
            PROMPT,
            "SERVER: drew joined the chat!",
            "dani: BCST hello, everyone!",
            "dani: MESG drew hi, drew",
            "dani has left the chat",
        )


@pytest.mark.parametrize(("flavour", "flags"), [("nc.openbsd", ["-N"]), ("nc.traditional", [])])
def test_a_bot_in_one_line(daemon: Daemon, flavour: str, flags: list[str]) -> None:
    """A script that pipes its lines into netcat gets every answer, and netcat ends."""
    with netcat(flavour, daemon, *flags) as bot:
        bot.type("JOIN bot\nBCST deploy finished\nQUIT\n")
        bot.end_input()
        assert bot.finish() == shown(
            PROMPT, "SERVER: bot joined the chat!", "bot: BCST deploy finished"
        )


def test_a_bot_that_never_says_quit(daemon: Daemon) -> None:
    """What was piped in is answered in full, its unfinished last line too, before the goodbye."""
    watcher = daemon.person("watcher")
    with netcat("nc.openbsd", daemon, "-N") as bot:
        bot.type("JOIN bot\nBCST deploy finished\nLIST")
        bot.end_input()
        assert bot.finish() == shown(
            PROMPT,
            "SERVER: bot joined the chat!",
            "bot: BCST deploy finished",
            "Online: watcher, bot",
        )
    assert watcher.lines(3) == [
        "SERVER: bot joined the chat!",
        "bot: BCST deploy finished",
        "bot has left the chat",
    ]


def test_two_hundred_lines_from_a_pipe(tmp_path: Path) -> None:
    """A long file piped in arrives whole and in order, though slowly, after its end was sent."""
    said = [f"BCST line {number}" for number in range(200)]
    config = "[limits]\nlines_per_second = 200\nburst_lines = 10\n"
    with running(tmp_path, config) as daemon, netcat("nc.openbsd", daemon, "-N") as bot:
        bot.type("\n".join(["JOIN bot", *said]) + "\n")
        bot.end_input()
        assert bot.finish() == shown(
            PROMPT, "SERVER: bot joined the chat!", *(f"bot: {line}" for line in said)
        )
        daemon.everyone_out()
