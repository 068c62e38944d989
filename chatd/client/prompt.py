"""The face on a terminal: an input line at the bottom that nothing ever breaks.

What arrives is written above it, into the terminal's own scrollback. prompt_toolkit's
``run_in_terminal`` would give the keyboard back to the terminal for that moment, which
then echoes what is typed into the middle of things; so the input line is taken away,
the lines are written and the line is drawn anew, without leaving raw mode.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.filters import Condition, is_searching
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import Dimension
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import Style
from twisted.internet import defer
from twisted.python.failure import Failure

from chatd.client import facts
from chatd.client.colours import PALETTE
from chatd.client.completion import complete
from chatd.client.fact_words import Pieces, prompt_name, question
from chatd.client.password import PasswordAsked, is_secret
from chatd.client.screen import Screen, calls_us
from chatd.client.session import Face, Session
from chatd.client.terminal import History, Paper

# Each of these can be read on black and on white.
_STYLES = {
    "time": "#767676",
    "quiet": "#767676",
    "past": "#767676",
    "own": "bold",
    "private": "#af00ff bold",
    "alarm": "#d70000",
    "call": "bold reverse",
    "question": "bold",
} | {f"name-{number}": colour for number, colour in enumerate(PALETTE)}


class Prompt:
    """Start it, and then the session."""

    def __init__(self, session: Session, screen: Screen, bell: bool, history: Path) -> None:
        os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")  # nothing here asks where it is
        self._session = session
        self._screen = screen
        self._bell = bell
        self._unwritten: list[tuple[str, str]] = []
        self._style = Style.from_dict(_STYLES)
        self._paper = None if sys.platform == "win32" else Paper.of_this_terminal()
        secret = Condition(lambda: isinstance(session.core.question, PasswordAsked))
        self._prompt: PromptSession[str] = PromptSession(
            self._draw,
            history=History(history),
            key_bindings=self._keys(),
            style=self._style,
            erase_when_done=True,
            complete_while_typing=False,
            is_password=secret,
            color_depth=ColorDepth.from_env(),
            output=self._paper,
        )
        self._prompt.layout.current_window.height = self._tallest
        self._drawn = FormattedText()
        self._asked: facts.Question | None = None
        self._put_aside = ""  # what was half typed when a question came in between
        self._over: defer.Deferred[Any] | None = None

    @property
    def _app(self) -> Application[str]:
        return self._prompt.app

    def _tallest(self) -> Dimension:
        # What is taller than the window can't be taken away again before a line is written.
        return Dimension(max=max(1, self._app.output.get_size().rows // 2))

    def start(self) -> "defer.Deferred[None]":
        """Show the input line; fires when keys are being read."""
        running: defer.Deferred[None] = defer.Deferred()
        shown = self._prompt.prompt_async(
            pre_run=lambda: running.callback(None),
            handle_sigint=False,
            set_exception_handler=False,
        )
        self._over = defer.Deferred.fromFuture(asyncio.ensure_future(shown))
        self._over.addErrback(self._broke)
        return running

    def _broke(self, reason: Failure) -> None:
        if not reason.check(EOFError) and self._has_terminal:
            reason.printTraceback(sys.stderr)
        self._session.abandon()

    @property
    def _has_terminal(self) -> bool:
        return self._paper is None or os.isatty(0)

    # What the session asks for.

    def show(self, fact: facts.Fact) -> None:
        """Write it above the input line. A question is asked in the input line itself."""
        if isinstance(fact, facts.ScreenCleared):
            self._app.renderer.clear()
        if isinstance(fact, facts.Question):
            return
        for line in self._screen.lines(fact):
            self._write(line)
        if self._bell and calls_us(fact):
            self._app.output.bell()

    def refresh(self) -> None:
        """Draw the input line anew, below what has come."""
        if not self._has_terminal:  # and nobody has told us, because SIGHUP is ignored
            return self._session.abandon()
        if self._unwritten:
            self._app.renderer.erase()
            print_formatted_text(
                self._app.output,
                FormattedText(self._unwritten),
                self._style,
                color_depth=self._app.color_depth,
            )
            self._unwritten = []
        elif self._message() == self._drawn:
            return None  # writing to a terminal for nothing may undo what somebody has selected
        self._make_room_for_answer()
        return self._app.invalidate()

    def _make_room_for_answer(self) -> None:
        # Enter must not make a name of what was meant for the room, or for another question.
        buffer, asked = self._prompt.default_buffer, self._session.core.question
        if asked is not None and asked is not self._asked:
            if self._asked is None:
                self._put_aside = buffer.text
            buffer.reset()
        elif asked is None and self._put_aside:
            buffer.insert_text(self._put_aside)
            self._put_aside = ""
        self._asked = asked

    def close(self) -> "defer.Deferred[Any] | None":
        """Take the input line away and give the terminal back."""
        self.refresh()
        if self._paper is not None and self._has_terminal:
            self._paper.give_back()
        if self._app.is_running and not self._app.is_done:
            self._app.exit(result="")
        return self._over

    def _write(self, line: Pieces) -> None:
        self._unwritten += [(f"class:{style}" if style else "", text) for style, text in line]
        self._unwritten.append(("", "\n"))

    def _draw(self) -> FormattedText:
        self._drawn = self._message()
        return self._drawn

    def _message(self) -> FormattedText:
        core = self._session.core
        if core.question is not None:
            return FormattedText([("class:question", question(core.question) + " ")])
        if not core.is_in:
            return FormattedText([("class:alarm", "(no connection) "), ("", "> ")])
        style, shown = prompt_name(core.name)
        off = [("class:alarm", " (not kept)")] if core.recording.is_off else []
        return FormattedText([(f"class:{style}", shown), *off, ("", "> ")])

    # Keys.

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        empty = Condition(lambda: not self._prompt.default_buffer.text)
        keys.add("enter", filter=~is_searching)(self._enter)
        keys.add("space", filter=~is_searching)(self._space)
        keys.add("tab", filter=~is_searching)(self._tab)
        keys.add("c-z", filter=~is_searching)(self._suspend)
        keys.add("c-c", filter=~is_searching)(self._interrupt)
        keys.add(Keys.Vt100MouseEvent)(lambda _: None)  # none was asked for: typed by hand
        keys.add("c-d", filter=~is_searching & empty)(lambda _: self._session.ended())
        return keys

    def _enter(self, event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        text = buffer.text
        if self._session.core.question is None and text.strip() and not is_secret(text):
            buffer.append_to_history()
        buffer.reset()
        if "\n" in text:
            self._session.pasted(text.split("\n"))
        else:
            self._session.typed(text)

    def _interrupt(self, event: KeyPressEvent) -> None:
        cleared = bool(event.current_buffer.text)
        event.current_buffer.reset()
        self._session.interrupted(cleared)

    def _space(self, event: KeyPressEvent) -> None:
        # Whoever is answered is seen while the answer is typed, and can't change meanwhile.
        buffer, to = event.current_buffer, self._session.core.answer_to
        if to and buffer.document.text_before_cursor == "/reply":
            buffer.delete_before_cursor(len("/reply"))
            buffer.insert_text(f"/msg {to}")
        buffer.insert_text(" ")

    def _suspend(self, event: KeyPressEvent) -> None:
        if self._paper is not None:
            self._paper.give_back()
        event.app.suspend_to_background()

    def _tab(self, event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if isinstance(self._session.core.question, PasswordAsked):
            return
        before = buffer.document.text_before_cursor
        completed = complete(before, self._session.core.people)
        if completed.before != before:
            buffer.delete_before_cursor(len(before))
            buffer.insert_text(completed.before)
        elif completed.choices:
            self._write([("quiet", "  ".join(completed.choices))])
            self.refresh()


_check: type[Face] = Prompt
