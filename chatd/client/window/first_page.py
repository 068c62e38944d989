"""The first page: where to, and under which name."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from chatd.client.asking import as_port
from chatd.client.connection import by_tls, check_tls, is_description
from chatd.client.typed import tidy
from chatd.client.window.looks import Looks
from chatd.client.window.notice import Notice, NoticeBar
from chatd.client.window.remembered import Place
from chatd.client.window.rooms import Rooms

PLACE, NAME, PASSWORD = "place", "name", "password"
"""What there can be trouble with."""


class _WrongPort(ValueError):
    """It is the port that nobody can connect to."""


class FirstPage(ttk.Frame):
    """``connect`` is given a place to go to and a password, ``cancel`` calls it off."""

    def __init__(self, parent: tk.Misc, looks: Looks) -> None:
        super().__init__(parent, padding=24)
        self.connect: Callable[[Place, str], None] = lambda *_: None
        self.cancel: Callable[[], None] = lambda: None
        self.is_busy = False
        self._looks = looks
        self._fields: dict[str, ttk.Entry] = {}
        self._troubles: dict[str, ttk.Label] = {}
        self.notice = NoticeBar(self, looks, self.take_focus)
        self.notice.grid(row=0, column=0, sticky="ew")
        self.notice.grid_remove()
        form = ttk.Frame(self)
        form.grid(row=1, column=0)
        self.grid_rowconfigure(1, weight=1)
        self.grid_columnconfigure(0, weight=1)
        title = ttk.Label(form, text="Walk into a chat room", style="Title.TLabel")
        title.grid(row=0, column=0, columnspan=2, sticky="w", pady=(0, 18))
        self._make_place(form)
        self._make_name(form)
        self._make_password(form)
        self._make_buttons(form)
        self.rooms = Rooms(form, looks)
        self.rooms.grid(row=1, column=2, rowspan=12, sticky="ns", padx=(36, 0))
        self.rooms.picked = self._picked
        self.rooms.go = self.submit
        self.rooms.show(())
        self.ask_password(False)

    # What is shown.

    def fill(self, place: Place) -> None:
        """These words in the fields."""
        for key, word in (("host", place.host), ("port", place.port), ("name", place.name)):
            field = self._fields[key]
            field.delete(0, "end")
            field.insert(0, word)
        self.tls.set(place.tls)
        self.ask_password(False)
        self._no_trouble()

    def be_busy(self, words: str) -> None:
        """Connecting; nothing can be changed before that has ended."""
        self.is_busy = True
        self._no_trouble()
        self.notice.show(None)
        self._enable(False)
        self.told.configure(text=words)
        self.cancel_button.focus_set()

    def ask(self, notice: Notice) -> None:
        """A question, before it goes on."""
        self.notice.show(notice)
        self.notice.focus_answer()

    def be_ready(self, told: str = "") -> None:
        """It has ended."""
        self.notice.show(None)
        self.is_busy = False
        self._enable(True)
        self.told.configure(text=told)

    def trouble(self, with_what: str, sentence: str, where: str = "host") -> None:
        """Beside the field that it is about, which can be changed at once. ``where``: which
        one of a place."""
        self.be_ready()
        if with_what == PASSWORD:
            self.ask_password(True)
        self._troubles[with_what].configure(text=sentence)
        self._troubles[with_what].grid()
        self._focus(where if with_what == PLACE else with_what)

    def ask_password(self, wanted: bool) -> None:
        """Whether there is a field for a password; what stood there is gone."""
        self._fields[PASSWORD].delete(0, "end")
        for widget in (self._fields[PASSWORD], self._password_label):
            (widget.grid if wanted else widget.grid_remove)()

    def take_focus(self) -> None:
        """To the first field that is empty, or the name."""
        empty = [key for key in ("host", "port", "name") if not self._fields[key].get()]
        self._focus((empty or ["name"])[0])

    def field(self, key: str) -> ttk.Entry:
        """The field of this: host, port, name or password."""
        return self._fields[key]

    def trouble_with(self, what: str) -> str:
        """What is said beside it."""
        return str(self._troubles[what].cget("text"))

    # What somebody does.

    def submit(self) -> None:
        """Enter, or the button."""
        if self.is_busy:
            return None
        try:
            place = self._read()
        except ValueError as wrong:
            where = "port" if isinstance(wrong, _WrongPort) else "host"
            return self.trouble(PLACE, _sentence(str(wrong)), where)
        return self.connect(place, self._fields[PASSWORD].get())

    def call_off(self) -> None:
        """Escape, or the button."""
        if self.is_busy:
            self.cancel()

    def _read(self) -> Place:
        host, port, name = (
            tidy(self._fields[key].get()).strip() for key in ("host", "port", "name")
        )
        if not host:
            raise ValueError("where is the room? A name such as example.org, or an address")
        if is_description(host) or by_tls(host):
            port = ""
        else:
            _check_port(port)
        if self.tls.get():
            check_tls()
        return Place(host, port, name, self.tls.get())

    def _picked(self, place: Place) -> bool:
        if self.is_busy:
            return False
        self.fill(place)
        return True

    def _focus(self, key: str) -> None:
        self._fields[key].focus_set()
        self._fields[key].selection_range(0, "end")

    # How it is made.

    def _make_place(self, form: ttk.Frame) -> None:
        ttk.Label(form, text="Host").grid(row=1, column=0, sticky="w")
        ttk.Label(form, text="Port").grid(row=1, column=1, sticky="w", padx=(10, 0))
        self._make_field("host", form, 30).grid(row=2, column=0, sticky="ew")
        self._make_field("port", form, 8).grid(row=2, column=1, sticky="ew", padx=(10, 0))
        self._make_trouble(PLACE, form, 3)
        self.tls = tk.BooleanVar(form)
        self._tls = ttk.Checkbutton(form, text="Encrypted (TLS)", variable=self.tls)
        self._tls.grid(row=4, column=0, columnspan=2, sticky="w", pady=(8, 0))

    def _make_name(self, form: ttk.Frame) -> None:
        label = ttk.Label(form, text="Your name (empty: a guest)")
        label.grid(row=5, column=0, columnspan=2, sticky="w", pady=(14, 0))
        self._make_field("name", form, 30).grid(row=6, column=0, columnspan=2, sticky="ew")
        self._make_trouble(NAME, form, 7)

    def _make_password(self, form: ttk.Frame) -> None:
        self._password_label = ttk.Label(form, text="Password")
        self._password_label.grid(row=8, column=0, sticky="w", pady=(14, 0))
        field = self._make_field(PASSWORD, form, 30)
        field.configure(show="•")
        field.grid(row=9, column=0, columnspan=2, sticky="ew")
        self._make_trouble(PASSWORD, form, 10)

    def _make_buttons(self, form: ttk.Frame) -> None:
        row = ttk.Frame(form)
        row.grid(row=11, column=0, columnspan=2, sticky="ew", pady=(20, 0))
        connect = ttk.Button(row, text="Connect", style="Accent.TButton", command=self.submit)
        self.connect_button = connect
        self.cancel_button = ttk.Button(row, text="Cancel", command=self.call_off)
        self.told = ttk.Label(row, style="Quiet.TLabel")
        connect.pack(side="left")
        self.told.pack(side="left", padx=12)
        for key in ("<Return>", "<KP_Enter>"):
            connect.bind(key, lambda _: self.submit())
            self.cancel_button.bind(key, lambda _: self.call_off())

    def _make_field(self, key: str, form: ttk.Frame, width: int) -> ttk.Entry:
        field = ttk.Entry(form, width=width, font=self._looks.text)
        for event in ("<Return>", "<KP_Enter>"):
            field.bind(event, lambda _: self.submit())
        self._fields[key] = field
        return field

    def _make_trouble(self, key: str, form: ttk.Frame, row: int) -> None:
        label = ttk.Label(form, style="Alarm.TLabel", wraplength=420, justify="left")
        label.grid(row=row, column=0, columnspan=2, sticky="w", pady=(3, 0))
        label.grid_remove()
        self._troubles[key] = label

    def _no_trouble(self) -> None:
        for label in self._troubles.values():
            label.configure(text="")
            label.grid_remove()

    def _enable(self, on: bool) -> None:
        for widget in (*self._fields.values(), self._tls, self.connect_button):
            widget.state(["!disabled" if on else "disabled"])
        if on:
            self.cancel_button.pack_forget()
        else:
            self.cancel_button.pack(side="left", padx=(8, 0), before=self.told)


def _check_port(port: str) -> None:
    try:
        as_port(port)
    except ValueError as wrong:
        raise _WrongPort(str(wrong)) from None


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".") + "."
