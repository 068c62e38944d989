"""The keys that work wherever the focus is."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatd.client.window.window import Window

_NOT_TKS = ("<Control-o>", "<Control-p>", "<Control-f>", "<Control-r>")
"""Those for which Tk's Text has meanings of its own."""


def bind_keys(window: "Window") -> None:
    """All of them, and what the window manager does."""
    root = window.root
    root.protocol("WM_DELETE_WINDOW", window.close)
    keys: dict[str, Callable[[], object]] = {
        "<Control-q>": window.close,
        "<Control-f>": window.find,
        "<Control-o>": window.open_a_link,
        "<Control-p>": window.choose_person,
        "<Control-r>": window.answer,
        "<F1>": lambda: window.chat.obey("/help"),
        "<Escape>": window.escape,
        "<Control-plus>": lambda: window.appearance.resize_by(1),
        "<Control-equal>": lambda: window.appearance.resize_by(1),
        "<Control-KP_Add>": lambda: window.appearance.resize_by(1),
        "<Control-minus>": lambda: window.appearance.resize_by(-1),
        "<Control-KP_Subtract>": lambda: window.appearance.resize_by(-1),
        "<Control-0>": lambda: window.appearance.resize_by(0),
    }
    for key, act in keys.items():
        root.bind(key, _calls(act))
    for key in _NOT_TKS:
        window.chat.typing.bind(key, _calls(keys[key], "break"))
    root.bind("<FocusIn>", lambda _: window.looked_at(True))
    root.bind("<FocusOut>", lambda _: window.looked_at(_has_focus(root)))
    _select_all_as_elsewhere(root)


def _has_focus(root: tk.Tk) -> bool:
    # Not by focus_displayof, which knows no menu bar that is in use: Tk shows a copy of it.
    return bool(str(root.tk.call("focus", "-displayof", root)))


def _select_all_as_elsewhere(root: tk.Tk) -> None:
    # Under X, Tk's Ctrl-A goes to the beginning of the line, as in Emacs.
    for key in ("<Control-a>", "<Control-Lock-A>"):
        root.event_delete("<<LineStart>>", key)
        root.event_add("<<SelectAll>>", key)


def _calls(act: Callable[[], object], then: str = "") -> Callable[[Any], str]:
    def pressed(_: Any) -> str:
        act()
        return then

    return pressed
