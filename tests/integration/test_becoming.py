"""A daemon that is started by root and becomes somebody else: `twistd --uid`."""

import os
import pwd
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.daemon import in_background, wait_for
from tests.integration.test_reloading import reload

LOG = '[log]\nfile = "logs/chat.log"\n'


@pytest.fixture
def where() -> Iterator[Path]:
    """A directory of nobody's. (Those that pytest makes are root's, and nobody else gets in.)"""
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        (where / "logs").mkdir()
        for place in (where, where / "logs"):
            os.chown(place, nobody.pw_uid, nobody.pw_gid)
        yield where


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_becoming_nobody(where: Path) -> None:
    """The log is theirs and really put aside; a reload works; the pid file is gone in the end."""
    nobody = pwd.getpwnam("nobody")
    log = where / "logs" / "chat.log"
    with in_background(where, LOG, ["--uid=nobody"], "logs/chat.log") as daemon:
        status = Path(f"/proc/{daemon.pid}/status").read_text()
        assert f"Uid:\t{nobody.pw_uid}\t{nobody.pw_uid}\t" in status
        assert f"Gid:\t{nobody.pw_gid}\t{nobody.pw_gid}\t" in status
        dani = daemon.person("dani")
        for number in (1, 2):
            os.kill(daemon.pid, signal.SIGUSR1)
            wait_for(Path(f"{log}.{number}").exists, lambda: "a log put aside")
            assert reload(daemon, where, LOG + f"[room]\nmax_users = {number}\n").startswith(
                "taken"
            )
        assert {file.owner() for file in log.parent.iterdir()} == {"nobody"}
        assert "Server is listening" in Path(f"{log}.2").read_text()
        assert dani.answers("LIST") == ["Online: dani"]
        assert reload(daemon, where, '[log]\nfile = "/etc/chat.log"\n') == (
            "not taken, nothing has changed: [log] file: cannot log to /etc/chat.log:"
            " Permission denied"
        )
        assert reload(daemon, where, LOG + '[line]\nlisten = ["tcp:23"]\n').endswith(
            "cannot listen at tcp:23: Permission denied"
        )
        dani.close()
        daemon.logged("dani has left the chat: ")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_what_nobody_may_not_read(where: Path) -> None:
    """Is in the log from the start, and not only when a reload is wanted."""
    names = where / "names"
    names.touch(0o600)
    names_file = LOG + '[names]\nfile = "names"\n'
    with in_background(where, names_file, ["--uid=nobody"], "logs/chat.log") as daemon:
        daemon.logged(f"A reload could not take the config: .*{names} cannot be read: Permission")
        assert "cannot be read: Permission denied" in reload(daemon, where, names_file)
        daemon.person("dani").close()
        daemon.logged("dani has left the chat: ")
    os.chmod(names, 0o644)
    (where / "logs" / "chat.log").unlink()
    with in_background(where, names_file, ["--uid=nobody"], "logs/chat.log") as daemon:
        daemon.person("drew").close()
        daemon.logged("drew has left the chat: ")
        assert daemon.log_text().count("A reload could not") == 0
