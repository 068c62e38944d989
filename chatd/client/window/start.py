"""``chat --gui``: opens the window, or says in one line why it can't."""

import argparse
import getpass
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatd.client.asking import HOST, PORT
from chatd.client.effects import Status
from chatd.client.trust import KnownRooms, Trust, state_file
from chatd.client.typed import PAST_LINES
from chatd.client.window.remembered import Place, Remembered, usual_path

if TYPE_CHECKING:
    import tkinter as tk

    from chatd.client.session import Face
    from chatd.client.window.surroundings import Surroundings
    from chatd.client.window.window import Window

NO_TK = (
    "the window needs Tk, which this Python does not have: apt install python3-tk on Debian and"
    " Ubuntu, dnf install python3-tkinter on Fedora"
)
TICK_MILLISECONDS = 10
"""How often Tk gets to work off its events."""


class NoWindow(Exception):
    """There can't be one, for this reason."""


def run(asked: argparse.Namespace) -> int:
    """Open it, and return when it is closed. Raises NoWindow."""
    root = open_root()
    from twisted.internet import reactor, tksupport

    loop: Any = reactor
    window = _make(root, asked, loop)
    tksupport.install(root, TICK_MILLISECONDS)
    loop.addSystemEventTrigger("before", "shutdown", window.goodbye)
    # From within the loop, like all else that happens in the window.
    loop.callWhenRunning(begin, window, asked)
    loop.run()
    tksupport.uninstall()
    root.update()  # or what is still to be drawn complains
    root.destroy()
    return Status.OK if window.was_closed else Status.TERMINATED


def open_root(screen: str | None = None) -> "tk.Tk":
    """An empty window. ``screen``: where, instead of $DISPLAY. Raises NoWindow."""
    try:
        import tkinter as tk
    except ImportError:
        raise NoWindow(NO_TK) from None
    try:
        root = tk.Tk(screenName=screen, className="Chatd")
    except tk.TclError as wrong:
        raise NoWindow(f"there is no display to open a window on: {wrong}") from None
    root.geometry("920x620")
    root.minsize(480, 360)
    return root


def begin(window: "Window", asked: argparse.Namespace) -> None:
    """What the command line says stands in the fields; with host and name, it goes there."""
    window.first.fill(first_place(asked, window.remembered))
    window.first.take_focus()
    if asked.host and asked.name is not None:
        window.first.submit()


def first_place(asked: argparse.Namespace, remembered: Remembered) -> Place:
    """The words of the command line, then what was used last, then what is usual."""
    host, port = asked.host, asked.port
    if host and port is None and host.isdecimal():
        host, port = HOST, host
    last = remembered.places[0] if remembered.places else Place(HOST, str(PORT), _login_name())
    name = last.name if asked.name is None else asked.name
    if host:
        return Place(host, port or str(PORT), name, asked.tls)
    return Place(last.host, last.port, name, asked.tls or last.tls)


def _make(root: "tk.Tk", asked: argparse.Namespace, reactor: Any) -> "Window":
    from chatd.client.window.window import Window

    _put_icon(root)
    return Window(root, _remembered(asked), _surroundings(root, asked, reactor))


def _remembered(asked: argparse.Namespace) -> Remembered:
    # The command line can turn these off, and has no words for turning them on.
    remembered = Remembered.at(usual_path())
    remembered.times = remembered.times and not asked.no_time
    remembered.bell = remembered.bell and not asked.no_bell
    return remembered


def _surroundings(root: "tk.Tk", asked: argparse.Namespace, reactor: Any) -> "Surroundings":
    from twisted.internet.defer import Deferred

    from chatd.client.window import glyphs
    from chatd.client.window.desktop import is_dark
    from chatd.client.window.surroundings import Surroundings

    def ask_desktop(tell: Callable[[bool], None]) -> None:
        Deferred.fromCoroutine(is_dark(reactor)).addCallback(tell)

    def done() -> None:
        if reactor.running:
            reactor.stop()

    windowing = str(root.tk.call("tk", "windowingsystem"))
    return Surroundings(
        reactor=reactor,
        now=datetime.now,
        trust=partial(_trust, asked),
        is_dark=ask_desktop,
        browse=_browse,
        drawable=glyphs.drawable(windowing, glyphs.xft_version()),
        done=done,
        others=partial(_others, asked),
        past=PAST_LINES if asked.history is None else asked.history,
        password=asked.password,
        reconnect=not asked.no_reconnect,
    )


def _trust(asked: argparse.Namespace, host: str, port: int) -> Trust:
    # A fingerprint on the command line is that of the host there, and of no other.
    named = asked.fingerprint if host == asked.host else ""
    return Trust(host, port, KnownRooms(state_file("known_rooms")), named or "")


def _others(asked: argparse.Namespace) -> "tuple[Face, ...]":
    from chatd.client.record import recorded

    return (recorded(Path(asked.log)),) if asked.log else ()


def _browse(link: str) -> None:
    # A browser may take its time to start, and the window does not wait for it.
    threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()


def _put_icon(root: "tk.Tk") -> None:
    import tkinter as tk

    with suppress(tk.TclError, OSError):
        data = (Path(__file__).parent / "icon.png").read_bytes()
        root.iconphoto(True, tk.PhotoImage(master=root, data=data))


def _login_name() -> str:
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""
