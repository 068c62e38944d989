"""The client in a real terminal (tmux), with the real daemon: what a person sees."""

import contextlib
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.conftest import UNLIMITED
from tests.client.running import CHAT, TMUX, Daemon, Terminal, running, wait_for

pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")

CLOCK = re.compile(r"^\d\d:\d\d ", re.MULTILINE)


class Chat(Terminal):
    """The client in a terminal, as dani, and in."""

    def __init__(self, folder: Path, daemon: Daemon, *words: str, **env: str) -> None:
        where = ("127.0.0.1", str(daemon.port))
        name = () if "--name" in words else ("--name", "dani")
        super().__init__(folder, "env", *_settings(env), *CHAT, *where, *name, *words)

    def entered(self) -> "Chat":
        self.see("You are in the chat as")
        self.see("Online: ")
        return self

    def see_calm(self, text: str) -> None:
        """See it, and the input line below it again: what is pasted meanwhile, while a line is
        written above, is not known as a paste."""
        self.see(text)
        wait_for(lambda: self.last().endswith(">"), self.screen)

    def conversation(self) -> list[str]:
        """What was shown, without the time."""
        return [CLOCK.sub("", line) for line in self.lines()]


@contextlib.contextmanager
def held_up(*chats: Chat) -> Iterator[None]:
    """Meanwhile these do nothing, so that others are faster."""
    pids = [chat.child() for chat in chats]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    yield
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


def _settings(env: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in env.items()]


@pytest.fixture
def dani(tmp_path: Path, daemon: Daemon) -> Chat:
    """Somebody who has just come in."""
    chat = Chat(tmp_path, daemon).entered()
    chat.see_last("dani>")
    return chat


def test_a_conversation(tmp_path: Path, daemon: Daemon, dani: Chat) -> None:
    """Two clients and a netcat: the screens read like a conversation."""
    eve = Chat(tmp_path, daemon, "--name", "eve").entered()
    drew = daemon.nc("drew")
    dani.see("drew joined the chat")
    dani.enter("hello all")
    eve.see("dani: hello all")
    drew.send("BCST hi from netcat", "MESG dani psst")
    dani.see("[private] drew: psst")
    dani.type("/reply what is")
    dani.see_last("dani> /msg drew what is")
    dani.enter(" it?")
    drew.until("dani: MESG drew what is it?")
    dani.see("[private] You to drew: what is it?")
    eve.see("drew: hi from netcat")
    eve.enter("/quit")
    dani.see("eve has left the chat")
    dani.see_last("dani>")
    assert dani.conversation()[2:] == [
        "Online: dani",
        "eve joined the chat",
        "drew joined the chat",
        "You: hello all",
        "drew: hi from netcat",
        "[private] drew: psst",
        "[private] You to drew: what is it?",
        "eve has left the chat",
        "dani>",
    ]
    eve.see("status=0")
    assert eve.conversation()[2:] == [
        "Online: dani, eve",
        "drew joined the chat",
        "dani: hello all",
        "drew: hi from netcat",
        "status=0",
    ]


def test_typing_while_lines_arrive(daemon: Daemon, dani: Chat) -> None:
    """Fifty lines arrive while a line is typed; every one of them is whole, and so is it."""
    drew = daemon.nc("drew")
    typed = "the quick brown 狐 jumps over the lazy 🐶, letter by letter, and then some"
    for number, letter in enumerate(typed):
        dani.type(letter)
        if number < 50:
            drew.send(f"BCST line {number}")
    dani.see("drew: line 49")
    dani.see(f"dani> {typed}")
    assert dani.conversation()[4:-1] == [f"drew: line {number}" for number in range(50)]
    dani.keys("Enter")
    drew.until(f"dani: BCST {typed}")


def test_a_flood_arrives(daemon: Daemon, dani: Chat) -> None:
    """A thousand lines at once scroll by; what is half typed stays at the bottom."""
    drew = daemon.nc("drew")
    dani.type("half a line")
    drew.send(*[f"BCST line {number}" for number in range(1000)])
    dani.see("drew: line 999")
    dani.see_last("dani> half a line")
    assert dani.conversation()[4:-1] == [f"drew: line {number}" for number in range(1000)]


