"""The rooms used before, on the first page."""

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk

from chatd.client.window.looks import Looks
from chatd.client.window.remembered import Place


class Rooms(ttk.Frame):
    """``picked`` is told a place that was marked, and whether that may be is its answer;
    ``go``: to the one marked last; ``forget_room``: off the list with it."""

    def __init__(self, parent: tk.Misc, looks: Looks) -> None:
        super().__init__(parent)
        self.picked: Callable[[Place], bool] = lambda _: False
        self.go: Callable[[], None] = lambda: None
        self.forget_room: Callable[[Place], None] = lambda _: None
        self.places: list[Place] = []
        ttk.Label(self, text="Rooms used before").pack(anchor="w")
        self.list = tk.Listbox(
            self, width=32, height=9, activestyle="dotbox", exportselection=False
        )
        self.list.pack(fill="both", expand=True)
        hint = "Enter goes there, Delete takes it off the list."
        ttk.Label(self, text=hint, style="Quiet.TLabel").pack(anchor="w", pady=(4, 0))
        self.list.bind("<<ListboxSelect>>", lambda _: self._pick())
        for key in ("<Return>", "<KP_Enter>", "<Double-Button-1>"):
            self.list.bind(key, lambda _: self._go())
        self.list.bind("<Delete>", lambda _: self._forget())
        self.list.bind("<FocusIn>", lambda _: self._mark_one())
        looks.follow(lambda: looks.dress_text(self.list, looks.theme.raised))

    def show(self, places: Sequence[Place]) -> None:
        """These; without any, it is not there."""
        self.places = list(places)
        self.list.delete(0, "end")
        self.list.insert("end", *(f" {place}" for place in self.places))
        (self.grid if self.places else self.grid_remove)()

    def _marked(self) -> Place | None:
        at = self.list.curselection()
        return self.places[at[0]] if at else None

    def _pick(self) -> bool:
        place = self._marked()
        return place is not None and self.picked(place)

    def _go(self) -> None:
        if self._pick():
            self.go()

    def _forget(self) -> None:
        if (place := self._marked()) is not None:
            self.forget_room(place)

    def _mark_one(self) -> None:
        if self.places and self._marked() is None:
            self.list.selection_set(0)
            self.list.activate(0)
            self._pick()
