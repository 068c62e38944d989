"""A window and a daemon for each test."""

import tempfile
from pathlib import Path

import pytest
from twisted.trial.unittest import TestCase

pytest.importorskip("_tkinter", reason="this Python has no Tk: apt install python3-tk")

from tests.client.running import Daemon
from tests.window.staging import Stage

ROOMY = """
[limits]
lines_per_second = 0
outbox_bytes = 8388608
[room]
max_users = 0
"""


class WindowCase(TestCase):
    """``config``: the daemon's."""

    timeout = 120
    config = ROOMY

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.daemon = Daemon(self.folder, self.config).start()
        self.addCleanup(self.daemon.stop)
        self.stage = Stage(self.folder)
        self.addCleanup(self.stage.strike)