def test_editing(daemon: Daemon, dani: Chat) -> None:
    """The usual keys edit the line, over wide letters too; the arrows bring old lines back."""
    drew = daemon.nc("drew")
    dani.type("漢字 wrold")
    dani.keys("C-a", "Right", "Delete", "C-e", "BSpace", "BSpace", "BSpace", "BSpace")
    dani.enter("orld")
    drew.until("dani: BCST 漢 world")
    dani.press_until("Up", "dani> 漢 world")  # old lines are there a moment after Enter
    dani.enter("!")
    drew.until("dani: BCST 漢 world!")


def test_history_across_runs(tmp_path: Path, daemon: Daemon) -> None:
    """What was typed yesterday can be found again, and nobody else can read it."""
    chat = Chat(tmp_path, daemon).entered()
    for line in ("the oldest", "remember me"):
        chat.enter(line)
        chat.see(f"You: {line}")
    chat.enter("exit")
    chat.see_last("Leave the chat? (y/yes)")
    chat.enter("y")
    chat.see("status=0")
    chat.close()
    chat = Chat(tmp_path, daemon).entered()
    chat.keys("C-r")
    chat.type("remem")
    chat.see("remember me")
    chat.keys("Enter", "Enter")  # found; sent
    chat.see("You: remember me")
    chat.press_until("Up", "dani> the oldest")  # old lines are there a moment after Enter
    for line in ("remember me", "exit", "remember me"):  # and no y
        chat.keys("Down")
        chat.see_last(f"dani> {line}")
    assert (tmp_path / "chatd" / "typed").stat().st_mode & 0o077 == 0


def test_tab(daemon: Daemon, dani: Chat) -> None:
    """Tab completes names and commands, and lists what is not certain."""
    drew, drusilla = daemon.nc("drew"), daemon.nc("drusilla")
    dani.see("drusilla joined")
    dani.type("/ms")
    dani.keys("Tab")
    dani.see_last("dani> /msg")
    dani.type("d")
    dani.keys("Tab")
    dani.see("dani  drew  drusilla")
    dani.type("rew")
    dani.keys("Tab")
    dani.enter("hi")
    drew.until("dani: MESG drew hi")
    dani.type("drus")
    dani.keys("Tab")
    dani.enter("ho")
    drusilla.until("dani: BCST drusilla: ho")


def test_paste(daemon: Daemon, dani: Chat) -> None:
    """A few pasted lines wait for Enter and are said one by one; more than ten after asking."""
    drew = daemon.nc("drew")
    dani.see_calm("drew joined the chat")
    dani.paste("one\n  two\nthree\n")
    dani.see("three")
    assert "You: one" not in dani.conversation()
    dani.keys("Enter")
    assert drew.until("dani: BCST three")[-3:] == [
        "dani: BCST one",
        "dani: BCST   two",
        "dani: BCST three",
    ]
    dani.see_calm("You: three")
    many = [f"line {number}" for number in range(11)]
    dani.paste("\n".join(many))
    dani.keys("Enter")
    dani.see_last("Say these 11 lines to everyone? (y/yes)")
    dani.enter("n")
    dani.see_calm("The 11 lines were not said.")
    dani.press_until("Up", "line 10")
    dani.keys("Enter")
    dani.see_last("Say these 11 lines to everyone? (y/yes)")
    dani.enter("y")
    assert drew.until("dani: BCST line 10") == [f"dani: BCST {line}" for line in many]


def test_paste_taller_than_the_window(daemon: Daemon, dani: Chat) -> None:
    """Lines that arrive while a long paste waits for Enter leave no copy of it behind."""
    drew = daemon.nc("drew")
    dani.see_calm("drew joined the chat")
    pasted = [f"pasted {number}" for number in range(40)]
    dani.paste("\n".join(pasted))
    dani.see("pasted 39")
    for number in range(5):
        drew.send(f"BCST line {number}")
        dani.see(f"drew: line {number}")
    shown = [line for line in dani.conversation() if "pasted" in line]
    assert len(shown) == len(set(shown)) <= 12
    assert [line for line in dani.conversation() if "drew: " in line] == [
        f"drew: line {number}" for number in range(5)
    ]
    dani.keys("Enter")
    dani.see_last("Say these 40 lines to everyone? (y/yes)")
    dani.enter("y")
    assert drew.until("dani: BCST pasted 39")[-40:] == [f"dani: BCST {line}" for line in pasted]


