"""Each fact in words: pieces of lines, each with the name of its style."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from chatd.client import facts, past, past_words
from chatd.client.colours import colour_of
from chatd.client.password import PasswordAsked
from chatd.client.stranger import (
    CertificateRefused,
    CertificateShown,
    TrustAsked,
    refused,
    shown,
)
from chatd.client.typed import HELP
from chatd.errors import Refused
from chatd.names import Name

Piece = tuple[str, str]
"""The name of a style, and text."""

Pieces = list[Piece]

_NOT_OURS = Name.chosen("You").looks


def question(asked: facts.Question) -> str:
    """The question in words."""
    match asked:
        case facts.LeaveAsked(unsent):
            unsaid = f" {_lines(unsent).capitalize()} unsent." if unsent else ""
            return f"Leave the chat?{unsaid} (y/yes)"
        case facts.NameAsked():
            return "User name:"
        case facts.TryAgainAsked():
            return "Try again? (y/yes, n/no)"
        case PasswordAsked(own):
            return f"Password for {_short(own)} (empty: another name):" if own else "Password:"
        case TrustAsked():
            return "Trust it from now on? (y/yes, n/no)"
        case facts.PasteAsked(lines, commands):
            even = "" if not commands else ", commands and all"
            return f"Say these {len(lines)} lines to everyone{even}? (y/yes)"


def name(shown: str) -> Piece:
    """A name in its colour. One that could be read as our own 'You' gets a tilde."""
    return (f"name-{colour_of(shown)}", _marked(shown))


@lru_cache(maxsize=1000)
def _marked(shown: str) -> str:
    try:
        return shown if Name.chosen(shown).looks.isdisjoint(_NOT_OURS) else f"~{shown}"
    except Refused:
        return shown  # a guest's, in angle brackets


def prompt_name(own: str) -> Piece:
    """Our own name for before the input line, where there is no room for more than a name."""
    style, _ = name(own)
    return (style, _short(own))


def _lines(count: int) -> str:
    return f"{count} line is" if count == 1 else f"{count} lines are"


def _with_calls(text: str, calls: tuple[tuple[int, int], ...]) -> Pieces:
    pieces: Pieces = []
    done = 0
    for start, end in calls:
        pieces += [("", text[done:start]), ("call", text[start:end])]
        done = end
    return [piece for piece in [*pieces, ("", text[done:])] if piece[1]]


def _quiet(words: str) -> list[Pieces]:
    return [[("quiet", words)]]


def _alarm(words: str) -> list[Pieces]:
    return [[("alarm", words)]]


def _own_said(fact: facts.OwnSaid) -> list[Pieces]:
    return [[("own", "You"), ("", f": {fact.text}")]]


def _other_said(fact: facts.OtherSaid) -> list[Pieces]:
    return [[name(fact.speaker), ("", ": "), *_with_calls(fact.text, fact.calls)]]


def _own_whispered(fact: facts.OwnWhispered) -> list[Pieces]:
    start = [("private", "[private] "), ("own", "You"), ("", " to ")]
    return [[*start, name(fact.to), ("", f": {fact.text}")]]


def _other_whispered(fact: facts.OtherWhispered) -> list[Pieces]:
    return [[("private", "[private] "), name(fact.speaker), ("", f": {fact.text}")]]


def _entered(fact: facts.Entered) -> list[Pieces]:
    where = "Back in the chat" if fact.again else "You are in the chat"
    more = " /help tells what can be typed." if fact.helps else ""
    return _quiet(f"{where} as {fact.name}.{more}")


def _line_refused(fact: facts.LineRefused) -> list[Pieces]:
    which = f"Line {fact.number}" if fact.number else f"“{_short(fact.text)}”"
    return _alarm(f"{which}: {fact.sentence}" if fact.number or fact.text else fact.sentence)


def _short(text: str) -> str:
    return text if len(text) <= 48 else f"{text[:47]}…"


def _failed(fact: facts.ConnectionFailed) -> list[Pieces]:
    return _alarm(f"Cannot reach the chat: {fact.reason}." + (_TRYING if fact.again else ""))


def _lost(fact: facts.ConnectionLost) -> list[Pieces]:
    return _alarm(f"The server has gone: {fact.reason}." + (_TRYING if fact.again else ""))


_TRYING = " Trying again until it is back."


def _kept(fact: facts.KeptUnsent) -> list[Pieces]:
    mark = "[unsent, or perhaps sent] " if fact.perhaps else "[unsent] "
    to = f" to {fact.to}" if fact.to else ""
    return [[("alarm", mark), ("own", "You"), ("", f"{to}: {fact.text}")]]


def _help(_: facts.HelpShown) -> list[Pieces]:
    width = max(len(usage) for usage, _ in HELP)
    return [[("quiet", f"{usage:{width}}  {what}")] for usage, what in HELP]


def _undelivered(fact: facts.Undelivered) -> list[Pieces]:
    have = "line has" if fact.count == 1 else "lines have"
    return _alarm(f"{fact.count} {have} not arrived, or not for certain.")


def _asked(fact: facts.Question) -> list[Pieces]:
    return [[("question", question(fact))]]


def words(fact: facts.Fact) -> list[Pieces]:
    """A line each; none for what is no text."""
    return _WORDS[type(fact)](fact)


_WORDS: dict[type, Callable[[Any], list[Pieces]]] = {
    facts.OwnSaid: _own_said,
    facts.OtherSaid: _other_said,
    facts.OwnWhispered: _own_whispered,
    facts.OtherWhispered: _other_whispered,
    facts.CameIn: lambda fact: _quiet(f"{_marked(fact.name)} joined the chat"),
    facts.WentOut: lambda fact: _quiet(f"{_marked(fact.name)} has left the chat"),
    facts.PeopleListed: lambda fact: _quiet("Online: " + ", ".join(map(_marked, fact.names))),
    facts.ServerSaid: lambda fact: [
        [("quiet", f"SERVER: {line}")] for line in fact.text.split("\n")
    ],
    facts.Entered: _entered,
    facts.NameRefused: lambda fact: _alarm(fact.sentence),
    facts.RoomWasFull: lambda _: _alarm("Sorry, the chat is full."),
    facts.NotBackYet: lambda fact: _quiet(f"{fact.sentence} Trying again in a moment."),
    facts.LineRefused: _line_refused,
    facts.Connecting: lambda fact: _quiet(f"Connecting to {fact.where}..."),
    facts.ConnectionFailed: _failed,
    facts.ConnectionLost: _lost,
    facts.KeptUnsent: _kept,
    facts.UnsentWaiting: lambda fact: _alarm(
        f"{_lines(fact.count).capitalize()} unsent: /send or /drop?"
    ),
    facts.UnsentDropped: lambda fact: _quiet(f"Unsent lines forgotten: {fact.count}."),
    facts.PasteDropped: lambda fact: _quiet(f"The {fact.count} lines were not said."),
    facts.Stayed: lambda _: _quiet("You are still here."),
    facts.InterruptedOnce: lambda _: _quiet("Ctrl-C once more leaves the chat."),
    facts.WaitingToLeave: lambda fact: _quiet(
        f"Leaving when the server has all: {fact.count} to go. Ctrl-C leaves at once."
    ),
    facts.Undelivered: _undelivered,
    facts.Explained: lambda fact: _alarm(fact.sentence),
    facts.HelpShown: _help,
    facts.ScreenCleared: lambda _: [],
    **dict.fromkeys((past.Began, past.Said, past.Ended, past.Recording), past_words.words),
    facts.LeaveAsked: _asked,
    facts.NameAsked: _asked,
    facts.TryAgainAsked: _asked,
    facts.PasteAsked: _asked,
    TrustAsked: _asked,
    PasswordAsked: _asked,
    CertificateShown: lambda fact: [[("", line)] for line in shown(fact.stranger)],
    CertificateRefused: lambda fact: [[("alarm", line)] for line in refused(fact.stranger)],
}
