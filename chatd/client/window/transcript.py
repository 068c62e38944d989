"""What was said: a text that grows at its end, and stays put for whoever has scrolled up.

Lines wait in a queue and are put in a slice at a time, so that ten thousand at once leave
the window answering; no more than KEPT are kept.
"""

import tkinter as tk
from collections import deque
from collections.abc import Callable
from tkinter import ttk
from typing import Any

import attrs

from chatd.client.fact_words import Pieces
from chatd.client.typed import HELP
from chatd.client.window import links
from chatd.client.window.looks import Looks
from chatd.client.window.theme import name_colours

KEPT = 5000
"""Lines; older ones go."""
SLICE = 100
"""Lines put in at once: some milliseconds."""
PAUSE_SECONDS = 0.02
"""Between two slices, for keys and drawing."""
LONGEST = 2000
"""Characters in one line of the text; Tk lays out much longer ones ever more slowly."""


@attrs.frozen
class Entry:
    """A line. ``kind``: a tag for all of it. ``counts``: whether it is news."""

    pieces: Pieces
    kind: str = "line"
    counts: bool = False


class Transcript(ttk.Frame):
    """``later``: the reactor's callLater. ``drawable``: see glyphs.py. ``point_at`` is told
    the link under the mouse, and ``open_link`` which one was clicked."""

    def __init__(
        self,
        parent: tk.Misc,
        looks: Looks,
        later: Callable[..., Any],
        drawable: Callable[[str], str],
    ) -> None:
        super().__init__(parent)
        self.point_at: Callable[[str], None] = lambda _: None
        self.open_link: Callable[[str], None] = lambda _: None
        self.unseen = 0
        self.follows = True
        self._looks = looks
        self._later = later
        self._drawable = drawable
        self._queue: deque[Entry] = deque(maxlen=KEPT)
        self._due: Any = None
        self._times = True
        self.text = tk.Text(self, wrap="word", state="disabled", cursor="xterm", padx=12, pady=8)
        self.text.configure(width=1, height=1, takefocus=True, undo=False)
        self._bar = ttk.Scrollbar(self, command=self.text.yview, takefocus=False)
        self.text.configure(yscrollcommand=self._scrolled)
        self._bar.pack(side="right", fill="y")
        self.text.pack(side="left", fill="both", expand=True)
        self.more = ttk.Button(self, style="Accent.TButton", command=self.to_end)
        self._bind_keys()
        looks.follow(self._dress)

    # What is shown.

    def add(self, entry: Entry) -> None:
        """A line more, soon."""
        self._queue.append(entry)
        if self._due is None:
            self._due = self._later(0, self._put_slice)

    def clear(self) -> None:
        """Empty it, and forget what is still to come."""
        self._queue.clear()
        self._change(lambda: self.text.delete("1.0", "end"))
        self.to_end()

    def stop(self) -> None:
        """Nothing more will be put in."""
        self._queue.clear()
        if self._due is not None:
            self._due.cancel()
            self._due = None

    @property
    def is_settled(self) -> bool:
        """Whether all that was added is to be seen."""
        return not self._queue and self._due is None

    def to_end(self) -> None:
        """Show the newest line, and follow what comes."""
        self.follows = True
        self.unseen = 0
        self.more.place_forget()
        self.text.see("end-1c")

    def page(self, by: int) -> str:
        """So many pages down, from wherever the focus is."""
        return self._scroll(by, "pages")

    def show_times(self, shown: bool) -> None:
        """Whether each line begins with its time."""
        self._times = shown
        self._dress()

    def links(self) -> list[str]:
        """All there are, the newest last."""
        ranges = [str(index) for index in self.text.tag_ranges("link")]
        return [self.text.get(*pair) for pair in zip(ranges[::2], ranges[1::2], strict=True)]

    def _put_slice(self) -> None:
        self._due = None
        slice_ = [self._queue.popleft() for _ in range(min(SLICE, len(self._queue)))]
        self._change(lambda: self._put(slice_))
        self._keep_up()
        if not self.follows and (news := sum(entry.counts for entry in slice_)):
            self.unseen += news
            self._tell_of_more()
        if self._queue:
            self._due = self._later(PAUSE_SECONDS, self._put_slice)

    def _put(self, entries: list[Entry]) -> None:
        words = [word for entry in entries for word in self._tagged(entry)]
        if words:
            self.text.insert("end-1c", *words)
        self._forget_old()

    def _tagged(self, entry: Entry) -> list[Any]:
        words: list[Any] = []
        for style, text in entry.pieces:
            for is_link, part in links.split(self._drawable(text)):
                tags = (entry.kind, style, "link") if is_link else (entry.kind, style)
                for start in range(0, len(part), LONGEST):
                    words += ["\n", (entry.kind,)] if start else []
                    words += [part[start : start + LONGEST], tags]
        return [*words, "\n", (entry.kind,)]

    def _forget_old(self) -> None:
        too_many = int(self.text.index("end-1c").split(".")[0]) - 1 - KEPT
        if too_many > 0:
            self.text.delete("1.0", f"{too_many + 1}.0")

    def _change(self, change: Callable[[], None]) -> None:
        self.text.configure(state="normal")
        change()
        self.text.configure(state="disabled")

    # Where somebody looks.

    def _scrolled(self, first: float | str, last: float | str) -> None:
        self._bar.set(float(first), float(last))
        if self.text.winfo_height() <= 1:  # not on the screen yet
            return
        at_end = float(last) >= 0.9999
        if at_end and not self.follows:
            self.to_end()
        self.follows = at_end

    def _keep_up(self) -> None:
        if self.follows:
            self.text.see("end-1c")

    def _tell_of_more(self) -> None:
        lines = "line" if self.unseen == 1 else "lines"
        self.more.configure(text=f"{self.unseen} new {lines} ↓")
        self.more.place(relx=0.5, rely=1.0, y=-10, anchor="s")

    def _bind_keys(self) -> None:
        text = self.text
        # A Text of Tk's that is disabled takes no focus by itself, and so no Ctrl-C.
        text.bind("<Button-1>", lambda _: text.focus_set())
        text.bind("<Configure>", lambda _: self._fit())
        text.bind("<Up>", lambda _: self._scroll(-1, "units"))
        text.bind("<Down>", lambda _: self._scroll(1, "units"))
        text.bind("<Prior>", lambda _: self.page(-1))
        text.bind("<Next>", lambda _: self.page(1))
        text.bind("<Home>", lambda _: self._move(0.0))
        text.bind("<End>", lambda _: self._move(1.0))
        text.tag_bind("link", "<Enter>", lambda _: self._over(True))
        text.tag_bind("link", "<Motion>", lambda _: self._over(True))
        text.tag_bind("link", "<Leave>", lambda _: self._over(False))
        text.tag_bind("link", "<ButtonRelease-1>", lambda _: self._clicked())

    def _scroll(self, by: int, what: Any) -> str:
        self.text.yview_scroll(by, what)
        return "break"

    def _move(self, to: float) -> str:
        self.text.yview_moveto(to)
        return "break"

    def _link_here(self) -> str:
        found = self.text.tag_prevrange("link", "current + 1c")
        return self.text.get(*found) if found else ""

    def _over(self, on: bool) -> None:
        self.text.configure(cursor="hand2" if on else "xterm")
        self.point_at(self._link_here() if on else "")

    def _clicked(self) -> None:
        # The end of marking some of the text is no click.
        if not self.text.tag_ranges("sel") and (link := self._link_here()):
            self.open_link(link)

    # How it looks.

    def _dress(self) -> None:
        looks, theme, text = self._looks, self._looks.theme, self.text
        looks.dress_text(text)
        # What is left is the empty line after the last one, which is not to be seen.
        text.configure(font=looks.tiny)
        self._dress_lines()
        text.tag_configure("time", foreground=theme.quiet, elide=not self._times)
        for style in ("quiet", "past"):
            text.tag_configure(style, foreground=theme.quiet)
        text.tag_configure("private", foreground=theme.private)
        text.tag_configure("alarm", foreground=theme.alarm)
        for style in ("own", "call", "question", "usage"):
            text.tag_configure(style, font=looks.bold)
        for number, colour in enumerate(name_colours(theme)):
            text.tag_configure(f"name-{number}", foreground=colour, font=looks.bold)
        text.tag_configure("link", foreground=theme.link, underline=True)
        text.tag_configure("found", background=theme.accent, foreground=theme.on_accent)
        text.tag_configure("sel", background=theme.selected, foreground=theme.text)
        for last in ("found", "sel"):
            text.tag_raise(last)
        self._keep_up()

    def _dress_lines(self) -> None:
        looks, theme, text = self._looks, self._looks.theme, self.text
        margin = looks.text.measure("00:00 " if self._times else "  ")
        for kind in ("line", "private-line", "call-line", "help-line"):
            text.tag_configure(kind, lmargin2=margin, font=looks.text, spacing1=2, spacing3=2)
        self._fit_help()
        text.tag_configure("private-line", background=theme.private_ground)
        text.tag_configure("call-line", background=theme.call_ground)

    def _fit(self) -> None:
        self._fit_help()
        self._keep_up()

    def _fit_help(self) -> None:
        widest = max(self._looks.bold.measure(usage) for usage, _ in HELP) + 24
        if (width := self.text.winfo_width()) > 1:  # what it says needs room beside that
            widest = min(widest, width // 2)
        self.text.tag_configure("help-line", tabs=(widest,), lmargin2=widest)