def test_typed_escape_sequence(daemon: Daemon, dani: Chat) -> None:
    """A sequence that looks like a mouse's, typed or pasted without brackets, does nothing."""
    drew = daemon.nc("drew")
    dani.type("a\x1b[31mb\x1b[<0;1;1Mc")
    dani.see_last("dani> abc")
    dani.keys("Enter")
    drew.until("dani: BCST abc")
    assert "Error" not in dani.screen("-S", "-")


def test_terminal_vanishes(tmp_path: Path, daemon: Daemon) -> None:
    """When the terminal goes, the client does, even where SIGHUP is ignored."""
    drew = daemon.nc("drew")
    words = [*CHAT, "127.0.0.1", str(daemon.port), "--name", "dani"]
    chat = Terminal(tmp_path, "sh", "-c", 'trap "" HUP; exec "$@"', "sh", *words)
    chat.see_last("dani>")
    pid = chat.child()
    chat.close()
    drew.until("dani has left the chat")
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), lambda: "it lives")


def test_resize(daemon: Daemon, dani: Chat) -> None:
    """After a resize the line is whole and the next ones fit the new width."""
    drew = daemon.nc("drew")
    dani.type("half a line")
    for columns, rows in ((40, 10), (120, 30), (60, 20)):
        dani.resize(columns, rows)
        drew.send(f"BCST {columns} wide 漢字")
        dani.see(f"drew: {columns} wide 漢字")
        dani.see_last("dani> half a line")
    assert sum("half a line" in line for line in dani.lines()) == 1
    dani.type(" that now gets longer than one row of this window is wide")
    dani.keys("Enter")
    drew.until("dani: BCST half a line that now gets longer than one row of this window is wide")


def test_wide_letters_and_emoji(daemon: Daemon, dani: Chat) -> None:
    """CJK and emoji are shown as they are, and do not move the cursor astray."""
    drew = daemon.nc("drew")
    for text in ("漢字かな", "😀🎉", "naïve café", "한국어", "עברית"):
        drew.send(f"BCST {text}")
        dani.see(f"drew: {text}")
    dani.type("漢字😀")
    dani.keys("Left", "Left", "x")
    dani.see_last("dani> 漢x字😀")


def test_hostile_text(daemon: Daemon, dani: Chat) -> None:
    """Escape sequences of others do nothing to this screen."""
    drew = daemon.nc("drew")
    drew.send("BCST \x1b[2J\x1b[31mred\x1b]0;owned\x07 \u202egnorw")
    dani.see("drew: red gnorw")
    assert "You are in the chat" in dani.lines()[1]


def test_bytes_that_are_no_text(tmp_path: Path, daemon: Daemon) -> None:
    """A byte that is not UTF-8 is explained, before and after coming in, and breaks nothing."""
    drew = daemon.nc("drew")
    terminal = Terminal(tmp_path, *CHAT, "127.0.0.1", str(daemon.port), "--log", f"{tmp_path}/log")
    terminal.see("User name [")
    terminal.byte(0xE9)
    terminal.keys("Enter")
    terminal.see("That was not UTF-8 text.")
    terminal.enter("dani")
    terminal.see_last("dani>")
    terminal.type("caf")
    terminal.byte(0xE9)
    terminal.keys("Enter")
    terminal.see("That line was not UTF-8 text. Nobody has seen it.")
    terminal.enter("café")
    assert "Traceback" not in terminal.screen("-S", "-")
    assert drew.until("dani: BCST café")[-2:] == [
        "SERVER: dani joined the chat!",
        "dani: BCST café",
    ]


def test_called_by_name(daemon: Daemon, dani: Chat) -> None:
    """My name in a line is set off, and rings; another's line does not."""
    drew = daemon.nc("drew")
    drew.send("BCST danielle?")
    dani.see("danielle?")
    assert not dani.rang()
    drew.send("BCST hey Dani!")
    dani.see("hey Dani!")
    wait_for(dani.rang, lambda: "no bell")
    assert "\x1b[1;7mDani\x1b[0m" in dani.screen("-e")


