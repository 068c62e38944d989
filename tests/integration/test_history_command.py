"""``chatd history``, beside the daemon that writes to the same file."""

import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.daemon import CHATD, UNHURRIED, Daemon, Peer, running, wait_for

KEPT = f'{UNHURRIED}[history]\nlines = 100000\nfile = "kept.db"\n'


def chatd(folder: Path, *words: str, status: int = 0) -> str:
    """What `chatd history` prints; where it fails, what it says."""
    done = subprocess.run(
        [CHATD, "history", *words],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
    )
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if status else done.stdout


def texts(folder: Path, *words: str, file: str = "kept.db") -> list[str]:
    lines = chatd(folder, "export", file, "--format", "jsonl", *words).splitlines()
    return [json.loads(line)["text"] for line in lines]


def said(peer: Peer, *lines: str) -> None:
    """Say it, and wait until it is in the file."""
    peer.say(*(f"BCST {line}" for line in lines), "HIST 1")
    while peer.line() != "HIST end":
        pass


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    with running(tmp_path, KEPT) as one:
        yield one


def test_out_of_a_running_daemon(daemon: Daemon, tmp_path: Path) -> None:
    """Everything that was said comes out while people talk on, in each form."""
    dani, drew = daemon.person("dani"), daemon.person("drew")
    said(dani, "tea <b>", "=1+1", "お茶をどうぞ")
    said(drew, "milk")
    assert texts(tmp_path) == ["tea <b>", "=1+1", "お茶をどうぞ", "milk"]
    assert texts(tmp_path, "--name", "DREW") == ["milk"]
    assert texts(tmp_path, "--until", "yesterday") == []
    assert "drew: milk\n" in chatd(tmp_path, "export", "--config", "chatd.toml")
    assert ",dani,'=1+1\r\n" in subprocess.run(
        [CHATD, "history", "export", "kept.db", "--format", "csv"],
        cwd=tmp_path, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    chatd(tmp_path, "export", "kept.db", "--format", "html", "--out", "out.html")
    assert "tea &lt;b&gt;" in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert (tmp_path / "out.html").stat().st_mode & 0o077 == 0
    assert chatd(tmp_path, "search", "kept.db", "茶").endswith("dani: お茶をどうぞ\n")
    assert "lines: 4\n" in chatd(tmp_path, "stats", "kept.db")


def test_less_of_it_and_more_of_it(daemon: Daemon, tmp_path: Path) -> None:
    """What is pruned, or taken in, beside a running daemon is gone from HIST, or in it."""
    dani = daemon.person("dani")
    for number in range(10):
        said(dani, str(number))
    pruned = chatd(tmp_path, "prune", "kept.db", "--keep", "3")
    assert pruned == "Lines removed: 7; left: 3.\n"
    dani.say("BCST now", "HIST 100")
    last = [line.rpartition(" ")[2] for line in dani.lines(6)]
    assert last == ["now", "7", "8", "9", "now", "end"]
    old = '{"at":"2020-01-01T00:00:00.000Z","speaker":"eve","text":"long ago"}\n'
    (tmp_path / "old.jsonl").write_text(old)
    assert chatd(tmp_path, "import", "kept.db", "old.jsonl") == "Lines taken in: 1.\n"
    assert "Lines taken in: 0." in chatd(tmp_path, "import", "kept.db", "old.jsonl")
    dani.say("HIST 100")
    assert dani.line() == "HIST 2020-01-01T00:00:00Z eve: BCST long ago"
    assert [line.rpartition(" ")[2] for line in dani.lines(5)] == ["7", "8", "9", "now", "end"]
    dani.say("HIST search long ago")
    assert dani.line() == "HIST 2020-01-01T00:00:00Z eve: BCST long ago"


def test_while_everybody_talks(daemon: Daemon, tmp_path: Path) -> None:
    """Pruning, importing and exporting again and again loses nothing that is being said, and
    stops nobody."""
    dani = daemon.person("dani")
    old = '{"at":"2020-01-01T00:00:%02d.000Z","speaker":"eve","text":"old %d"}\n'
    (tmp_path / "old.jsonl").write_text("".join(old % (n % 60, n) for n in range(60)))
    done = threading.Event()

    def talk() -> None:
        for number in range(1000):
            said(dani, f"line {number}")
        done.set()

    talking = threading.Thread(target=talk)
    talking.start()
    while not done.is_set():
        chatd(tmp_path, "import", "kept.db", "old.jsonl")
        texts(tmp_path)
        chatd(tmp_path, "prune", "kept.db", "--name", "eve")
    talking.join()
    assert texts(tmp_path) == [f"line {number}" for number in range(1000)]
    with sqlite3.connect(tmp_path / "kept.db") as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_there_and_back(daemon: Daemon, tmp_path: Path) -> None:
    """An export makes a new file with the same lines, in the same order."""
    dani = daemon.person("dani")
    said(dani, "a", "b", "a", "\tc  ", "漢字 😀")
    chatd(tmp_path, "export", "kept.db", "--format", "jsonl", "--out", "out.jsonl")
    chatd(tmp_path, "import", "new.db", "out.jsonl")
    assert (tmp_path / "new.db").stat().st_mode & 0o077 == 0
    assert chatd(tmp_path, "export", "new.db", "--format", "jsonl") == (
        tmp_path / "out.jsonl"
    ).read_text(encoding="utf-8")


def test_an_import_that_is_refused(tmp_path: Path) -> None:
    """Leaves no new file behind; one that was there is as it was."""
    (tmp_path / "wrong.jsonl").write_text("nonsense\n")
    assert "line 1 is no line" in chatd(tmp_path, "import", "new.db", "wrong.jsonl", status=1)
    assert [one.name for one in tmp_path.iterdir()] == ["wrong.jsonl"]


def test_an_export_over_something_else(tmp_path: Path) -> None:
    """The history itself, under whatever name, and what is no file, such as a device, stay."""
    line = '{"at":"2020-01-01T00:00:00.000Z","speaker":"eve","text":"long ago"}\n'
    (tmp_path / "old.jsonl").write_text(line)
    chatd(tmp_path, "import", "kept.db", "old.jsonl")
    (tmp_path / "link.db").symlink_to("kept.db")
    os.mkfifo(tmp_path / "pipe")
    for place in ("kept.db", "./kept.db", "link.db"):
        wrong = chatd(tmp_path, "export", "kept.db", "--out", place, status=1)
        assert "is the history itself" in wrong
    assert "is no file" in chatd(tmp_path, "export", "kept.db", "--out", "pipe", status=1)
    assert (tmp_path / "pipe").is_fifo()
    assert texts(tmp_path) == ["long ago"]


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE other (x)")


def _later(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA application_id = 0x63686174")
        file.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize("what", ["export", "search", "stats", "prune"])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: None, "there is no file"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(b"nonsense" * 1000), "is damaged, or no history"),
        (lambda path: path.mkdir(), "is no file"),
        (_foreign, "is a database of another program"),
        (_later, "was written by a later chatd"),
    ],
)
def test_what_is_no_history(tmp_path: Path, what: str, make: object, said: str) -> None:
    """One sentence, status 1, and nothing is made or changed."""
    assert callable(make)
    make(tmp_path / "x.db")
    before = {one: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()}
    words = {"search": ["tea"], "prune": ["--keep", "1"]}.get(what, [])
    complaint = chatd(tmp_path, what, "x.db", *words, status=1)
    assert said in complaint
    assert complaint.count("\n") == 1
    assert {one: one.read_bytes() for one in tmp_path.iterdir() if one.is_file()} == before


