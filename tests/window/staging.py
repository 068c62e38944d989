"""The real window on a screen of its own, in the process of the test, for the tests beside this.

The screen is an Xvfb without a window manager. What the window does, it does in the turns of
the reactor, so whatever waits here gives the reactor its turns.
"""

import atexit
import os
import shutil
import subprocess
import tkinter as tk
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from twisted.internet import reactor as _reactor
from twisted.internet import task, threads, tksupport

from chatd.client.trust import KnownRooms, Trust
from chatd.client.window.remembered import Place, Remembered
from chatd.client.window.start import open_root
from chatd.client.window.surroundings import Surroundings
from chatd.client.window.window import Window
from tests.client.running import Daemon, Netcat

reactor: Any = _reactor
XVFB = shutil.which("Xvfb")
IMPORT = shutil.which("import")
WITHIN = 30.0
"""Seconds after which something that should have happened has not."""
SIZE = (1000, 700)
MENU_HEIGHT = 30
_KEYSYMS = {" ": "space", "/": "slash", ".": "period", ",": "comma", "-": "minus", ":": "colon"}


@cache
def display() -> str:
    """A screen that lasts as long as the tests do."""
    assert XVFB is not None
    read, write = os.pipe()
    width, height = SIZE
    server = subprocess.Popen(
        [
            XVFB,
            "-displayfd",
            str(write),
            "-screen",
            "0",
            f"{width}x{height}x24",
            "-nolisten",
            "tcp",
        ],
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    atexit.register(server.terminate)
    with os.fdopen(read) as told:
        return f":{told.readline().strip()}"


class Stage:
    """A window. ``dark``: whether the desktop is."""

    def __init__(self, folder: Path, dark: bool = False) -> None:
        self.browsed: list[str] = []
        self.is_closed = False
        self.rang = 0
        self.dark = dark
        self.faults: list[BaseException] = []
        self.remembered = Remembered.at(folder / "window.json")
        self.root = open_root(display())
        self.root.report_callback_exception = self._broke
        self.root.bell = self._ring  # type: ignore[method-assign,assignment]
        around = Surroundings(
            reactor=reactor,
            now=lambda: datetime(2026, 11, 20, 21, 33),
            trust=lambda host, port: Trust(host, port, KnownRooms(folder / "known_rooms")),
            is_dark=lambda tell: tell(self.dark),
            browse=self.browsed.append,
            drawable=str,
            done=self._closed,
            past=20,
        )
        self.window = Window(self.root, self.remembered, around)
        self.first, self.chat = self.window.first, self.window.chat
        self.typing = self.chat.typing
        self.text = self.chat.transcript.text
        tksupport.install(self.root)
        self.root.update()
        self.root.focus_force()

    def _broke(self, _: Any, wrong: BaseException, __: Any) -> None:
        self.faults.append(wrong)

    def _closed(self) -> None:
        self.is_closed = True

    def _ring(self, *_: Any) -> None:
        self.rang += 1

    async def strike(self) -> None:
        """Take it down; what went wrong in it is told now."""
        self.window.goodbye()
        await self.until(_nothing_is_open, lambda: f"open: {reactor.getReaders()}")
        tksupport.uninstall()
        self.root.update()  # or what is still to be drawn complains
        self.root.destroy()
        for wrong in self.faults:
            raise wrong

    # What somebody does.

    async def connect(self, daemon: Daemon, name: str = "dani") -> None:
        """Walk in, by the first page."""
        self.first.fill(Place("127.0.0.1", str(daemon.port), name))
        self.press(self.first.field("name"), "<Return>")
        await self.until(lambda: self.window.is_inside, lambda: str(self.troubles()))

    def press(self, widget: tk.Misc, *keys: str) -> None:
        """Keys, while this has the focus."""
        widget.focus_force()
        self.root.update()
        for key in keys:
            widget.event_generate(key)
        self.root.update()

    def type(self, text: str, widget: "tk.Misc | None" = None) -> None:
        """Letter by letter, into where one types."""
        widget = widget or self.typing
        widget.focus_force()
        self.root.update()
        for letter in text:
            if letter.isascii():
                widget.event_generate("<Key>", keysym=_KEYSYMS.get(letter, letter))
            else:  # as an input method does it, of which there is none here
                self.root.tk.call("tk::TextInsert", str(widget), letter)
        self.root.update()

    def enter(self, text: str) -> None:
        """Type this, and Enter."""
        self.typing.put(text)
        self.press(self.typing, "<Return>")

    def choose(self, title: str, label: str) -> None:
        """From a menu."""
        bar = self.window.menus.bar
        bar.nametowidget(bar.entrycget(title, "menu")).invoke(label)

    # What is to be seen.

    @property
    def shown(self) -> str:
        """All that stands in what was said."""
        return self.text.get("1.0", "end-1c")

    @property
    def bar(self) -> str:
        """What the bar at the top says."""
        return self.chat.notice.shown.text if self.chat.notice.shown else ""

    @property
    def title(self) -> str:
        """Of the window."""
        return str(self.root.title())

    def tags_at(self, words: str) -> tuple[str, ...]:
        """How these words look."""
        return self.text.tag_names(self.text.search(words, "1.0"))

    def troubles(self) -> dict[str, str]:
        """What is said beside the fields."""
        return {what: self.first.trouble_with(what) for what in ("place", "name", "password")}

    async def see(self, text: str) -> None:
        """Until this has been said."""
        await self.until(
            lambda: text in self.shown, lambda: f"no {text!r} in:\n{self.shown[-2000:]}"
        )

    async def see_bar(self, text: str) -> None:
        """Until the bar says this."""
        await self.until(lambda: text in self.bar, lambda: f"no {text!r}, but {self.bar!r}")

    async def until(
        self, true: Callable[[], object], what: Callable[[], str], within: float = WITHIN
    ) -> None:
        """Look again and again, while the window goes on."""
        end = reactor.seconds() + within
        while not true():
            assert reactor.seconds() < end, what()
            await task.deferLater(reactor, 0.02)

    async def see_focus(self, widget: tk.Misc) -> None:
        """Until what is typed goes there. The X server has a say in it, so it takes a moment."""
        await self.until(
            lambda: self.root.focus_get() is widget, lambda: f"at {self.root.focus_get()}"
        )

    async def see_widget(self, widget: tk.Misc) -> None:
        """Until it is on the screen. Tk puts it there when it has nothing else to do."""
        await self.until(widget.winfo_ismapped, lambda: f"{widget} is not on the screen")

    async def settle(self) -> None:
        """Until all is drawn that has come so far."""
        await task.deferLater(reactor, 0.1)
        await self.until(lambda: self.chat.transcript.is_settled, lambda: "still drawing")
        self.root.update()

    def fill_the_screen(self) -> None:
        """All of it, menus too."""
        width, height = SIZE
        self.root.geometry(f"{width}x{height - MENU_HEIGHT}+0+0")

    def picture(self, path: Path) -> None:
        """What is on the screen now."""
        assert IMPORT is not None
        self.root.update()
        shot = [
            IMPORT,
            "-display",
            display(),
            "-window",
            "root",
            "+dither",
            "-colors",
            "255",
            str(path),
        ]
        subprocess.run(shot, check=True, timeout=WITHIN)


async def elsewhere(what: Callable[..., Any], *words: Any) -> Any:
    """Something that waits, without keeping the window waiting."""
    return await threads.deferToThread(what, *words)


async def hears(peer: Netcat, line: str) -> list[str]:
    """What somebody reads, up to this."""
    lines: list[str] = await elsewhere(peer.until, line)
    return lines


def _nothing_is_open() -> bool:
    return not set(reactor.getReaders()) - set(reactor._internalReaders)