def test_options(tmp_path: Path, daemon: Daemon) -> None:
    """--no-time, --no-bell and NO_COLOR are respected."""
    chat = Chat(tmp_path, daemon, "--no-time", "--no-bell", NO_COLOR="1").entered()
    drew = daemon.nc("drew")
    drew.send("BCST hey dani")
    chat.see("hey dani")
    time.sleep(0.2)  # long enough for a bell to be rung, if there were one
    assert not chat.rang()
    assert "drew: hey dani" in chat.lines()
    assert not re.search(r"\x1b\[[\d;]*[34][0-7]", chat.screen("-e"))


def test_leaving(tmp_path: Path, daemon: Daemon) -> None:
    """exit and Ctrl-D ask; y or yes leaves, anything else stays. Ctrl-C clears, then leaves."""
    for leave in (("exit", "Enter"), ("C-d",)):
        chat = Chat(tmp_path, daemon).entered()
        for answer, shown in (("no", "You are still here."), ("y", "status=0")):
            chat.keys(*leave)
            chat.see_last("Leave the chat? (y/yes)")
            chat.enter(answer)
            chat.see(shown)
        chat.close()
    chat = Chat(tmp_path, daemon).entered()
    chat.type("half a li")
    chat.keys("C-c")
    chat.see("Ctrl-C once more leaves the chat.")
    chat.see_last("dani>")
    chat.enter("ne")
    chat.see("You: ne")
    chat.keys("C-c")
    chat.keys("C-c")
    chat.see("status=0")


def test_the_terminal_is_given_back(tmp_path: Path, daemon: Daemon) -> None:
    """After a TERM signal the terminal echoes again, and the status tells."""
    chat = Chat(tmp_path, daemon).entered()
    pid = chat.child()
    chat.type("half a li")
    os.kill(pid, signal.SIGTERM)
    chat.see("status=143")
    assert "The server has gone" not in chat.screen("-S", "-")
    chat.enter("echoed")
    chat.see("echoed")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_restart(tmp_path: Path, how: int) -> None:
    """The daemon goes and comes back: both clients say so, and are back with their names
    without a key; what was typed meanwhile waits for a word."""
    with running(tmp_path, UNLIMITED) as daemon:
        dani = Chat(tmp_path, daemon).entered()
        eve = Chat(tmp_path, daemon, "--plain", "--name", "eve").entered()
        daemon.stop(how)
        reason = "the chat is closing" if how == signal.SIGTERM else "connection lost"
        for chat in (dani, eve):
            chat.see(f"The server has gone: {reason}. Trying again until it is back.")
        dani.enter("typed meanwhile")
        dani.see("[unsent] You: typed meanwhile")
        dani.see_last("(no connection) >")
        daemon.start()
        dani.see("Back in the chat as dani.")
        eve.see("Back in the chat as eve.")
        dani.see("1 line is unsent: /send or /drop?")
        assert "dani: typed meanwhile" not in "\n".join(eve.lines())
        dani.enter("/send")
        eve.see("dani: typed meanwhile")
        dani.see("You: typed meanwhile")


def test_name_taken_at_rejoin(tmp_path: Path) -> None:
    """If my name is taken when the server is back, it is tried again until it is free."""
    with running(tmp_path, UNLIMITED) as daemon:
        chat = Chat(tmp_path, daemon).entered()
        daemon.stop()
        chat.see("Trying again until it is back.")
        with held_up(chat):
            namesake = daemon.start().nc("dani")
        chat.see("dani is here already. Choose another name. Trying again in a moment.")
        namesake.close()
        chat.see("Back in the chat as dani.")


def test_asked_while_typing(tmp_path: Path) -> None:
    """A question that comes in between does not take a half-typed line for its answer, nor
    the half-typed answer to another question."""
    with running(tmp_path, "[room]\nmax_users = 2\n") as daemon:
        chat = Chat(tmp_path, daemon).entered()
        leaving = Chat(tmp_path, daemon, "--name", "eve").entered()
        chat.type("secret")
        leaving.enter("exit")
        leaving.see_last("Leave the chat? (y/yes)")
        leaving.type("y")
        daemon.stop()
        chat.see("Trying again until it is back.")
        with held_up(chat, leaving):
            other, another = daemon.start().nc("other"), daemon.nc("another")
        chat.see_last("Try again? (y/yes, n/no)")
        leaving.see_last("Try again? (y/yes, n/no)")
        other.close()
        another.close()
        chat.enter("y")
        chat.see("Back in the chat as dani.")
        chat.see_last("dani> secret")


