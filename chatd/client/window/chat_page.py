"""The second page: what is said, who is here, and where one types."""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk
from typing import Any

from chatd.client import facts
from chatd.client.fact_words import Pieces
from chatd.client.screen import Screen
from chatd.client.session import Session
from chatd.client.stranger import CertificateShown
from chatd.client.typed import HELP
from chatd.client.window import links
from chatd.client.window.finding import FindBar
from chatd.client.window.looks import Looks
from chatd.client.window.notice import Notice, NoticeBar
from chatd.client.window.notices import notice_of
from chatd.client.window.people import People
from chatd.client.window.transcript import Entry, Transcript
from chatd.client.window.typing_box import NEAR, TypingBox

_IN_THE_BAR = (facts.Question, CertificateShown, facts.UnsentWaiting, facts.Connecting)
_NEWS = (facts.OtherSaid, facts.OtherWhispered, facts.OwnSaid, facts.OwnWhispered, facts.ServerSaid)

NOT_KEPT = "What you say is not kept. "


class ChatPage(ttk.Frame):
    """``screen``: facts in words. ``later`` and ``drawable``: see Transcript. ``open_link``
    is told an address after somebody has seen where it leads and said yes."""

    def __init__(
        self,
        parent: tk.Misc,
        looks: Looks,
        screen: Screen,
        later: Callable[..., Any],
        drawable: Callable[[str], str],
    ) -> None:
        super().__init__(parent, padding=(12, 8, 12, 8))
        self.open_link: Callable[[str], None] = lambda _: None
        self.session: Session | None = None
        self._screen = screen
        self._own_notice: Notice | None = None
        self._gone = ""
        self._link = ""
        self._list_is_known = False
        # In the order in which Tab goes from one to the next.
        self.notice = NoticeBar(self, looks, self._back_to_typing)
        self.transcript = Transcript(self, looks, later, drawable)
        self.people = People(self, looks)
        self.finding = FindBar(self, looks, self.transcript.text, self._back_to_typing)
        self.typing = TypingBox(self, looks)
        self.send_button = ttk.Button(
            self,
            text="Send",
            style="Accent.TButton",
            command=self.typing.submit,
            takefocus=False,
            width=-4,
        )
        self.status = ttk.Frame(self)
        self.kept = ttk.Label(self.status, style="Alarm.TLabel")
        self.hint = ttk.Label(self.status, style="Quiet.TLabel")
        self.limit = ttk.Label(self.status, style="Quiet.TLabel")
        self._arrange()
        self._connect_parts()

    def _arrange(self) -> None:
        self.grid_rowconfigure(1, weight=1)
        self.grid_columnconfigure(0, weight=1)
        self.notice.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, 8))
        self.transcript.grid(row=1, column=0, sticky="nsew")
        self.people.grid(row=1, column=1, sticky="ns", padx=(10, 0))
        self.finding.grid(row=2, column=0, columnspan=2, sticky="ew")
        self.typing.grid(row=3, column=0, sticky="ew", pady=(8, 0))
        self.send_button.grid(row=3, column=1, sticky="ew", padx=(10, 0), pady=(8, 0))
        self.status.grid(row=4, column=0, columnspan=2, sticky="ew", pady=(4, 0))
        self.limit.pack(side="right")
        self.kept.pack(side="left")
        self.hint.pack(side="left")
        self.notice.grid_remove()
        self.finding.grid_remove()

    def _connect_parts(self) -> None:
        self.typing.say = self._say
        self.typing.hint = self._hint
        self.typing.measured = self._tell_limit
        self.typing.people = lambda: self.session.core.people if self.session else ()
        self.typing.answer_to = lambda: self.session.core.answer_to if self.session else ""
        self.people.chosen = self.typing.start_private
        self.transcript.point_at = lambda link: self._hint(_leads_to(link))
        self.transcript.open_link = self.ask_about_link
        self.bind("<Configure>", lambda event: self.people.fit(event.width))
        for key, by in (("<Prior>", -1), ("<Next>", 1)):
            turn = partial(self.transcript.page, by)
            self.typing.bind(key, lambda _, turn=turn: turn())  # type: ignore[misc]

    # What the visit tells.

    def begin(self, session: Session) -> None:
        """Another room, or the same one anew: what was said in it before is gone."""
        self.session = session
        self._gone = ""
        self._own_notice = None
        self.transcript.clear()
        self.people.show(())
        self.kept.configure(text="")
        self.typing.focus_set()

    def show(self, fact: facts.Fact) -> None:
        """A line of what was said, or of what happened."""
        match fact:
            case facts.ScreenCleared():
                return self.transcript.clear()
            case facts.ConnectionLost(reason):
                self._gone = f"The server has gone: {reason}."
            case facts.NotBackYet(sentence):
                self._gone = sentence
            case facts.Entered():
                self._list_is_known = False
            case facts.PeopleListed() if not self._list_is_known:
                self._list_is_known = True
                return None  # it stands on the right
            case _ if isinstance(fact, _IN_THE_BAR):
                return None
        return self._write(fact)

    def refresh(self) -> None:
        """The state of things may have changed."""
        if self.session is None:
            return
        self.people.show(self.session.core.people)
        self.kept.configure(text=NOT_KEPT if self.session.core.recording.is_off else "")
        shown = self._own_notice or notice_of(self.session, self._gone)
        is_new = shown is not None and not shown.reads_like(self.notice.shown)
        self.notice.show(shown)
        asks = self._own_notice is not None or self.session.core.question is not None
        if is_new and asks:
            self.notice.focus_answer()

    # What somebody does.

    def ask(self, notice: Notice | None) -> None:
        """A question of the window's own, above all others; None when it is answered."""
        self._own_notice = notice
        self.refresh()

    def ask_about_link(self, link: str) -> None:
        """Before an address is opened, show where it leads."""

        def answered(act: Callable[[str], object], _: str) -> None:
            self.ask(None)
            act(link)

        words = (("Open", self.open_link), ("Copy", self._copy), ("Cancel", lambda _: None))
        answers = tuple((word, partial(answered, act)) for word, act in words)
        self.ask(Notice(_leads_to(link), answers, on_escape=lambda: self.ask(None)))

    def ask_about_next_link(self) -> None:
        """The newest one; after that, the one before."""
        if found := self.transcript.links():
            at = found.index(self._link) - 1 if self._link in found else -1
            self._link = found[at]
            self.ask_about_link(self._link)

    def escape(self) -> None:
        """Out of whatever is open."""
        if self.finding.is_open:
            self.finding.close()
        elif not self.notice.escape():
            self.typing.focus_set()

    def obey(self, command: str) -> None:
        """A command from a menu."""
        if self.session is not None and self.session.core.question is None:
            self.session.typed(command)

    @property
    def unsent(self) -> int:
        """Lines that would be lost if the window was closed now."""
        typed = sum(1 for line in self.typing.content.split("\n") if line.strip())
        if self.session is None or self.session.is_over:
            return typed
        sending = self.session.core.sending
        return typed + sending.pending + len(sending.unsent)

    def _say(self, text: str) -> bool:
        session = self.session
        if session is None or session.is_over:
            return False
        if session.core.question is not None:
            self.refresh()
            self.notice.focus_answer()
            return False
        self.transcript.to_end()
        if "\n" in text:
            session.pasted(text.split("\n"))
        else:
            session.typed(text)
        return True

    def _write(self, fact: facts.Fact) -> None:
        counts = isinstance(fact, _NEWS)
        lines = _help() if isinstance(fact, facts.HelpShown) else self._screen.lines(fact)
        for pieces in lines:
            self.transcript.add(Entry(pieces, _kind(fact), counts))

    def _copy(self, text: str) -> None:
        self.clipboard_clear()
        self.clipboard_append(text)

    def _back_to_typing(self) -> None:
        self.typing.focus_set()

    def _hint(self, words: str) -> None:
        self.hint.configure(text=words)

    def _tell_limit(self, left: int) -> None:
        words = f"bytes left: {left}" if left >= 0 else f"bytes too long: {-left}"
        style = "Alarm.TLabel" if left < 0 else "Quiet.TLabel"
        self.limit.configure(text=words if left < NEAR else "", style=style)


def _leads_to(link: str) -> str:
    return f"Leads to {links.host(link)}:  {link}" if link else ""


def _kind(fact: facts.Fact) -> str:
    if isinstance(fact, facts.OtherWhispered | facts.OwnWhispered):
        return "private-line"
    if isinstance(fact, facts.HelpShown):
        return "help-line"
    if isinstance(fact, facts.OtherSaid) and fact.calls:
        return "call-line"
    return "line"


def _help() -> list[Pieces]:
    return [[("usage", usage), ("quiet", f"\t{what}")] for usage, what in HELP]
