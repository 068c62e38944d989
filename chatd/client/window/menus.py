"""The menus: all that can be done, for whoever does not know the words or the keys."""

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from chatd.client.window.looks import Looks

if TYPE_CHECKING:
    from chatd.client.window.window import Window

Item = tuple[str, str, Callable[[], object]]
"""What it is called (& before the letter for the keyboard), its key, and what it does."""

_LINE: Item = ("", "", lambda: None)


class Menus:
    """The menu bar. F10, or Alt with a letter, gets there."""

    def __init__(self, root: tk.Tk, looks: Looks, window: "Window") -> None:
        self.bar = tk.Menu(root, tearoff=False)
        self._looks = looks
        self._all = [self.bar]
        self._window = window
        self._theme = tk.StringVar(root, window.remembered.theme)
        self._times = tk.BooleanVar(root, window.remembered.times)
        self._bell = tk.BooleanVar(root, window.remembered.bell)
        self._chat = self._menu("&Chat", self._chat_items())
        self._say = self._menu("&Say", self._say_items())
        self._past = self._menu("&History", self._past_items())
        self._view = self._menu("&View", self._view_items())
        self._add_switches()
        root.configure(menu=self.bar)
        looks.follow(self._dress)

    def in_room(self, inside: bool) -> None:
        """Whether there is a room to do something in."""
        for menu in (self._chat, self._say, self._past):
            for index in range((menu.index("end") or 0) + 1):
                is_item = menu.type(index) == "command"
                if is_item and menu.entrycget(index, "label") != "Quit":
                    menu.entryconfigure(index, state="normal" if inside else "disabled")

    def _chat_items(self) -> list[Item]:
        window = self._window
        return [
            ("&Who is here", "", lambda: window.chat.obey("/list")),
            ("What can be &typed", "F1", lambda: window.chat.obey("/help")),
            ("&Open a link…", "Ctrl+O", window.open_a_link),
            _LINE,
            ("&Leave the room", "", window.leave),
            ("&Quit", "Ctrl+Q", window.close),
        ]

    def _say_items(self) -> list[Item]:
        window = self._window
        return [
            ("&Privately to…", "Ctrl+P", window.choose_person),
            ("&Answer privately", "Ctrl+R", window.answer),
            ("&Ignore…", "", lambda: window.begin_command("/ignore")),
            _LINE,
            ("&Send what is unsent", "", lambda: window.chat.obey("/send")),
            ("&Forget what is unsent", "", lambda: window.chat.obey("/drop")),
        ]

    def _past_items(self) -> list[Item]:
        window = self._window
        return [
            ("&Last lines", "", lambda: window.chat.obey("/history")),
            ("S&ince…", "", lambda: window.begin_command("/since")),
            ("S&earch…", "", lambda: window.begin_command("/search")),
            _LINE,
            ("&Keep what I say", "", lambda: window.chat.obey("/record on")),
            ("Keep &nothing of it", "", lambda: window.chat.obey("/record off")),
            ("&Forget what was kept", "", lambda: window.chat.obey("/record forget")),
        ]

    def _view_items(self) -> list[Item]:
        window = self._window
        return [
            ("&Find…", "Ctrl+F", window.find),
            ("&Copy", "Ctrl+C", window.copy),
            ("Select &all", "", window.select_all),
            ("Cl&ear", "", lambda: window.chat.obey("/clear")),
            _LINE,
            ("&Larger", "Ctrl++", lambda: window.appearance.resize_by(1)),
            ("&Smaller", "Ctrl+−", lambda: window.appearance.resize_by(-1)),
            ("&Normal size", "Ctrl+0", lambda: window.appearance.resize_by(0)),
            _LINE,
        ]

    def _add_switches(self) -> None:
        window, menu = self._window, self._view
        for word, theme in (("As the &desktop", "desktop"), ("Ligh&t", "light"), ("Dar&k", "dark")):
            label, at = _mnemonic(word)
            menu.add_radiobutton(
                label=label,
                underline=at,
                variable=self._theme,
                value=theme,
                command=lambda: window.appearance.set_theme(self._theme.get()),
            )
        menu.add_separator()
        times, bell = self._times, self._bell
        menu.add_checkbutton(
            label="Times",
            underline=1,
            variable=times,
            command=lambda: window.appearance.set_times(times.get()),
        )
        menu.add_checkbutton(
            label="Bell",
            underline=0,
            variable=bell,
            command=lambda: window.appearance.set_bell(bell.get()),
        )

    def _menu(self, title: str, items: list[Item]) -> tk.Menu:
        menu = tk.Menu(self.bar, tearoff=False)
        self._all.append(menu)
        for word, key, act in items:
            if not word:
                menu.add_separator()
                continue
            label, at = _mnemonic(word)
            menu.add_command(label=label, underline=at, accelerator=key, command=act)
        label, at = _mnemonic(title)
        self.bar.add_cascade(label=label, underline=at, menu=menu)
        return menu

    def _dress(self) -> None:
        for menu in self._all:
            self._looks.dress_menu(menu)


def _mnemonic(word: str) -> tuple[str, int]:
    return word.replace("&", ""), word.find("&")
