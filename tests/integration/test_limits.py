"""Limits set in the config, each as the person at the other end meets it."""

import time
from pathlib import Path

import pytest

from tests.integration.daemon import WITHIN, Peer, running


def test_join_timeout(tmp_path: Path) -> None:
    """Who does not join in time is told so and let go; who has joined may be silent."""
    with running(tmp_path, "[limits]\njoin_seconds = 3\n") as daemon:
        dani, idler = daemon.person("dani"), daemon.peer()
        assert idler.rest() == ["ERROR join-timeout: Nobody joined within 3 seconds."]
        assert dani.heard() == []
        daemon.logged(r"Disconnected from \('127.0.0.1', \d+\): join timeout$")
        daemon.everyone_out()


def test_idle_timeout(tmp_path: Path) -> None:
    """Who has not sent anything for so long is told so and let go; who types may stay."""
    with running(tmp_path, "[limits]\nidle_seconds = 3\nlines_per_second = 0\n") as daemon:
        start = time.monotonic()
        dani, drew = daemon.person("dani"), daemon.person("drew")
        while "dani has left the chat" not in drew.heard():
            assert time.monotonic() < start + WITHIN
            time.sleep(0.05)  # drew types
        assert time.monotonic() > start + 2.9
        assert dani.rest()[-1] == "ERROR idle-timeout: Nothing came for 3 seconds."
        daemon.logged("dani has left the chat: idle$")
        daemon.everyone_out()


def test_connections(tmp_path: Path) -> None:
    """One connection too many is told why and closed, and there is room again when one ends."""
    with running(tmp_path, "[limits]\nconnections = 2\n") as daemon:
        first, _ = daemon.person("dani"), daemon.peer()
        third = daemon.stranger()
        assert third.rest() == [
            "ERROR too-many-connections: There are too many connections. Please try later."
        ]
        first.say("QUIT")
        daemon.logged("Disconnected from")
        assert daemon.peer().answers("PING") == ["PONG"]
        daemon.everyone_out()


def test_connections_per_address(tmp_path: Path) -> None:
    """One address has so many connections; another address is not hindered by that."""
    with running(tmp_path, "[limits]\nconnections_per_address = 2\n") as daemon:
        daemon.peer()
        daemon.peer()
        assert daemon.stranger().rest() == [
            "ERROR too-many-connections: There are too many connections from your address."
        ]
        assert daemon.peer(source="127.0.0.2").answers("PING") == ["PONG"]
        daemon.everyone_out()


def test_turned_away_with_words_unread(tmp_path: Path) -> None:
    """Who is turned away reads why, even when they had typed ahead."""
    with running(tmp_path, "[limits]\nconnections = 1\n") as daemon:
        daemon.peer()
        for _ in range(20):
            with Peer(("127.0.0.1", daemon.port)) as eager:
                eager.say("JOIN eager", "BCST hello")
                assert eager.line().startswith("ERROR too-many-connections: ")
        daemon.everyone_out()


def test_motd(tmp_path: Path) -> None:
    """A newcomer, and nobody else, reads the message of the day."""
    with running(tmp_path, '[room]\nmotd = """Welcome!\nBe kind: {you}."""\n') as daemon:
        dani = daemon.person("dani")
        assert dani.heard() == ["SERVER: Welcome!", "SERVER: Be kind: {you}."]
        drew = daemon.person("drew")
        assert drew.heard() == ["SERVER: Welcome!", "SERVER: Be kind: {you}."]
        assert dani.heard() == ["SERVER: drew joined the chat!"]
        daemon.everyone_out()


def test_motd_garbles_no_terminal(tmp_path: Path) -> None:
    """Somebody may have pasted a banner into it."""
    with running(tmp_path, '[room]\nmotd = "\\u001b[31mred\\r\\n\\u202Eback"\n') as daemon:
        assert daemon.person("dani").heard() == ["SERVER: red", "SERVER: back"]
        daemon.everyone_out()


def test_no_guests(tmp_path: Path) -> None:
    """Where guests are not wanted, JOIN alone is refused."""
    with running(tmp_path, "[room]\nguests = false\n") as daemon:
        peer = daemon.peer()
        assert peer.answers("JOIN") == ["ERROR usage: This room wants a name: JOIN username"]
        assert peer.answers("JOIN dani") == ["SERVER: dani joined the chat!"]
        daemon.everyone_out()


def test_no_cap(tmp_path: Path) -> None:
    """With 0 for a limit, forty people are no problem."""
    with running(tmp_path, "[room]\nmax_users = 0\n") as daemon:
        people = [daemon.person(f"user{number}") for number in range(40)]
        people[-1].say("BCST full house")
        assert all(person.heard()[-1] == "user39: BCST full house" for person in people)
        daemon.everyone_out()


def test_a_fast_sender(tmp_path: Path) -> None:
    """Who sends too fast is slowed down, loses nothing, and holds nobody else up."""
    said = [f"BCST line {number}" for number in range(40)]
    with running(tmp_path, "[limits]\nlines_per_second = 10\nburst_lines = 10\n") as daemon:
        fast, other = daemon.person("fast"), daemon.person("other")
        fast.line()
        start = time.monotonic()
        fast.say(*said)
        assert other.line() == f"fast: {said[0]}"
        other.say("MESG fast slowly")
        seen = fast.lines(41)
        assert seen.index("other: MESG fast slowly") < 40  # not behind all that waits
        assert other.lines(39) == [f"fast: {line}" for line in said[1:]]
        assert time.monotonic() - start > 2.9  # 31 lines beyond the burst, at 10 a second
        daemon.everyone_out()


@pytest.mark.parametrize("end", [False, True])
def test_a_fast_sender_with_one_long_send(tmp_path: Path, end: bool) -> None:
    """Slowed down far beyond one buffer's worth, all lines arrive in order, half-closed or not."""
    said = [f"BCST {number:4} " + "x" * 900 for number in range(200)]
    config = "[limits]\nlines_per_second = 300\nburst_lines = 20\n"
    with running(tmp_path, config) as daemon:
        fast, other = daemon.person("fast"), daemon.person("other")
        fast.line()
        fast.say(*said)
        if end:
            fast.end()
        assert other.lines(200) == [f"fast: {line}" for line in said]
        assert fast.lines(200) == [f"fast: {line}" for line in said]
        daemon.everyone_out()


def test_barred_behind_a_proxy(tmp_path: Path) -> None:
    """A proxy whose own address is barred gets no word; the log has nothing to say of it."""
    config = '[line]\nlisten = ["haproxy:tcp:0:interface=127.0.0.1"]\n'
    with running(tmp_path, config + '[limits]\ndeny = ["127.0.0.0/8"]\n') as daemon:
        assert daemon.stranger().rest() == []
        assert "LineDoor (PROXY) starting on" in daemon.log_text()
        assert "critical" not in daemon.log_text()
