"""``chat --gui``, as it is started."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.running import CHAT, PATIENCE, running, wait_for

pytest.importorskip("_tkinter", reason="this Python has no Tk: apt install python3-tk")

from tests.window.staging import display


def chat(folder: Path, *words: str, screen: str | None) -> "subprocess.Popen[str]":
    env = {**os.environ, "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    env.pop("DISPLAY", None)
    if screen is not None:
        env["DISPLAY"] = screen
    return subprocess.Popen(
        [*CHAT, "--gui", *words],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("screen", [None, ":987"])
def test_no_display(tmp_path: Path, screen: str | None) -> None:
    """Without a display, one line says so."""
    started = chat(tmp_path, screen=screen)
    said, _ = started.communicate(timeout=2 * PATIENCE)
    assert said.startswith("chat: there is no display to open a window on: ")
    assert (started.returncode, said.count("\n")) == (2, 1)


def test_no_tk() -> None:
    """Without Tk, one line says what to install."""
    script = (
        "import sys; sys.modules['tkinter'] = None\n"
        "from chatd.client.command import main; sys.exit(main(['--gui']))"
    )
    ran = subprocess.run(
        [sys.executable, "-P", "-c", script], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith("chat: the window needs Tk")
    assert "apt install python3-tk" in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_straight_into_the_room(tmp_path: Path) -> None:
    """With host and name it is in at once; when it is ended, the others see it leave."""
    with running(tmp_path) as daemon:
        drew = daemon.nc("drew")
        started = chat(tmp_path, "127.0.0.1", str(daemon.port), "--name", "dani", screen=display())
        drew.until("SERVER: dani joined the chat!")
        kept = tmp_path / "chatd" / "window.json"
        wait_for(kept.exists, lambda: "the room is not remembered")
        started.send_signal(signal.SIGTERM)
        drew.until("dani has left the chat")
        said, _ = started.communicate(timeout=2 * PATIENCE)
        assert (started.returncode, said) == (143, "")
        assert '"name": "dani"' in kept.read_text(encoding="utf-8")


def test_the_display_goes(tmp_path: Path) -> None:
    """A window whose display has gone ends, and leaves nothing running."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        screen = f":{told.readline().strip()}"
    with running(tmp_path) as daemon:
        drew = daemon.nc("drew")
        started = chat(tmp_path, "127.0.0.1", str(daemon.port), "--name", "dani", screen=screen)
        drew.until("SERVER: dani joined the chat!")
        server.terminate()
        server.wait(PATIENCE)
        drew.until("dani has left the chat")
        said, _ = started.communicate(timeout=2 * PATIENCE)
        assert started.returncode != 0
        assert "Traceback" not in said
