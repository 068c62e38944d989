"""The client as a Unix tool: pipes, files and exit statuses, with the real daemon."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.client.conftest import UNLIMITED
from tests.client.running import CHAT, PATIENCE, Daemon, running, wait_for
from tests.ports import free_port


def chat(daemon: Daemon, *words: str, lines: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*CHAT, "127.0.0.1", str(daemon.port), "--no-time", *words],
        input=lines,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Follower:
    """``chat … </dev/null > file``."""

    def __init__(self, daemon: Daemon, folder: Path, name: str, *words: str) -> None:
        self.out, self.err = folder / f"{name}.out", folder / f"{name}.err"
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen(
                [*CHAT, "127.0.0.1", str(daemon.port), "--name", name, "--no-time", *words],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        self.see(f"You are in the chat as {name}.")

    def see(self, line: str) -> None:
        wait_for(
            lambda: line in self.lines(),
            lambda: f"{line!r} not in {self.lines()}{self.err.read_text()}",
        )

    def lines(self) -> list[str]:
        return self.out.read_text().splitlines()

    def end(self, how: int = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def test_one_line(daemon: Daemon) -> None:
    """echo "backup done" | chat … says it, ends with 0, and complains of nothing."""
    done = chat(daemon, "--name", "bot", lines="backup done\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "You are in the chat as bot.\nYou: backup done\n"


def test_ten_thousand_lines(daemon: Daemon, tmp_path: Path) -> None:
    """seq 1 10000 | chat … arrives whole and in order in the file of somebody else."""
    watcher = Follower(daemon, tmp_path, "watcher")
    numbers = [str(number) for number in range(1, 10_001)]
    done = chat(daemon, "--name", "counter", "--plain", lines="\n".join(numbers) + "\n")
    assert done.returncode == 0
    watcher.see("counter has left the chat")
    assert [line[9:] for line in watcher.lines() if line.startswith("counter: ")] == numbers
    assert watcher.end() == 130


def test_flood_limit(tmp_path: Path) -> None:
    """With the default limit 60 lines take at least the 8 seconds it says, and all arrive."""
    with running(tmp_path) as daemon:
        watcher = Follower(daemon, tmp_path, "watcher")
        numbers = [str(number) for number in range(1, 61)]
        start = time.monotonic()
        done = chat(daemon, "--name", "counter", lines="\n".join(numbers))  # no last line end
        took = time.monotonic() - start
        assert done.returncode == 0
        watcher.see("counter has left the chat")
        assert [line[9:] for line in watcher.lines() if line.startswith("counter: ")] == numbers
        watcher.end()
    assert took > 7.5


def test_lines_as_they_come(daemon: Daemon) -> None:
    """tail -f log | chat … says a line when it comes, not at the end of input."""
    drew = daemon.nc("drew")
    process = subprocess.Popen(
        [*CHAT, "127.0.0.1", str(daemon.port), "--name", "tail"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    for line in ("one", "two 漢字", "/three"):
        process.stdin.write(f"{line}\n".encode())
        process.stdin.flush()
        drew.until(f"tail: BCST {line}")
    process.stdin.close()
    assert process.wait(PATIENCE) == 0


def test_refused_line(daemon: Daemon) -> None:
    """Refusals go to standard error, by number, with status 1; the other lines arrive."""
    done = chat(daemon, "--name", "bot", lines=f"one\n{'x' * 2000}\nthree\n")
    assert done.returncode == 1
    assert done.stderr == "Line 2: A line has at most 1024 bytes. Nobody has seen that one.\n"
    assert "You: three" in done.stdout


def test_input_that_is_no_text(daemon: Daemon) -> None:
    """A line that is not UTF-8 is refused; a program's escape sequences are taken out."""
    done = subprocess.run(
        [*CHAT, "127.0.0.1", str(daemon.port), "--name", "bot", "--no-time"],
        input=b"caf\xe9\n\x1b[31mred\x1b[0m\r\n",
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"Line 1: That line was not UTF-8 text.")
    assert done.stdout.endswith(b"You: red\n")


