"""What prompt_toolkit needs of us: the terminal as we want it, and what was typed before."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from prompt_toolkit.history import FileHistory
from prompt_toolkit.output.vt100 import Vt100_Output

HISTORY_BYTES = 200_000
"""A longer history of typed lines is cut to half of that at the start."""


class History(FileHistory):
    """Typed lines, across runs, for their owner's eyes alone."""

    def __init__(self, path: Path) -> None:
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            data = path.read_bytes()
            if len(data) > HISTORY_BYTES:
                path.write_bytes(data[data.find(b"\n# ", len(data) - HISTORY_BYTES // 2) :])
        super().__init__(str(path))

    def load_history_strings(self) -> Any:
        """What was typed before; nothing if it can't be read."""
        with suppress(OSError):
            return super().load_history_strings()
        return []

    def store_string(self, string: str) -> None:
        """Keep a line; a full disk, or what is no text, is no reason to stop talking."""
        with suppress(OSError, UnicodeError):
            super().store_string(string)


class Paper(Vt100_Output):
    """The terminal. Drawing the input line anew would switch bracketed paste off and on for
    each line that arrives, and a paste in between would be sent unasked: it stays on."""

    def disable_bracketed_paste(self) -> None:
        """Not yet."""

    def give_back(self) -> None:
        """Now."""
        super().disable_bracketed_paste()
        self.flush()

    @classmethod
    def of_this_terminal(cls) -> "Paper":
        """The one that standard output is."""
        paper = cls.from_pty(sys.stdout, term=os.environ.get("TERM"))
        assert isinstance(paper, Paper)
        return paper
