"""The bar at the top of the chat: what is wrong, or a question, with buttons to answer it.

In the window, and no dialog: a dialog of Tk's would stop the reactor while it is open.
"""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

import attrs

from chatd.client.window.looks import Looks

_NARROWEST = -7
"""Letters on a button, at least; Tk's own eleven push the last of three out of the window."""


@attrs.frozen
class Notice:
    """``answers``: words on buttons and what they do; the first is what Enter means.
    ``field``: there is a line to write into, which the buttons get; ``secret``: it shows
    dots. ``on_escape``: the way out, if there is one."""

    text: str
    answers: tuple[tuple[str, Callable[[str], object]], ...] = ()
    field: bool = False
    secret: bool = False
    on_escape: Callable[[], object] | None = None

    def reads_like(self, other: "Notice | None") -> bool:
        """Whether somebody would see no difference."""
        return other is not None and self._seen == other._seen

    @property
    def _seen(self) -> tuple[object, ...]:
        return (self.text, self.field, self.secret, [word for word, _ in self.answers])


class NoticeBar(ttk.Frame):
    """Takes no room while there is nothing to tell. ``back``: where the focus goes then."""

    def __init__(self, parent: tk.Misc, looks: Looks, back: Callable[[], None]) -> None:
        super().__init__(parent, style="Notice.TFrame", padding=(12, 6))
        self.shown: Notice | None = None
        self.label = ttk.Label(self, style="Notice.TLabel", anchor="w")
        self.field = ttk.Entry(self, width=24, font=looks.text)
        self.buttons: list[ttk.Button] = []
        self._back_to = back
        self.label.pack(side="left", fill="x", expand=True)
        for key in ("<Return>", "<KP_Enter>"):
            self.field.bind(key, lambda _: self.answer())
        self.bind("<Configure>", lambda event: self._wrap(event.width))

    def show(self, notice: Notice | None) -> None:
        """Tell this, and nothing else."""
        if notice is None:
            return self._clear()
        if notice.reads_like(self.shown):
            return None
        self._clear(keep_focus=True)
        self.shown = notice
        self.label.configure(text=notice.text)
        self._put_buttons(notice)
        if notice.field:
            self.field.configure(show="•" if notice.secret else "")
            self.field.pack(side="left", padx=(0, 6), before=self.buttons[0])
        if self.winfo_width() > 1:  # else it is not known yet
            self._wrap(self.winfo_width())
        return self.grid()

    def focus_answer(self) -> None:
        """To the keyboard: the field, or the first button."""
        if self.shown is not None and self.shown.field:
            self.field.focus_set()
        elif self.buttons:
            self.buttons[0].focus_set()

    def answer(self, number: int = 0) -> None:
        """As if the button was pressed."""
        if self.shown is not None and self.shown.answers:
            self.shown.answers[number][1](self.field.get())

    def escape(self) -> bool:
        """Whether there was something to get out of."""
        if self.shown is None or self.shown.on_escape is None:
            return False
        self.shown.on_escape()
        return True

    def _put_buttons(self, notice: Notice) -> None:
        for number, (word, _) in enumerate(notice.answers):
            press = partial(self.answer, number)
            button = ttk.Button(self, text=word, command=press, width=_NARROWEST)
            for key in ("<Return>", "<KP_Enter>"):
                button.bind(key, lambda _, press=press: press())
            button.pack(side="left", padx=(6, 0))
            self.buttons.append(button)

    def _clear(self, keep_focus: bool = False) -> None:
        if self.shown is None:
            return
        had_focus = str(self.focus_get() or "").startswith(str(self))
        self.shown = None
        for button in self.buttons:
            button.destroy()
        self.buttons.clear()
        self.field.delete(0, "end")
        self.field.pack_forget()
        self.grid_remove()
        if had_focus and not keep_focus:
            self._back_to()

    def _wrap(self, width: int) -> None:
        rest = sum(button.winfo_reqwidth() + 6 for button in self.buttons)
        if self.shown is not None and self.shown.field:
            rest += self.field.winfo_reqwidth()
        self.label.configure(wraplength=max(80, width - rest - 40))
