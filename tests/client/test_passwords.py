"""The client where a password is wanted, and in the hands of operators, as people meet it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.running import CHAT, PATIENCE, TMUX, Daemon, Netcat, Terminal, running
from tests.passwords import passwd

CONFIG = """
[limits]
lines_per_second = 0
[room]
password_file = "room.hash"
operators = ["dani"]
[names]
file = "names"
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A room with the password `open sesame`, and a name, dani's, with `my own`."""
    folder = tmp_path_factory.mktemp("guarded")
    passwd(folder, "open sesame", "--file", "room.hash")
    passwd(folder, "my own", "--file", "names", "dani")
    with running(folder, CONFIG) as daemon:
        yield daemon


def drew(daemon: Daemon) -> Netcat:
    """Somebody with nc, who has given the password."""
    return Netcat(daemon.port, "drew", "PASS open sesame")


def chat(folder: Path, daemon: Daemon, name: str, *words: str) -> Terminal:
    return Terminal(folder, *CHAT, "127.0.0.1", str(daemon.port), "--name", name, *words)


def pipe(
    daemon: Daemon, *words: str, said: str = "hello\n", **env: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*CHAT, "127.0.0.1", str(daemon.port), "--no-time", *words],
        input=said,
        env={**os.environ, **env},
        text=True,
        check=False,
        capture_output=True,
        timeout=2 * PATIENCE,
    )


def test_a_password_from_a_file_or_the_environment(tmp_path: Path, guarded: Daemon) -> None:
    """A pipe is let in with it; without one, or with a wrong one, it ends with status 4."""
    (tmp_path / "secret").write_text("open sesame\r\n# not this\n")
    by_file = pipe(guarded, "--name", "bot", "--password-file", str(tmp_path / "secret"))
    assert (by_file.returncode, by_file.stderr) == (0, "")
    assert "You: hello" in by_file.stdout
    by_variable = pipe(guarded, "--name", "dani", CHAT_PASSWORD="my own")
    assert (by_variable.returncode, by_variable.stderr) == (0, "")
    without = pipe(guarded, "--name", "bot")
    assert without.returncode == 4
    assert without.stderr.startswith("A password is needed here.\n")
    wrong = pipe(guarded, "--name", "bot", CHAT_PASSWORD="closed sesame")
    assert wrong.returncode == 4
    assert wrong.stderr.startswith("That is not the password.\n")
    assert "sesame" not in wrong.stderr + wrong.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [(b"", "there is no password in the first line"), (b"\xff\n", "is not UTF-8 text"),
     (b"a\0b\n", "A password has no control characters"), (None, "cannot be read: No such file")],
)  # fmt: skip
def test_a_file_that_has_none(tmp_path: Path, text: bytes | None, told: str) -> None:
    """Is said so before anything else is done."""
    file = tmp_path / "secret"
    if text is not None:
        file.write_bytes(text)
    words = ["127.0.0.1", "9", "--name", "x", "--password-file", str(file)]
    ended = subprocess.run([*CHAT, *words], capture_output=True, text=True, check=False, input="")
    assert ended.returncode == 2
    assert told in ended.stderr


@pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
class TestTerminal:
    def test_asked_until_it_is_right(self, tmp_path: Path, guarded: Daemon) -> None:
        """What is typed is not shown, nor kept; a wrong one is asked for again."""
        eve = chat(tmp_path, guarded, "eve", "--log", str(tmp_path / "log"))
        eve.see("Password for eve (empty: another name):")
        eve.enter("closed door")
        eve.see("That is not the password.")
        eve.see_last("Password for eve (empty: another name):")
        eve.type("open sesame")
        eve.see_last("Password for eve (empty: another name): ***********")
        eve.keys("Enter")
        eve.see("You are in the chat as eve.")
        eve.enter("PASS open sesame")
        eve.see("A password is only asked for.")
        eve.enter("hello")
        eve.see("You: hello")
        eve.enter("/quit")
        eve.see("status=0")
        kept = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
        assert "hello" in kept
        assert "sesame" not in kept + "\n".join(eve.lines())
        assert "closed door" not in kept

    def test_another_name_instead(self, tmp_path: Path, guarded: Daemon) -> None:
        """Whoever does not have that name's password takes another name."""
        eve = chat(tmp_path, guarded, "dani")
        eve.see("Password for dani (empty: another name):")
        eve.enter("open sesame")
        eve.see("That is not the password.")
        eve.keys("Enter")
        eve.see_last("User name:")
        eve.enter("eve")
        eve.see("Password for eve (empty: another name):")
        eve.enter("open sesame")
        eve.see("You are in the chat as eve.")

    def test_plain(self, tmp_path: Path, guarded: Daemon) -> None:
        """Without prompt_toolkit, the terminal does not show it either."""
        eve = chat(tmp_path, guarded, "eve", "--plain")
        eve.see("Password for eve (empty: another name):")
        eve.enter("open sesame")
        eve.see("You are in the chat as eve.")
        eve.enter("hello")
        eve.see("You: hello")
        lines = "\n".join(eve.lines())
        assert "sesame" not in lines
        assert lines.count("hello") == 2

    def test_the_way_back_needs_no_asking(self, tmp_path: Path) -> None:
        """When the server has been away, the password that was typed is given again."""
        passwd(tmp_path, "open sesame", "--file", "room.hash")
        passwd(tmp_path, "my own", "--file", "names", "dani")
        with running(tmp_path, CONFIG) as daemon:
            dani = chat(tmp_path, daemon, "dani")
            dani.see("Password for dani")
            dani.enter("my own")
            dani.see("You are in the chat as dani.")
            daemon.stop()
            dani.see("The server has gone")
            daemon.start()
            dani.see("Back in the chat as dani.")

    def test_keeping_order(self, tmp_path: Path, guarded: Daemon) -> None:
        """An operator's slash commands, what everyone reads of them, and no way back unasked."""
        (tmp_path / "secret").write_text("open sesame\n")
        (tmp_path / "own").write_text("my own\n")
        dani = chat(tmp_path, guarded, "dani", "--password-file", str(tmp_path / "own"))
        dani.see("You are in the chat as dani.")
        eve = chat(tmp_path, guarded, "eve", "--password-file", str(tmp_path / "secret"))
        eve.see("You are in the chat as eve.")
        dani.see("eve joined the chat")
        eve.enter("/kick dani")
        eve.see("Only an operator can do that.")
        dani.enter("/mute ev")
        dani.see("Nobody here is called ev.")
        dani.type("/mute ev")
        dani.keys("Tab")
        dani.see_last("dani> /mute eve")
        dani.enter("10")
        eve.see("SERVER: dani has muted eve for 10 minutes.")
        eve.enter("is anybody there?")
        eve.see("“is anybody there?”: dani has muted you for")
        dani.enter("/unmute eve")
        eve.see("SERVER: dani lets eve speak again.")
        dani.enter("/kick eve no shouting")
        eve.see("dani has put you out: no shouting")
        eve.see_last("Try again? (y/yes, n/no)")
        dani.see("eve has left the chat")
        eve.enter("y")
        eve.see("Back in the chat as eve.")
        dani.enter("/ban eve 3 really")
        eve.see("You are banned from this room for 3 days: really")
        dani.enter("/bans")
        dani.see("SERVER: banned: eve, by dani, 3 days left: really")
        dani.enter("/unban eve")
        dani.see("SERVER: dani has lifted the ban of eve.")

    def test_ignoring(self, tmp_path: Path, guarded: Daemon) -> None:
        """Neither what they say nor what they whisper is seen until it is wanted again."""
        (tmp_path / "secret").write_text("open sesame\n")
        eve = chat(tmp_path, guarded, "eve", "--password-file", str(tmp_path / "secret"))
        eve.see("You are in the chat as eve.")
        nc = drew(guarded)
        eve.see("drew joined the chat")
        eve.enter("/ignore drew")
        eve.see("SERVER: you see no more of what drew says")
        nc.send("BCST one", "MESG eve two")
        eve.enter("/unignore drew")
        eve.see("SERVER: you see what drew says again")
        nc.send("BCST three")
        eve.see("drew: three")
        assert not [line for line in eve.lines() if "drew: one" in line or "drew: two" in line]