def test_no_server() -> None:
    """Where nobody listens, it ends at once, with status 3."""
    port = str(free_port())
    done = subprocess.run(
        [*CHAT, "127.0.0.1", port, "--name", "bot"],
        input="x\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 3
    assert "connection refused" in done.stderr
    assert done.stdout == ""


def test_name_taken(daemon: Daemon) -> None:
    """With nobody to ask for another name it ends with status 4."""
    daemon.nc("drew")
    done = chat(daemon, "--name", "drew", lines="x\n")
    assert (done.returncode, done.stdout) == (4, "")
    assert "drew is here already" in done.stderr


def test_full_room(tmp_path: Path) -> None:
    """So it does if the room is full."""
    with running(tmp_path, "[room]\nmax_users = 1\n") as daemon:
        daemon.nc("drew")
        done = chat(daemon, "--name", "bot", lines="x\n")
        assert done.returncode == 4
        assert "the chat is full" in done.stderr


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["127.0.0.1", "seventy"], "'seventy' is not a port"),
        (["nonsense:1:2"], "'nonsense:1:2' is not a place to connect to"),
        (["tcp:127.0.0.1:1", "--tls"], "--tls and 'tcp:127.0.0.1:1' do not go together"),
        (["--name", b"caf\xe9"], "'caf\\udce9' is not UTF-8 text"),
        (["--log", "/nonexistent/log"], "cannot log to /nonexistent/log"),
    ],
)
def test_usage(words: list[str | bytes], complaint: str) -> None:
    """What can't be meant is told in one line, with status 2."""
    done = subprocess.run(
        [*CHAT, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


def test_restart(tmp_path: Path) -> None:
    """Lines under way when the daemon is killed arrive when it is back."""
    limits = "[limits]\nlines_per_second = 10\nburst_lines = 10\n"
    with running(tmp_path, limits) as daemon, (tmp_path / "out").open("wb") as out:
        drew = daemon.nc("drew")
        bot = subprocess.Popen(
            [*CHAT, "127.0.0.1", str(daemon.port), "--name", "bot", "--no-time"],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.DEVNULL,
        )
        assert bot.stdin is not None
        numbers = [str(number) for number in range(1, 31)]
        bot.stdin.write("".join(f"{number}\n" for number in numbers).encode())
        bot.stdin.close()
        drew.until("bot: BCST 8")
        daemon.stop(signal.SIGKILL)
        daemon.start()
        assert bot.wait(PATIENCE) == 0
        receipts = re.findall(r"You: (\d+)", (tmp_path / "out").read_text())
    assert list(dict.fromkeys(receipts)) == numbers


def test_no_reconnect(tmp_path: Path) -> None:
    """With --no-reconnect a lost server is the end, with status 5."""
    with running(tmp_path, UNLIMITED) as daemon:
        watcher = Follower(daemon, tmp_path, "watcher", "--no-reconnect")
        daemon.stop()
        assert watcher.process.wait(PATIENCE) == 5
        assert watcher.err.read_text() == "The server has gone: the chat is closing.\n"


def test_output_that_nobody_reads(daemon: Daemon) -> None:
    """chat … | head -1 ends when head does; lines of a pipe are said all the same."""
    words = f"127.0.0.1 {daemon.port} --no-time"
    command = f"{' '.join(CHAT)} {words} --name f </dev/null | head -1"
    done = subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, text=True)
    drew = daemon.nc("drew")

    def ended() -> bool:
        drew.send("BCST x")
        return done.poll() is not None

    wait_for(ended, lambda: "still running")
    command = f"seq 1 2000 | {' '.join(CHAT)} {words} --name s | true"
    subprocess.run(["sh", "-c", command], timeout=PATIENCE, check=True)
    drew.until("s: BCST 2000")


def test_output_that_is_read_late() -> None:
    """A follower whose reader is stuck takes no more from the server than it can pass on; when
    it is read again, it goes on, and nothing is missing."""
    lines = [f"drew: BCST {number:06} {'x' * 990}\r\n".encode() for number in range(30_000)]
    with socket.create_server(("127.0.0.1", 0)) as server:
        process = subprocess.Popen(
            [*CHAT, *map(str, server.getsockname()), "--name", "f", "--no-time"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        line, _ = server.accept()
        with line:
            line.sendall(b"SERVER: f joined the chat!\r\n")
            assert process.stdout.readline() == b"You are in the chat as f.\n"
            line.settimeout(1.0)
            sent = 0
            with contextlib.suppress(TimeoutError):
                for sent, text in enumerate(lines):  # noqa: B007
                    line.sendall(text)
            assert sent < 15_000
            line.shutdown(socket.SHUT_WR)
            for number in range(sent):
                assert process.stdout.readline().startswith(b"drew: %06d x" % number)
        process.kill()
        process.communicate()


def test_server_that_lets_in_and_closes() -> None:
    """A server that lets us in and closes at once is tried more and more slowly."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        words = [*CHAT, *map(str, server.getsockname()), "--name", "f"]
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet)
        times = []
        for _ in range(5):
            line, _ = server.accept()
            times.append(time.monotonic())
            with line:
                line.recv(100)
                line.sendall(b"SERVER: f joined the chat!\r\n")
        process.kill()
        process.wait()
    assert times[4] - times[3] > 1.4  # half a second the first time


def test_full_disk(daemon: Daemon) -> None:
    """A follower whose file can't be written ends with status 6."""
    with Path("/dev/full").open("wb") as full:
        words = [*CHAT, "127.0.0.1", str(daemon.port), "--name", "f"]
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=full, timeout=PATIENCE, check=False
        )
    assert done.returncode == 6


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&-"])
def test_closed_streams(daemon: Daemon, closed: str) -> None:
    """Standard output and error may be closed: the lines are said all the same."""
    drew = daemon.nc("drew")
    words = f"{' '.join(CHAT)} 127.0.0.1 {daemon.port} --name bot {closed}"
    process = subprocess.Popen(
        ["sh", "-c", f"exec {words}"], stdin=subprocess.PIPE, stdout=-3, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    drew.until("SERVER: bot joined the chat!")
    if "<" in closed:  # it follows
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 143
        return
    assert process.communicate(b"x\n", PATIENCE)[1] == b""
    assert process.returncode == 0
    drew.until("bot: BCST x")


@pytest.mark.parametrize("after", [0.0, 0.1, 0.3])
def test_interrupted_while_starting(after: float) -> None:
    """Ctrl-C ends it without a word, however early: here while its modules are loaded."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = str(silent.getsockname()[1])
        command = [*CHAT, "127.0.0.1", port]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        # The interpreter's own start is not ours; what Twisted stands on is loaded by what is.
        loaded = Path(f"/proc/{process.pid}/maps")
        wait_for(lambda: "_zope_interface" in loaded.read_text(), loaded.read_text)
        time.sleep(after)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr is not None
        assert process.stderr.read().strip() == b""


def test_terminated(tmp_path: Path) -> None:
    """After a TERM signal the status is 143; of the server nothing is said, but of the lines
    that have not arrived."""
    with running(tmp_path, "[limits]\nlines_per_second = 1\nburst_lines = 2\n") as daemon:
        bot = subprocess.Popen(
            [*CHAT, "127.0.0.1", str(daemon.port), "--name", "bot"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert bot.stdin is not None
        assert bot.stdout is not None
        bot.stdin.write("x\n" * 60)
        bot.stdin.flush()
        while "You: x" not in bot.stdout.readline():
            pass
        bot.send_signal(signal.SIGTERM)
        err = bot.communicate(timeout=PATIENCE)[1]
    assert bot.returncode == 143
    assert err.endswith(" lines have not arrived, or not for certain.\n")
    assert err.count("\n") == 1


def test_empty_input(daemon: Daemon) -> None:
    """grep … log | chat … that finds nothing ends, and says nothing."""
    drew = daemon.nc("drew")
    done = chat(daemon, "--name", "bot")
    assert done.returncode == 0
    assert not [line for line in drew.until("bot has left the chat") if "BCST" in line]


def test_files(daemon: Daemon, tmp_path: Path) -> None:
    """Standard input and output may be files."""
    (tmp_path / "in").write_text("one\ntwo\n")
    with (tmp_path / "in").open() as lines, (tmp_path / "out").open("w") as out:
        done = subprocess.run(
            [*CHAT, "127.0.0.1", str(daemon.port), "--name", "bot", "--no-time"],
            stdin=lines,
            stdout=out,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 0
    assert (tmp_path / "out").read_text().endswith("You: one\nYou: two\n")


def test_log(daemon: Daemon, tmp_path: Path) -> None:
    """--log FILE appends the conversation, each line with its date."""
    for line in ("one", "two"):
        chat(daemon, "--name", "bot", "--log", str(tmp_path / "log"), lines=f"{line}\n")
    lines = (tmp_path / "log").read_text().splitlines()
    assert [line[20:] for line in lines] == [
        "You are in the chat as bot.",
        "You: one",
        "You are in the chat as bot.",
        "You: two",
    ]
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", line) for line in lines)


def test_unix_socket(tmp_path: Path) -> None:
    """An endpoint string takes the place of HOST and PORT."""
    path = tmp_path / "socket"
    daemon = Daemon(tmp_path, listen=f"unix:{path}")
    daemon.is_up = path.exists  # type: ignore[method-assign]
    daemon.start()
    done = subprocess.run(
        [*CHAT, f"unix:{path}", "--name", "bot"], input=b"x\n", timeout=PATIENCE, check=False
    )
    assert done.returncode == 0
    daemon.stop()


def test_input_is_left_as_it_was(daemon: Daemon) -> None:
    """Whoever shares our input and output finds them blocking, as before."""
    read, write = os.pipe()
    words = [*CHAT, "127.0.0.1", str(daemon.port), "--name", "bot"]
    drew = daemon.nc("drew")
    process = subprocess.Popen(words, stdin=read, stdout=write)
    drew.until("SERVER: bot joined the chat!")
    assert not os.get_blocking(write)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 130
    assert os.get_blocking(read)
    assert os.get_blocking(write)
    os.close(read)
    os.close(write)
