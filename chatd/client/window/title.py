"""The title of the window: where we are, and how many lines nobody has looked at."""

import tkinter as tk

TITLE = "chatd"


class Title:
    """While the window has no focus, lines are unread."""

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._where = ""
        self._unread = 0
        self._called = False
        self._is_looked_at = True

    def tell(self, where: str) -> None:
        """Under which name in which room; empty: in none."""
        self._where = where
        if not where:
            self._unread, self._called = 0, False
        self._write()

    def came(self, calls: bool) -> None:
        """A line. ``calls``: whether somebody wants something of us."""
        if not self._is_looked_at:
            self._unread += 1
            self._called = self._called or calls
            self._write()

    def looked_at(self, looked_at: bool) -> None:
        """Whether this is the window that somebody types into."""
        self._is_looked_at = looked_at
        if looked_at and self._unread:
            self._unread, self._called = 0, False
            self._write()

    def _write(self) -> None:
        unread = f"({self._unread}{'!' if self._called else ''}) " if self._unread else ""
        title = f"{unread}{self._where or TITLE}"
        if title != self._root.title():
            self._root.title(title)
