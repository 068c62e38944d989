"""Real programs, typed into through a pipe or a terminal, and what they have shown."""

import os
import pty
import select
import subprocess
from collections.abc import Sequence

from tests.integration.daemon import WITHIN, wait_for
from tests.tools import needed


class Screen:
    """A running program. ``terminal``: whether it sits in a terminal instead of pipes."""

    def __init__(self, command: Sequence[str], terminal: bool = False) -> None:
        self._shown = b""
        words = [needed(command[0]), *command[1:]]
        if terminal:
            self._keys, slave = pty.openpty()
            self._output = self._keys
            # setsid makes it the controlling terminal, so that Ctrl-C is one
            self._process = subprocess.Popen(
                [needed("setsid"), "--ctty", *words], stdin=slave, stdout=slave, stderr=slave
            )
            os.close(slave)
        else:
            stdin, self._keys = os.pipe()
            self._output, stdout = os.pipe()
            self._process = subprocess.Popen(words, stdin=stdin, stdout=stdout, stderr=stdout)
            os.close(stdin)
            os.close(stdout)

    def __enter__(self) -> "Screen":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for end in {self._keys, self._output} - {-1}:
            os.close(end)

    @property
    def text(self) -> str:
        """All that it has shown up to now."""
        while select.select([self._output], [], [], 0)[0]:
            try:
                data = os.read(self._output, 65536)
            except OSError:  # how a terminal says that nobody is left at its other end
                break
            if not data:
                break
            self._shown += data
        return self._shown.decode()

    def type(self, keys: str) -> None:
        """Type this, as it is."""
        os.write(self._keys, keys.encode())

    def end_input(self) -> None:
        """Close its input, as the end of a file or pipe does."""
        os.close(self._keys)
        self._keys = -1

    def shows(self, text: str, times: int = 1) -> None:
        """Wait until this has appeared so many times."""
        wait_for(lambda: self.text.count(text) >= times, lambda: f"{text!r} in {self.text!r}")

    def finish(self) -> str:
        """Wait until it ends by itself; gives all that it has shown."""
        self._process.wait(WITHIN)
        return self.text
