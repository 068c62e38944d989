"""The client and the past, in a real terminal and in pipes, with the real daemon."""

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.conftest import UNLIMITED
from tests.client.running import CHAT, TMUX, Daemon, running
from tests.client.test_terminal import Chat

KEPT = f'{UNLIMITED}[history]\nlines = 1000\nfile = "kept.db"\n'
needs_tmux = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon that keeps what is said."""
    with running(tmp_path, KEPT) as one:
        yield one


def said_before(daemon: Daemon, *lines: str) -> None:
    """Somebody says these, waits until they are kept, and goes."""
    drew = daemon.nc("drew")
    drew.send(*(f"BCST {line}" for line in lines), "HIST 1")
    drew.until("HIST end")
    drew.close()


def spoken(chat: Chat) -> list[str]:
    """What was said, now or before, without the rest."""
    return [line for line in chat.conversation() if re.match(r"(\| )?(drew|dani|You): ", line)]


@needs_tmux
class TestTerminal:
    def test_before_and_missed(self, tmp_path: Path, keeper: Daemon) -> None:
        """The last twenty lines are there on joining; after a restart of the server those that
        were missed, and none twice."""
        said_before(keeper, *(f"early {number}" for number in range(25)))
        dani = Chat(tmp_path, keeper).entered()
        dani.see("| drew: early 24")
        dani.enter("hello")
        dani.see("You: hello")
        keeper.stop(signal.SIGKILL)
        dani.see("The server has gone")
        keeper.start()
        dani.see("Back in the chat")
        dani.enter("again")
        dani.see("You: again")
        early = [f"| drew: early {number}" for number in range(5, 25)]
        assert spoken(dani) == [*early, "You: hello", "You: again"]
        assert "Said before you came:" in dani.conversation()

    def test_while_away(self, tmp_path: Path, keeper: Daemon) -> None:
        """What others say while this end is stuck without a connection is shown afterwards."""
        said_before(keeper, "early")
        dani = Chat(tmp_path, keeper).entered()
        dani.see("| drew: early")
        keeper.stop(signal.SIGKILL)
        dani.see("The server has gone")
        with _elsewhere(tmp_path, keeper) as other:
            said_before(other, "missed")
        keeper.start()
        dani.see("Back in the chat")
        dani.see("| drew: missed")
        assert spoken(dani) == ["| drew: early", "| drew: missed"]
        assert "Said while you were away:" in dani.conversation()

    def test_commands(self, tmp_path: Path, keeper: Daemon) -> None:
        """/search, /history and /record, and what the input line tells of it."""
        said_before(keeper, "tea", "milk")
        dani = Chat(tmp_path, keeper, "--history", "0").entered()
        dani.enter("/search mil")
        dani.see("1 line found.")
        dani.enter("/history")
        dani.see("| drew: tea")
        dani.enter("/since 1h")
        dani.see("Said since 1h:")
        assert spoken(dani) == [
            *("| drew: milk", "| drew: tea", "| drew: milk", "| drew: tea", "| drew: milk")
        ]
        dani.enter("/record off")
        dani.see_last("dani (not kept)>")
        dani.enter("between us")
        dani.see("You: between us")
        dani.enter("/record on")
        dani.see_last("dani>")
        dani.enter("/search between")
        dani.see("No line has “between”.")

    def test_dimmed(self, tmp_path: Path, keeper: Daemon) -> None:
        """Lines of the past are grey, and those of now are not."""
        said_before(keeper, "old")
        dani = Chat(tmp_path, keeper, COLORTERM="truecolor").entered()
        dani.see("| drew: old")
        keeper.nc("eve").send("BCST new")
        dani.see("eve: new")
        assert _is_grey(dani, "| drew: old")
        assert not _is_grey(dani, "new")


def _is_grey(chat: Chat, text: str) -> bool:
    """Whether the last colour before this text is the grey one."""
    before, found, _ = chat.screen("-e").rpartition(text)
    assert found
    *_, last = re.findall(r"\x1b\[([\d;]*)m", before)
    return str(last).endswith(("38;5;243", "38;2;118;118;118"))


class _elsewhere:  # noqa: N801 - it reads as a word
    """A second daemon on the same history."""

    def __init__(self, folder: Path, of: Daemon) -> None:
        self._folder = folder / "elsewhere"
        self._file = folder / "kept.db"

    def __enter__(self) -> Daemon:
        self._folder.mkdir()
        config = KEPT.replace('"kept.db"', f'"{self._file}"')
        self._daemon = Daemon(self._folder, config).start()
        return self._daemon

    def __exit__(self, *_: object) -> None:
        self._daemon.stop()


class TestPipes:
    def test_nothing_unasked(self, tmp_path: Path, keeper: Daemon) -> None:
        """In a pipe nothing of the past is shown, unless so many lines are asked for."""
        said_before(keeper, "tea", "milk")
        assert "milk" not in chat(keeper, "hello\n")
        shown = chat(keeper, "more\n", "--history", "1").splitlines()
        assert [line for line in shown if ": " in line][-2:] == ["| bot: hello", "You: more"]
        assert not [line for line in shown if line.startswith("| drew")]

    def test_transcript(self, tmp_path: Path, keeper: Daemon) -> None:
        """--log has each line once, however often one comes back."""
        said_before(keeper, "tea", "milk")
        log = tmp_path / "log"
        for text in ("one", "two"):
            chat(keeper, f"{text}\n", "--history", "20", "--log", str(log))
        written = [line[20:] for line in log.read_text(encoding="utf-8").splitlines()]
        said = [line for line in written if ": " in line and "SERVER" not in line]
        assert said == ["| drew: tea", "| drew: milk", "You: one", "You: two"]

    def test_a_room_without_history(self, daemon: Daemon) -> None:
        """There it is shown nothing, and that is no fault."""
        assert chat(daemon, "hello\n", "--history", "20").splitlines()[1:] == ["You: hello"]


def chat(daemon: Daemon, text: str, *words: str) -> str:
    """What somebody's `chat` in a pipe writes."""
    where = ("127.0.0.1", str(daemon.port), "--name", "bot", "--no-time")
    done = subprocess.run(
        [*CHAT, *where, *words], input=text, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout
