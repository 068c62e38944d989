"""Whether the terminal shows what is typed."""

import sys
from contextlib import suppress


class Echo:
    """Of standard input, where that is a terminal."""

    def __init__(self) -> None:
        self._shown = True

    def show(self, shown: bool) -> None:
        """Show what is typed from now on, or don't."""
        if shown is self._shown or sys.platform == "win32":
            return
        import termios

        self._shown = shown
        with suppress(termios.error, OSError):
            mode = termios.tcgetattr(0)
            mode[3] = mode[3] | termios.ECHO if shown else mode[3] & ~termios.ECHO
            termios.tcsetattr(0, termios.TCSANOW, mode)
