"""Passwords, operators and IGNORE with the real daemon: over restarts, reloads and netcat."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.integration.daemon import CHATD, WITHIN, Daemon, Peer, running, wait_for
from tests.integration.screen import Screen
from tests.passwords import passwd

CONFIG = """
[limits]
lines_per_second = 0
[room]
max_users = 2
{room}
operators = ["dani"]
state_file = "orders"
[names]
file = "names"
"""
OPEN = CONFIG.format(room="")
LOCKED = CONFIG.format(room='password_file = "room.hash"')


@pytest.fixture
def where(tmp_path: Path) -> Path:
    """A folder in which the room has a password, and dani one of her own."""
    passwd(tmp_path, "open sesame", "--file", "room.hash")
    passwd(tmp_path, "my own", "--file", "names", "dani")
    return tmp_path


def operator(daemon: Daemon, source: str = "") -> Peer:
    dani = daemon.peer(source)
    dani.say("PASS my own", "JOIN dani")
    assert dani.line() == "SERVER: dani joined the chat!"
    return dani


def joins(daemon: Daemon, name: str, source: str) -> Peer:
    peer = daemon.peer(source)
    peer.say(f"JOIN {name}")
    assert peer.line() == f"SERVER: {name} joined the chat!"
    return peer


def kept(where: Path) -> dict[str, object]:
    """What stands in the file of orders."""
    file = where / "orders"
    return dict(json.loads(file.read_text())) if file.exists() else {}


def test_a_bot_in_one_line(where: Path) -> None:
    """The lines after PASS and JOIN wait until the password has been tried, and are all said."""
    with running(where, LOCKED) as daemon:
        with Screen(["nc.openbsd", "-N", "127.0.0.1", str(daemon.port)]) as bot:
            bot.type("PASS open sesame\nJOIN bot\nBCST hi\nLIST\n")
            bot.end_input()
            assert bot.finish().split("\r\n")[1:] == [
                "SERVER: bot joined the chat!",
                "bot: BCST hi",
                "Online: bot",
                "",
            ]
        assert "sesame" not in daemon.log_text()


def test_without_the_password(where: Path) -> None:
    """Nobody comes in, however they try; the log has their address, and no password."""
    with running(where, LOCKED) as daemon:
        stranger = daemon.peer()
        stranger.say("JOIN bob", "PASS wrong sesame", "JOIN bob", "JOIN dani", "BCST hi")
        needed, wrong, hers, not_in = stranger.lines(4)
        assert needed.startswith("ERROR password-needed: ")
        assert wrong == hers
        assert wrong.startswith("ERROR wrong-password: ")
        assert not_in.startswith("ERROR not-joined: ")
        daemon.logged(r"JOIN from 127\.0\.0\.1 was refused: wrong-password")
        assert "sesame" not in daemon.log_text()


def test_guessing_is_slow_and_harms_nobody_else(where: Path) -> None:
    """After a few wrong passwords an address waits; another address comes in meanwhile."""
    with running(where, LOCKED) as daemon:
        guessing = daemon.peer(source="127.0.0.7")
        guessing.say(*(line for n in range(20) for line in (f"PASS {n}", "JOIN bob")))
        for _ in range(5):
            assert guessing.line().startswith("ERROR wrong-password: ")
        dani = operator(daemon, "127.0.0.8")
        assert dani.answers("LIST") == ["Online: dani"]
        guessing.say("PING still here")
        assert guessing.line() == "PONG still here"


def test_a_ban_outlasts_the_daemon(where: Path) -> None:
    """Ban by network: out at once, refused with the reason, and after a restart just so."""
    with running(where, OPEN) as daemon:
        dani, bob = operator(daemon, "127.0.9.9"), joins(daemon, "bob", "127.0.1.7")
        dani.say("BAN 127.0.1.0/24 2 spam")
        reason = "You are banned from this room for 2 days: spam"
        assert bob.rest()[-1] == f"ERROR banned: {reason}"
        assert daemon.stranger("127.0.1.8").rest() == [f"ERROR banned: {reason}"]
        assert "bob has left the chat" in dani.lines(3)
        daemon.logged("dani has banned 127.0.1.0/24 for 2 days: spam")
    assert kept(where)["bans"]
    with running(where, OPEN) as daemon:
        refused = daemon.stranger("127.0.1.7").rest()
        assert refused == [f"ERROR banned: {reason}"]
        dani = operator(daemon, "127.0.9.9")
        (ban,) = dani.answers("BANS")
        assert ban == "SERVER: banned: 127.0.1.0/24, by dani, 2 days left: spam"
        assert dani.answers("UNBAN 127.0.1.0/24") == [
            "SERVER: dani has lifted the ban of 127.0.1.0/24."
        ]
        joins(daemon, "bob", "127.0.1.7")
    assert kept(where)["bans"] == []


def test_a_ban_outlasts_a_crash(where: Path) -> None:
    """What was ordered is on the disk a moment later, not only when the daemon stops."""
    with running(where, OPEN) as daemon:
        dani = operator(daemon)
        dani.say("BAN eve", "CLOSE")
        wait_for(lambda: kept(where).get("closed_by") == "dani", lambda: str(kept(where)))
        os.kill(daemon.pid, signal.SIGKILL)
        wait_for(lambda: not daemon.running(), lambda: "the end of the daemon")
    with running(where, OPEN) as daemon:
        peer = daemon.peer()
        peer.say("JOIN bob")
        assert peer.line().startswith("ERROR room-closed: ")


def test_a_broken_file_of_orders(where: Path) -> None:
    """The daemon starts, puts it aside and says so."""
    (where / "orders").write_text("{ half of")
    with running(where, OPEN) as daemon:
        daemon.logged("Bans and mutes are lost: .* it is now .*/orders.broken-")
        operator(daemon).say("BAN eve")
        wait_for(lambda: "eve" in str(kept(where)), lambda: str(kept(where)))
    (aside,) = where.glob("orders.broken-*")
    assert aside.read_text() == "{ half of"


def test_a_muted_person(where: Path) -> None:
    """Their lines reach nobody, and each time they are told; also after a restart."""
    with running(where, OPEN) as daemon:
        dani, bob = operator(daemon), joins(daemon, "bob", "127.0.1.7")
        dani.say("MUTE bob")
        assert bob.line() == "SERVER: dani has muted bob."
        bob.say(*["BCST shout"] * 50, "MESG dani psst", "PING end")
        told = bob.lines(52)
        assert told[:51] == ["ERROR muted: dani has muted you. Nobody has seen that."] * 51
        heard = dani.heard()
        assert not [line for line in heard if "shout" in line or "psst" in line]
    with running(where, OPEN) as daemon:
        dani, bob = operator(daemon), joins(daemon, "BOB", "127.0.1.8")
        assert bob.answers("BCST hi")[0].startswith("ERROR muted: ")
        dani.say("UNMUTE bob")
        dani.heard()
        bob.say("BCST free")
        assert dani.line() == "BOB: BCST free"


def test_a_full_room_lets_an_operator_in(where: Path) -> None:
    """Others are told that it is full."""
    with running(where, OPEN) as daemon:
        daemon.person("bob")
        eve = daemon.person("eve")
        late = daemon.peer()
        assert late.answers("JOIN late") == ["Sorry the chat is full, please try later"]
        operator(daemon)
        assert eve.line() == "SERVER: dani joined the chat!"


def test_a_kick(where: Path) -> None:
    """They are told why, and the others that it was no accident."""
    with running(where, OPEN) as daemon:
        dani, bob = operator(daemon), daemon.person("bob")
        dani.heard()
        dani.say("KICK bob no spam")
        assert dani.lines(2) == ["SERVER: dani has put bob out: no spam", "bob has left the chat"]
        assert bob.rest() == [
            "SERVER: dani has put bob out: no spam",
            "ERROR kicked: dani has put you out: no spam",
        ]


def test_new_passwords_by_reload(where: Path) -> None:
    """They hold from then on; a broken file changes nothing, and nobody is dropped."""
    with running(where, LOCKED) as daemon:
        dani = operator(daemon)
        passwd(where, "other words", "--file", "room.hash")
        passwd(where, "bobs own", "--config", "chatd.toml", "bob")
        os.kill(daemon.pid, signal.SIGHUP)
        daemon.logged("Config taken")
        bob = daemon.peer()
        bob.say("PASS open sesame", "JOIN eve", "PASS bobs own", "JOIN bob")
        assert bob.line().startswith("ERROR wrong-password: ")
        assert bob.line() == "SERVER: bob joined the chat!"
        (where / "names").write_text("dani\n")
        os.kill(daemon.pid, signal.SIGHUP)
        daemon.logged(r"Config not taken, nothing has changed: .*names line 1 is not a hash")
        dani.say("KICK bob")
        assert "SERVER: dani has put bob out." in dani.lines(2)


def test_chatd_passwd(where: Path) -> None:
    """Registers, lists, and forgets names; nobody else may read the file."""
    write = (where / "chatd.toml").write_text
    write('[room]\npassword_file = "room.hash"\n[names]\nfile = "names"\n')
    ours = ("--config", "chatd.toml")
    check = subprocess.run(
        [CHATD, "check", "chatd.toml"], capture_output=True, text=True, check=True, cwd=where
    )
    expected = "everyone needs the password; names: 1 registered; operators: none; bans: end with"
    assert f"people: {expected} the daemon\n" in check.stdout
    told = passwd(where, "x", *ours, "Zoë")
    assert told.stderr == ""
    assert passwd(where, "", *ours, "--list").stdout == "dani\nZoë\n"
    passwd(where, "", *ours, "--remove", "ZOË")
    assert passwd(where, "", *ours, "--list").stdout == "dani\n"
    assert (where / "names").stat().st_mode & 0o777 == 0o600
    before = (where / "names").read_text()
    for password, words, fault in (
        ("", ("x",), "A password has at least one character."),
        ("y" * 300, ("x",), "at most 256 bytes"),
        ("x", ("dan l",), "A name is 1 to 20 letters"),
        ("x", ("--remove", "eve"), "eve is not registered"),
        ("x", ("--remove",), "--remove needs a name"),
    ):
        told = passwd(where, password, *ours, *words, check=False)
        assert told.returncode == 1
        assert fault in told.stderr
    assert (where / "names").read_text() == before
    nowhere = passwd(where, "x", "eve", check=False)
    assert nowhere.returncode == 1
    assert "--config FILE, or --file FILE" in nowhere.stderr
    alone = passwd(where, "x")
    assert alone.stdout.startswith("$scrypt$ln=15,r=8,p=1$")


def test_chatd_passwd_in_a_terminal(where: Path) -> None:
    """Asks twice, shows nothing, and changes nothing unless it was the same password."""
    names = where / "names"
    before = names.read_text()
    words = [CHATD, "passwd", "--file", str(names), "dani"]
    for answers, told in (
        (("a word\n", "another\n"), "these were two passwords. Nothing has changed.\r\n"),
        (("\x04",), "Password of dani: \r\nchatd passwd: there was no password\r\n"),
        (("a word\n", "a word\n"), "dani has a new password in "),
    ):
        assert names.read_text() == before
        with Screen(words, terminal=True) as screen:
            questions = ("Password of dani: ", "Once more: ")[: len(answers)]
            for question, answer in zip(questions, answers, strict=True):
                screen.shows(question)
                screen.type(answer)
            assert told in screen.finish()
            assert "a word" not in screen.text
    assert names.read_text() != before


def test_what_the_config_gets_wrong(where: Path) -> None:
    """chatd check tells it: files that are not there, hashes that are none, strangers."""
    config = where / "chatd.toml"
    config.write_text(
        '[room]\npassword_file = "nowhere"\noperators = ["eve", "a b"]\nstate_file = "no/where"\n'
        '[names]\nfile = "names"\n'
    )
    told = subprocess.run(
        [CHATD, "check", str(config)], capture_output=True, text=True, check=False, cwd=where
    )
    assert told.returncode == 1
    for fault in (
        "[room] password_file: ",
        "[room] operators: eve is not registered",
        "[room] operators: 'a b' is no name",
        "[room] state_file: there can be no file",
    ):
        assert fault in told.stderr


@pytest.mark.parametrize("name", ["names", "cert.pem"])
def test_a_pipe_instead_of_a_file(where: Path, name: str) -> None:
    """Is refused: nobody would write to it, and everyone in the room would wait for that."""
    (where / name).unlink(missing_ok=True)
    os.mkfifo(where / name)
    (where / "chatd.toml").write_text(
        f'[names]\nfile = "{name}"\n' if name == "names" else f'[tls]\ncertificates = ["{name}"]\n'
    )
    told = subprocess.run(
        [CHATD, "check", "chatd.toml"],
        check=False, capture_output=True, text=True, cwd=where, timeout=WITHIN,
    )  # fmt: skip
    assert told.returncode == 1
    assert "cannot be read: it is not a file" in told.stderr
