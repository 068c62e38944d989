"""A history in the real daemon: what it keeps, shows, and leaves alone."""

import os
import re
import signal
import sqlite3
from pathlib import Path

from tests.integration.daemon import (
    ANYWHERE,
    Daemon,
    Peer,
    running,
    twistd,
    wait_for,
    write_config,
)

KEPT = '[limits]\nlines_per_second = 0\n[history]\nlines = 1000\nfile = "chat.history"\n'
_SHOWN = re.compile(r"HIST \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (\S+: BCST .*)")


def joined(daemon: Daemon, name: str) -> Peer:
    """Somebody who is in, and has been told of the history."""
    peer = daemon.peer()
    peer.say(f"JOIN {name}")
    while "keeps what is said" not in peer.line():
        pass
    return peer


def shown(peer: Peer, words: str) -> list[str]:
    """The answer to HIST."""
    peer.say(f"HIST {words}")
    lines = iter(peer.line, "HIST end")
    return [match[1] for line in lines if (match := _SHOWN.fullmatch(line))]


def intact(path: Path) -> bool:
    """Whether SQLite finds nothing wrong."""
    connection = sqlite3.connect(path)
    try:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    finally:
        connection.close()


def test_what_was_said_is_there_after_a_restart(tmp_path: Path) -> None:
    """Private lines are not; the newest lines are shown to a newcomer, if the config says so."""
    with running(tmp_path, KEPT) as daemon:
        dani, drew = joined(daemon, "dani"), joined(daemon, "drew")
        dani.say("BCST hello", "MESG drew psst", "BCST 日本語のテキスト")
        assert shown(dani, "10") == ["dani: BCST hello", "dani: BCST 日本語のテキスト"]
        drew.say("BCST last words")
        assert drew.heard()
    with running(tmp_path, KEPT + "replay = 2\n") as daemon:
        zoe = daemon.peer()
        zoe.say("JOIN zoe", "LIST")
        told = list(iter(zoe.line, "Online: zoe"))
        assert told[0] == "SERVER: zoe joined the chat!"
        assert "RECORD off" in told[1]
        replayed = [match[1] for line in told if (match := _SHOWN.fullmatch(line))]
        assert replayed == ["dani: BCST 日本語のテキスト", "drew: BCST last words"]
        assert shown(zoe, "search 本語の") == ["dani: BCST 日本語のテキスト"]
        assert shown(zoe, "search ps") == []
        assert len(shown(zoe, "since 2026-01-01")) == 3
    assert b"psst" not in (tmp_path / "chat.history").read_bytes()
    assert intact(tmp_path / "chat.history")


def test_who_wants_no_record(tmp_path: Path) -> None:
    """Not a byte of what they say is in any file, nor of what they had forgotten."""
    with running(tmp_path, KEPT) as daemon:
        dani, drew = joined(daemon, "dani"), joined(daemon, "drew")
        drew.say("BCST plughkept")
        dani.say("BCST xyzzyforgotten")
        dani.heard()
        assert len(shown(drew, "10")) == 2
        dani.say("RECORD forget", "RECORD off", "BCST xyzzyunrecorded")
        while dani.line() != "dani: BCST xyzzyunrecorded":
            pass
        assert shown(drew, "10") == ["drew: BCST plughkept"]
        assert "xyzzy" not in everything(tmp_path)
    assert "xyzzy" not in everything(tmp_path)
    assert "plughkept" in everything(tmp_path)


def everything(where: Path) -> str:
    return "".join(one.read_bytes().decode("latin-1") for one in where.iterdir() if one.is_file())


def test_two_daemons(tmp_path: Path) -> None:
    """The second one for a file is refused in words, in the background before it goes there."""
    with running(tmp_path, KEPT) as daemon:
        assert daemon.port  # it runs, so the file is its own
        other = tmp_path / "other.toml"
        other.write_text(ANYWHERE + KEPT, encoding="utf-8")
        for words in (("-n", "--pidfile="), ("--pidfile=other.pid", "--logfile=other.log")):
            done = twistd(tmp_path, *words, "chatd", f"--config={other}")
            assert done.returncode == 1
            assert "another chatd keeps its history in" in done.stderr + done.stdout


def test_a_broken_file(tmp_path: Path) -> None:
    """Goes aside, and its new name is in the log; the chat does not wait."""
    (tmp_path / "chat.history").write_bytes(b"nonsense" * 1000)
    with running(tmp_path, KEPT) as daemon:
        dani = joined(daemon, "dani")
        dani.say("BCST hello")
        assert shown(dani, "10") == ["dani: BCST hello"]
        aside = Path(daemon.logged(r"it is now (\S+), and a new one is begun")[1])
    assert aside.read_bytes() == b"nonsense" * 1000
    assert intact(tmp_path / "chat.history")


def test_a_reader_who_takes_their_time(tmp_path: Path) -> None:
    """A long answer waits for them, and does not get them let go."""
    config = KEPT.replace("lines = 1000", "lines = 5000")
    with running(tmp_path, config.replace("[limits]", "[limits]\noutbox_bytes = 20000")) as daemon:
        dani, slow = joined(daemon, "dani"), joined(daemon, "slow")
        said = [f"{number:4} " + "x" * 900 for number in range(5000)]
        for line in said:
            dani.say(f"BCST {line}")
            dani.line()
            slow.line()
        slow.say("HIST 5000")
        wait_for(lambda: shown(dani, "1"), lambda: "an answer to somebody else")
        found = [match[1] for line in iter(slow.line, "HIST end") if (match := _SHOWN.match(line))]
        assert found == [f"dani: BCST {line}" for line in said]


def test_a_history_in_memory(tmp_path: Path) -> None:
    """Keeps the same promises while the daemon runs, and leaves no file."""
    with running(tmp_path, "[history]\nlines = 3\n") as daemon:
        dani = joined(daemon, "dani")
        dani.say(*(f"BCST {number}" for number in range(5)))
        assert shown(dani, "10") == [f"dani: BCST {number}" for number in (2, 3, 4)]
        dani.say("RECORD forget")
        assert shown(dani, "10") == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["chatd.toml", "screen"]


def test_reloading(tmp_path: Path) -> None:
    """How much is kept changes at once; where it is kept, at the next start, and that is said."""
    with running(tmp_path, KEPT) as daemon:
        dani = joined(daemon, "dani")
        dani.say(*(f"BCST {number}" for number in range(10)))
        assert len(shown(dani, "100")) == 10
        changed = KEPT.replace("lines = 1000", "lines = 3\nreplay = 2").replace("chat.h", "new.h")
        write_config(tmp_path, changed)
        os.kill(daemon.pid, signal.SIGHUP)
        daemon.logged(r"Not changed before a restart: \[history\] file")
        assert shown(dani, "100") == ["dani: BCST 7", "dani: BCST 8", "dani: BCST 9"]
        drew = joined(daemon, "drew")
        replayed = [
            match[1] for line in iter(drew.line, "HIST end") if (match := _SHOWN.match(line))
        ]
        assert replayed == ["dani: BCST 8", "dani: BCST 9"]