def test_nobody_reads_on(daemon: Daemon, tmp_path: Path) -> None:
    """`chatd history export … | head -1` ends without complaint."""
    dani = daemon.person("dani")
    said(dani, *("x" * 900 for _ in range(1000)))
    script = f"{CHATD} history export kept.db | head -1"
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("dani: " + "x" * 900 + "\n")
    assert done.stderr == ""


def test_no_room_for_it(daemon: Daemon, tmp_path: Path) -> None:
    """A full disk is said in words, and an export that was there stays as it was."""
    said(daemon.person("dani"), "tea")
    done = subprocess.run(
        ["env", "-u", "PYTHONUNBUFFERED", "sh", "-c", f"{CHATD} history export kept.db >/dev/full"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "chatd: cannot write: No space left on device\n")
    (tmp_path / "out").write_text("precious")
    shutil.copy(tmp_path / "kept.db", tmp_path / "broken.db")
    with (tmp_path / "broken.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 8)
    chatd(tmp_path, "export", "broken.db", "--out", "out", status=1)
    assert (tmp_path / "out").read_text() == "precious"
    assert not (tmp_path / "out.part").exists()


def test_after_the_daemon(tmp_path: Path) -> None:
    """It works as well when no daemon runs, and a daemon that starts then finds all."""
    with running(tmp_path, KEPT) as daemon:
        said(daemon.person("dani"), "tea")
    assert texts(tmp_path) == ["tea"]
    with running(tmp_path, KEPT) as daemon:
        dani = daemon.person("dani")
        dani.say("HIST 5")
        wait_for(lambda: dani.line().endswith("dani: BCST tea"), lambda: "the line of before")
