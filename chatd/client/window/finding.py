"""Ctrl-F: looking for words in what was said."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from chatd.client.window.looks import Looks
from chatd.client.window.seeking import seek


class FindBar(ttk.Frame):
    """Takes no room while it is not wanted. ``back``: where the focus goes then."""

    def __init__(
        self, parent: tk.Misc, looks: Looks, text: tk.Text, back: Callable[[], None]
    ) -> None:
        super().__init__(parent, padding=(0, 6, 0, 0))
        self._text = text
        self._back_to = back
        self.field = ttk.Entry(self, font=looks.text)
        self.told = ttk.Label(self, style="Quiet.TLabel")
        ttk.Label(self, text="Find").pack(side="left", padx=(0, 8))
        self.field.pack(side="left", fill="x", expand=True)
        self.told.pack(side="left", padx=8)
        for word, act in (("Older", self.older), ("Newer", self.newer), ("Close", self.close)):
            ttk.Button(self, text=word, command=act).pack(side="left", padx=(6, 0))
        self.field.bind("<Return>", lambda _: self.older())
        self.field.bind("<Shift-Return>", lambda _: self.newer())
        self.bind_all("<F3>", lambda _: self.older())
        self.bind_all("<Shift-F3>", lambda _: self.newer())

    def open(self) -> None:
        """Ask for the words."""
        self.grid()
        self.field.focus_set()
        self.field.selection_range(0, "end")

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen."""
        return bool(self.winfo_manager())

    def close(self) -> None:
        """No more of it."""
        self._text.tag_remove("found", "1.0", "end")
        self.told.configure(text="")
        self.grid_remove()
        self._back_to()

    def older(self) -> None:
        """The next one above, and after the first line the last one again."""
        found = self._text.tag_ranges("found")
        self._look(str(found[0]) if found else "end-1c", upwards=True)

    def newer(self) -> None:
        """The next one below, and after the last line the first one again."""
        found = self._text.tag_ranges("found")
        self._look(str(found[1]) if found else "1.0", upwards=False)

    def _look(self, start: str, upwards: bool) -> None:
        words = self.field.get()
        if not self.is_open or not words:
            return
        line = int(self._text.index(start).split(".")[0])
        here = (line - 1, len(self._seen(f"{line}.0", start)))
        at = seek(self._seen("1.0", "end-1c").split("\n"), words, here, upwards)
        self._text.tag_remove("found", "1.0", "end")
        self.told.configure(text="" if at else "not found")
        if at:
            self._mark(*at)

    def _mark(self, line: int, start: int, end: int) -> None:
        seen = self._seen(f"{line + 1}.0", f"{line + 1}.end")
        first, last = (self._index(line, seen[:column]) for column in (start, end))
        self._text.tag_add("found", first, last)
        self._text.see(first)

    def _seen(self, start: str, end: str) -> str:
        # Without the times, if these are hidden.
        return str(self._text.tk.call(self._text, "get", "-displaychars", start, end))

    def _index(self, line: int, before: str) -> str:
        # To some Tks an emoji is one character, to others it is two.
        index = f"{line + 1}.0 + {len(before)} display chars"
        if self._seen(f"{line + 1}.0", index) == before:
            return index
        return f"{line + 1}.0 + {len(before.encode('utf-16-le')) // 2} display chars"