def test_refused_name(tmp_path: Path, daemon: Daemon) -> None:
    """A bad or taken name is explained and asked for again."""
    daemon.nc("drew")
    chat = Chat(tmp_path, daemon, "--name", "drew")
    chat.see("drew is here already")
    chat.see_last("User name:")
    chat.enter("a b")
    chat.see("without spaces")
    chat.enter("eve")
    chat.entered()


def test_asked_for_what_is_missing(tmp_path: Path, daemon: Daemon) -> None:
    """Without words, host, port and name are asked for, with defaults."""
    terminal = Terminal(tmp_path, "env", "LOGNAME=eve", *CHAT)
    terminal.see("Host [127.0.0.1]:")
    terminal.keys("Enter")
    terminal.see("Port [55555]:")
    terminal.enter("x")
    terminal.see("'x' is not a port")
    terminal.enter(str(daemon.port))
    terminal.see("User name [eve]:")
    terminal.keys("Enter")
    terminal.see("You are in the chat as eve.")


@pytest.mark.parametrize("how", ["--plain", "dumb", "no prompt_toolkit"])
def test_plain(tmp_path: Path, daemon: Daemon, how: str) -> None:
    """--plain, a dumb terminal, or one without prompt_toolkit: nothing but text, and all of it."""
    words: list[str] = ["--plain"] if how == "--plain" else []
    env = {"TERM": "dumb"} if how == "dumb" else {}
    if how == "no prompt_toolkit":
        (tmp_path / "sitecustomize.py").write_text(
            "import sys, importlib.machinery as m\n"
            "find = m.PathFinder.find_spec\n"
            "m.PathFinder.find_spec = staticmethod(lambda name, *rest: "
            "None if name.startswith('prompt_toolkit') else find(name, *rest))\n"
        )
        env["PYTHONPATH"] = str(tmp_path)
    chat = Chat(tmp_path, daemon, *words, **env).entered()
    if how == "no prompt_toolkit":
        chat.see("pip install 'chatd[client]'")
    drew = daemon.nc("drew")
    chat.enter("hello")
    chat.see("You: hello")
    drew.send("BCST hey dani", "MESG dani psst")
    chat.see("! drew: hey dani")
    chat.see("! [private] drew: psst")
    chat.enter("/mgs drew secret")
    chat.see("There is no command /mgs")
    chat.keys("C-d")
    chat.see("Leave the chat? (y/yes)")
    chat.enter("n")
    chat.see("You are still here.")
    chat.type("half a li")
    chat.keys("C-c")
    chat.see("Ctrl-C once more")
    chat.enter("whole")
    chat.see("You: whole")
    chat.enter("exit")
    chat.enter("yes")
    chat.see("status=0")
    assert "\x1b" not in chat.screen("-e", "-S", "-")
    assert "BCST half" not in "\n".join(drew.until("dani has left the chat"))


def test_follow_from_a_terminal(tmp_path: Path, daemon: Daemon) -> None:
    """chat … > file: what is said goes to the file, questions to the terminal."""
    out = tmp_path / "out"
    script = f'"$@" > {out}'
    words = [*CHAT, "127.0.0.1", str(daemon.port)]
    terminal = Terminal(tmp_path, "env", "LOGNAME=eve", "sh", "-c", script, "sh", *words)
    terminal.see("User name [eve]:")
    terminal.keys("Enter")
    wait_for(lambda: out.exists() and "You are in" in out.read_text(), terminal.screen)
    terminal.enter("hello")
    wait_for(lambda: "You: hello" in out.read_text(), out.read_text)
    terminal.enter("exit")
    terminal.see("Leave the chat?")
    terminal.enter("y")
    terminal.see("status=0")
    assert "Leave" not in out.read_text()
