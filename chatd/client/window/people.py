"""Who is here, in order of joining."""

import tkinter as tk
from collections.abc import Callable, Iterable
from tkinter import ttk

from chatd.client.fact_words import name
from chatd.client.window.looks import Looks
from chatd.client.window.theme import name_colours

WIDEST = 18
"""Letters."""
SHARE = 5
"""The list takes no more than one of so many parts of the window."""


class People(ttk.Frame):
    """``chosen`` is told a name that was double-clicked, or had Enter pressed on it."""

    def __init__(self, parent: tk.Misc, looks: Looks) -> None:
        super().__init__(parent)
        self.chosen: Callable[[str], None] = lambda _: None
        self.names: tuple[str, ...] = ()
        self._looks = looks
        self._room = 0
        self.heading = ttk.Label(self, style="Heading.TLabel", padding=(4, 0, 0, 4))
        self.list = tk.Listbox(
            self, width=WIDEST, height=1, activestyle="dotbox", exportselection=False
        )
        self._bar = ttk.Scrollbar(self, command=self.list.yview, takefocus=False)
        self.list.configure(yscrollcommand=self._scrolled)
        self.heading.pack(side="top", anchor="w")
        self.list.pack(side="left", fill="both", expand=True)
        for event in ("<Double-Button-1>", "<Return>", "<KP_Enter>"):
            self.list.bind(event, lambda _: self._choose())
        self.list.bind("<FocusIn>", lambda _: self._mark_one())
        looks.follow(self._dress)

    def show(self, names: Iterable[str]) -> None:
        """These, and nobody else."""
        names = tuple(names)
        if names == self.names:
            return
        marked = self._marked()
        self.names = names
        self.list.delete(0, "end")
        self.list.insert("end", *(f" {name(shown)[1]}" for shown in names))
        self._colour()
        self.heading.configure(text=f"{len(names)} here")
        if marked in names:
            self._mark(names.index(marked))

    def fit(self, room: int) -> None:
        """Leave the chat its part of a window that is so wide."""
        self._room = room
        letters = room // SHARE // self._looks.text.measure("n")
        if room > 1:
            self.list.configure(width=max(4, min(WIDEST, letters)))

    def _scrolled(self, first: float | str, last: float | str) -> None:
        self._bar.set(float(first), float(last))
        if float(first) <= 0 and float(last) >= 1:
            self._bar.pack_forget()
        else:
            self._bar.pack(side="right", fill="y", before=self.list)

    def _marked(self) -> str:
        at = self.list.curselection()
        return self.names[at[0]] if at else ""

    def _mark(self, index: int) -> None:
        self.list.selection_set(index)
        self.list.activate(index)

    def _mark_one(self) -> None:
        if self.names and not self._marked():
            self._mark(0)

    def _choose(self) -> None:
        if marked := self._marked():
            self.chosen(marked)

    def _colour(self) -> None:
        colours = name_colours(self._looks.theme)
        for index, shown in enumerate(self.names):
            colour = colours[int(name(shown)[0].removeprefix("name-"))]
            self.list.itemconfigure(index, foreground=colour)

    def _dress(self) -> None:
        self._looks.dress_text(self.list, self._looks.theme.surface)
        self.fit(self._room)
        self._colour()
