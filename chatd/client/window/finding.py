"""Ctrl-F: looking for words in what was said."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from chatd.client.window.looks import Looks


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
        self._look(str(found[0]) if found else "end", backwards=True)

    def newer(self) -> None:
        """The next one below, and after the last line the first one again."""
        found = self._text.tag_ranges("found")
        self._look(str(found[1]) if found else "1.0", backwards=False)

    def _look(self, start: str, backwards: bool) -> None:
        words = self.field.get()
        if not self.is_open or not words:
            return
        length = tk.IntVar(self)
        at = self._text.search(words, start, backwards=backwards, nocase=True, count=length)
        self._text.tag_remove("found", "1.0", "end")
        self.told.configure(text="" if at else "not found")
        if at:
            self._text.tag_add("found", at, f"{at}+{length.get()}c")
            self._text.see(at)
