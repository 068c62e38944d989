"""The window: two pages, and how it is closed."""

import tkinter as tk
from collections.abc import Callable

from chatd.client import facts
from chatd.client.screen import Screen, calls_us
from chatd.client.window.appearance import Appearance
from chatd.client.window.chat_page import ChatPage
from chatd.client.window.first_page import PASSWORD, PLACE, FirstPage
from chatd.client.window.keys import bind_keys
from chatd.client.window.looks import Looks
from chatd.client.window.menus import Menus
from chatd.client.window.notice import Notice
from chatd.client.window.remembered import Place, Remembered
from chatd.client.window.surroundings import Surroundings
from chatd.client.window.title import Title
from chatd.client.window.visit import NoPassword, Visit


class Window:
    """``root``: an empty one."""

    def __init__(self, root: tk.Tk, remembered: Remembered, surroundings: Surroundings) -> None:
        self.root = root
        self.remembered = remembered
        self.visit: Visit | None = None
        self.was_closed = False
        self._around = surroundings
        self._title = Title(root)
        self._closing = False
        self._over = False
        self.looks = Looks(root, remembered.size)
        self.first = FirstPage(root, self.looks)
        screen, later = Screen(surroundings.now), surroundings.reactor.callLater
        self.chat = ChatPage(root, self.looks, screen, later, surroundings.drawable)
        self.appearance = Appearance(
            self.looks, self.chat.transcript, remembered, surroundings, lambda: not self._closing
        )
        self.menus = Menus(root, self.looks, self)
        self.first.connect = self.connect
        self.first.cancel = self.cancel
        self.first.rooms.forget_room = self._forget
        self.first.rooms.show(remembered.places)
        self.chat.open_link = surroundings.browse
        bind_keys(self)
        self.show_first()

    # Going to a room.

    def connect(self, place: Place, password: str = "") -> None:
        """Walk in there."""
        if self.visit is not None:
            return None
        try:
            visit = Visit(place, self, self._around, password)
            others = self._around.others()
        except NoPassword as wrong:
            return self.first.trouble(PASSWORD, f"{wrong}.")
        except ValueError as wrong:
            return self.first.trouble(PLACE, f"{wrong}.")
        except OSError as wrong:
            return self.first.trouble(PLACE, f"Cannot log: {wrong.strerror}.")
        self.visit = visit
        self.first.be_busy(f"Connecting to {place.host}…")
        return visit.start(*others)

    def cancel(self) -> None:
        """Not there, then."""
        if self.visit is not None:
            self.visit.abandon()

    # What a visit tells.

    def let_in(self, visit: Visit) -> None:
        """We are in: to the other page."""
        self.remembered.used(visit.place)
        self.first.rooms.show(self.remembered.places)
        self.first.be_ready()
        self.first.ask_password(False)
        self.first.pack_forget()
        self.chat.pack(fill="both", expand=True)
        self.chat.begin(visit.session)
        self.menus.in_room(True)
        self._retitle()

    def turned_away(self, with_what: str, sentence: str) -> None:
        """Tell it on the first page."""
        self.first.trouble(with_what, sentence)

    def asked(self, notice: Notice) -> None:
        """On the first page, too."""
        self.first.ask(notice)

    def happened(self, fact: facts.Fact) -> None:
        """In the room."""
        self.chat.show(fact)
        calls = calls_us(fact)
        if isinstance(fact, facts.OtherSaid | facts.OtherWhispered):
            self._title.came(calls)
        if calls and self.remembered.bell:
            self.root.bell()

    def changed(self) -> None:
        """In the room."""
        self.chat.refresh()
        self._retitle()

    def over(self, visit: Visit) -> None:
        """Back to the first page, or to the end."""
        self.visit = None
        if self._closing:
            return self._end()
        if visit.been_in:
            return self.show_first()
        if self.first.is_busy:
            self.first.be_ready("Not connected.")
            self.first.take_focus()
        return None

    def show_first(self) -> None:
        """The page to connect from."""
        self.chat.session = None
        self.chat.pack_forget()
        self.first.pack(fill="both", expand=True)
        self.first.be_ready()
        self.first.take_focus()
        self.menus.in_room(False)
        self._retitle()

    # Leaving.

    def close(self) -> None:
        """Close the window; asks only if something would be lost. Twice: at once."""
        if self._closing:
            return self._end()
        return self._unless_unsent("Close", self._close)

    def leave(self) -> None:
        """Leave the room, and stay in the window."""
        self._unless_unsent("Leave", self._leave)

    def goodbye(self) -> None:
        """Somebody ends us, without a question."""
        self.was_closed = self._over
        self._closing = self._over = True
        if self.visit is not None:
            self.visit.abandon()
        self.chat.transcript.stop()

    def _unless_unsent(self, word: str, act: Callable[[], None]) -> None:
        unsent = self.chat.unsent if self.is_inside else 0
        if not unsent:
            return act()

        def anyway(_: str) -> None:
            self.chat.ask(None)
            act()

        lines = "1 line is" if unsent == 1 else f"{unsent} lines are"
        answers = ((f"{word} all the same", anyway), ("Stay", lambda _: self.chat.ask(None)))
        stay = answers[1][1]
        return self.chat.ask(Notice(f"{lines} unsent.", answers, on_escape=lambda: stay("")))

    def _leave(self) -> None:
        self.chat.typing.put("")
        if self.visit is not None:
            sending = self.visit.session.core.sending
            (self.visit.abandon if sending.pending else self.visit.session.leave)()

    def _close(self) -> None:
        self._closing = True
        self.root.withdraw()
        if self.visit is None:
            return self._end()
        return self._leave() if self.visit.been_in else self.visit.abandon()

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._around.done()

    # Keys and menus.

    @property
    def is_inside(self) -> bool:
        """Whether the chat is to be seen."""
        return self.chat.session is not None

    def find(self) -> None:
        """Ctrl-F."""
        if self.is_inside:
            self.chat.finding.open()

    def open_a_link(self) -> None:
        """The newest one; again, the one before."""
        if self.is_inside:
            self.chat.ask_about_next_link()

    def choose_person(self) -> None:
        """To the list of people: Enter starts a private line."""
        if self.is_inside:
            self.chat.people.list.focus_set()

    def answer(self) -> None:
        """A private line to whoever wrote one last."""
        if self.visit is None or not self.is_inside:
            return
        if to := self.visit.session.core.answer_to:
            self.chat.typing.start_private(to)
        else:
            self.visit.session.explain("Nobody has written to you in private yet.")

    def begin_command(self, command: str) -> None:
        """One that needs words."""
        if self.is_inside:
            self.chat.typing.put(f"{command} {self.chat.typing.content}")
            self.chat.typing.focus_set()

    def copy(self) -> None:
        """What is marked in what was said."""
        self.chat.transcript.text.event_generate("<<Copy>>")

    def select_all(self) -> None:
        """Of what was said."""
        self.chat.transcript.text.tag_add("sel", "1.0", "end-1c")
        self.chat.transcript.text.focus_set()

    def escape(self) -> None:
        """Out of whatever is going on."""
        if self.is_inside:
            self.chat.escape()
        else:
            self.first.call_off()

    def looked_at(self, looked_at: bool) -> None:
        """Whether this is the window that somebody types into."""
        self._title.looked_at(looked_at)
        if looked_at:
            self.appearance.looked_at()

    def _forget(self, place: Place) -> None:
        self.remembered.forget(place)
        self.first.rooms.show(self.remembered.places)

    def _retitle(self) -> None:
        visit = self.visit if self.is_inside else None
        where = f"{visit.session.core.name} at {visit.place.host}" if visit else ""
        self._title.tell(where)
