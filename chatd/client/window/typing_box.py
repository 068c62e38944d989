"""Where one types: a few lines high at most, with what was typed before, Tab, and a limit."""

import tkinter as tk
from collections.abc import Callable, Iterable
from typing import Any

from chatd.client import measuring
from chatd.client.completion import complete
from chatd.client.password import is_secret
from chatd.client.window.looks import Looks

TALLEST = 6
"""Lines; more of them scroll."""
REMEMBERED = 500
"""Typed lines that Up brings back, until the window is closed."""
NEAR = 200
"""Bytes left, from which on they are shown."""


class TypingBox(tk.Text):
    """``say`` is given what was typed and tells whether it took it, ``people`` says who could
    be meant by Tab, ``answer_to`` who wrote in private last; ``hint`` shows something for a
    moment, and ``measured`` is told how many bytes are left."""

    def __init__(self, parent: tk.Misc, looks: Looks) -> None:
        super().__init__(parent, height=1, width=1, wrap="word", undo=True, padx=8, pady=7)
        self.say: Callable[[str], bool] = lambda _: False
        self.people: Callable[[], Iterable[str]] = tuple
        self.answer_to: Callable[[], str] = str
        self.hint: Callable[[str], None] = lambda _: None
        self.measured: Callable[[int], None] = lambda _: None
        self._typed: list[str] = []
        self._at = 0  # which of them is shown; len() for the one being typed
        self._draft = ""
        self._bind_keys()
        looks.follow(lambda: self._dress(looks))

    @property
    def content(self) -> str:
        """What stands there. Half an emoji, which Tk can leave behind, is none."""
        return self.get("1.0", "end-1c").encode(errors="ignore").decode()

    def put(self, text: str) -> None:
        """Replace what stands there."""
        self.delete("1.0", "end")
        self.insert("1.0", text)
        self.see("insert")
        self._changed()

    def start_private(self, name: str) -> None:
        """A private line to them; what was typed becomes its text."""
        text = self.content
        if text.startswith("/msg "):
            text = "".join(text.split(" ", 2)[2:])
        self.put(f"/msg {name} {text}")
        self.focus_set()

    def submit(self) -> str:
        """Enter."""
        text = self.content
        if text.strip() and self.say(text):
            if self._typed[-1:] != [text] and not is_secret(text):
                self._typed = [*self._typed, text][-REMEMBERED:]
            self._at, self._draft = len(self._typed), ""
            self.put("")
        return "break"

    def _bind_keys(self) -> None:
        for key in ("<Return>", "<KP_Enter>"):
            self.bind(key, lambda _: self.submit())
        for key in ("<Shift-Return>", "<Shift-KP_Enter>", "<Control-Return>"):
            self.bind(key, lambda _: self._new_line())
        self.bind("<Up>", lambda _: self._recall(-1))
        self.bind("<Down>", lambda _: self._recall(1))
        self.bind("<Tab>", lambda _: self._tab())
        self.bind("<Shift-Tab>", lambda _: self._leave_to(self.tk_focusPrev()))
        self.bind("<space>", lambda _: self._space())
        self.bind("<<Modified>>", lambda _: self._changed())
        self.bind("<Configure>", lambda _: self._fit())
        self.bind("<<Paste>>", self._paste)

    def _new_line(self) -> str:
        self.insert("insert", "\n")
        self.see("insert")
        return "break"

    def _recall(self, by: int) -> "str | None":
        here = self.index("insert linestart")
        edge = "1.0" if by < 0 else self.index("end-1c linestart")
        to = self._at + by
        if here != edge or not 0 <= to <= len(self._typed):
            return None  # the cursor moves, as in any text
        if self._at == len(self._typed):
            self._draft = self.content
        self._at = to
        self.put(self._typed[to] if to < len(self._typed) else self._draft)
        return "break"

    def _tab(self) -> str:
        before = self.get("1.0", "insert")
        if not before.strip():
            return self._leave_to(self.tk_focusNext())
        completed = complete(before, self.people())
        if completed.before != before:
            self.delete("1.0", "insert")
            self.insert("1.0", completed.before)
        elif completed.choices:
            self.hint("  ".join(completed.choices))
        return "break"

    def _leave_to(self, other: "tk.Misc | None") -> str:
        if other is not None:
            other.focus_set()
        return "break"

    def _space(self) -> "str | None":
        # Whoever is answered is seen while the answer is typed, and can't change meanwhile.
        to = self.answer_to()
        if not to or self.get("1.0", "insert") != "/reply":
            return None
        self.delete("1.0", "insert")
        self.insert("1.0", f"/msg {to} ")
        return "break"

    def _paste(self, _: Any) -> str:
        # Tk's own leaves what was selected where it is, beside what is pasted.
        try:
            text = self.clipboard_get()
        except tk.TclError:
            return "break"
        if self.tag_ranges("sel"):
            self.delete("sel.first", "sel.last")
        self.insert("insert", text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n"))
        self.see("insert")
        return "break"

    def _changed(self) -> None:
        if self.edit_modified():
            self.edit_modified(False)
        self.hint("")
        self.measured(measuring.left(self.content))
        self._fit()

    def _fit(self) -> None:
        lines = self.count("1.0", "end", "displaylines")
        count = lines[0] if isinstance(lines, tuple) else int(lines or 1)
        if (height := min(max(count, 1), TALLEST)) != int(str(self.cget("height"))):
            self.configure(height=height)

    def _dress(self, looks: Looks) -> None:
        looks.dress_text(self, looks.theme.raised)
        self.configure(insertbackground=looks.theme.text)
