"""Fonts and colours of everything in the window, changed in one place."""

import tkinter as tk
from collections.abc import Callable
from tkinter import font, ttk
from typing import Any

from chatd.client.window.remembered import NORMAL_SIZE, SIZES
from chatd.client.window.theme import DARK, LIGHT

_TKS = ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkTooltipFont")


class Looks:
    """``size``: of text, in points."""

    def __init__(self, root: tk.Tk, size: int = NORMAL_SIZE) -> None:
        self.theme = LIGHT
        self.size = size
        self._root = root
        self._followers: list[Callable[[], None]] = []
        family = font.nametofont("TkDefaultFont", root).actual("family")
        self.text = font.Font(root, name="ChatText", family=family)
        self.bold = font.Font(root, name="ChatBold", family=family, weight="bold")
        self.small = font.Font(root, name="ChatSmall", family=family)
        self.tiny = font.Font(root, name="ChatTiny", family=family, size=-1)
        self.title = font.Font(root, name="ChatTitle", family=family, weight="bold")
        self.style = ttk.Style(root)
        self.style.theme_use("clam")
        self.resize(size)

    def follow(self, dress: Callable[[], None]) -> None:
        """Call this now, and whenever the looks have changed."""
        self._followers.append(dress)
        dress()

    def wear(self, dark: bool) -> None:
        """The dark theme, or the light one."""
        self.theme = DARK if dark else LIGHT
        self._dress()

    def resize(self, size: int) -> None:
        """The size of all text, in points."""
        self.size = min(max(size, SIZES[0]), SIZES[-1])
        for name in _TKS:
            font.nametofont(name, self._root).configure(size=self.size)
        for named, more in ((self.text, 0), (self.bold, 0), (self.small, -1), (self.title, 7)):
            named.configure(size=self.size + more)
        self._dress()

    def dress_text(self, widget: Any, ground: str = "") -> None:
        """A Text or a Listbox, which know nothing of ttk."""
        theme = self.theme
        widget.configure(
            background=ground or theme.ground,
            foreground=theme.text,
            selectbackground=theme.selected,
            selectforeground=theme.text,
            highlightbackground=theme.edge,
            highlightcolor=theme.accent,
            highlightthickness=1,
            borderwidth=0,
            relief="flat",
            font=self.text,
        )

    def dress_menu(self, menu: tk.Menu) -> None:
        """A menu, neither."""
        theme = self.theme
        menu.configure(
            background=theme.surface,
            foreground=theme.text,
            activebackground=theme.selected,
            activeforeground=theme.text,
            disabledforeground=theme.quiet,
            selectcolor=theme.text,
            activeborderwidth=0,
            borderwidth=0,
            relief="flat",
        )

    def _dress(self) -> None:
        self._dress_all()
        self._dress_buttons()
        self._dress_fields()
        self._dress_bars()
        self._root.configure(background=self.theme.surface)
        for dress in self._followers:
            dress()

    def _dress_all(self) -> None:
        theme, style = self.theme, self.style
        style.configure(
            ".",
            background=theme.surface,
            foreground=theme.text,
            font=self.text,
            bordercolor=theme.edge,
            lightcolor=theme.surface,
            darkcolor=theme.surface,
            troughcolor=theme.surface,
            focuscolor=theme.accent,
            selectbackground=theme.selected,
            selectforeground=theme.text,
            insertcolor=theme.text,
            fieldbackground=theme.raised,
        )
        style.map(
            ".",
            foreground=[("disabled", theme.quiet)],
            background=[("disabled", theme.surface), ("active", theme.surface)],
            # Or they are clam's own, which can hardly be read.
            selectbackground=[("!focus", theme.selected)],
            selectforeground=[("!focus", theme.text)],
        )
        for name in ("Notice.TFrame", "Notice.TLabel"):
            style.configure(name, background=theme.notice_ground, foreground=theme.text)
            style.map(name, background=[("", theme.notice_ground)])
        style.configure("Quiet.TLabel", foreground=theme.quiet, font=self.small)
        style.configure("Alarm.TLabel", foreground=theme.alarm, font=self.small)
        style.configure("Title.TLabel", font=self.title)
        style.configure("Heading.TLabel", font=self.bold)

    def _dress_buttons(self) -> None:
        theme = self.theme
        self._dress_button("TButton", theme.raised, theme.selected, theme.accent)
        # A pressed one keeps its letters readable.
        self._dress_button("Accent.TButton", theme.accent, theme.accent, theme.text)
        self.style.configure(
            "Accent.TButton",
            foreground=theme.on_accent,
            font=self.bold,
            bordercolor=theme.accent,
            focuscolor=theme.on_accent,
        )

    def _dress_button(self, name: str, ground: str, active: str, focus: str) -> None:
        theme, style = self.theme, self.style
        style.configure(
            name,
            padding=(12, 5),
            relief="flat",
            background=ground,
            lightcolor=ground,
            darkcolor=ground,
            focusthickness=1,
        )
        grounds = [("disabled", theme.surface), ("active", active)]
        style.map(
            name,
            background=grounds,
            lightcolor=grounds,
            darkcolor=grounds,
            bordercolor=[("disabled", theme.edge), ("focus", focus)],
            foreground=[("disabled", theme.quiet)],
        )

    def _dress_fields(self) -> None:
        theme, style = self.theme, self.style
        style.configure("TEntry", padding=(6, 5), lightcolor=theme.raised, darkcolor=theme.raised)
        style.map(
            "TEntry",
            bordercolor=[("focus", theme.accent)],
            lightcolor=[("focus", theme.accent)],
            foreground=[("disabled", theme.quiet)],
            fieldbackground=[("disabled", theme.surface)],
        )
        style.configure(
            "TCheckbutton",
            indicatorsize=15,
            indicatormargin=(0, 2, 8, 2),
            indicatorbackground=theme.raised,
            indicatorforeground=theme.accent,
        )
        style.map(
            "TCheckbutton",
            background=[("active", theme.surface)],
            foreground=[("disabled", theme.quiet)],
            indicatorbackground=[("disabled", theme.surface)],
        )

    def _dress_bars(self) -> None:
        theme, style = self.theme, self.style
        style.configure(
            "TScrollbar",
            background=theme.edge,
            troughcolor=theme.surface,
            arrowcolor=theme.quiet,
            bordercolor=theme.surface,
            lightcolor=theme.edge,
            darkcolor=theme.edge,
            relief="flat",
            gripcount=0,
        )
        nothing_to_scroll = [("disabled", theme.surface)]
        style.map(
            "TScrollbar",
            background=[*nothing_to_scroll, ("active", theme.quiet)],
            lightcolor=nothing_to_scroll,
            darkcolor=nothing_to_scroll,
            arrowcolor=nothing_to_scroll,
        )
