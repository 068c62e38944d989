"""What a typed line means.

The protocol's verbs work in capitals, as with netcat; in lower case they are words like
any other. Whatever looks like a command and is none is explained, never said: it may be
half of a private line.
"""

import re
from collections.abc import Callable

import attrs

from chatd.client import order_words
from chatd.errors import Refused
from chatd.when import EXAMPLES
from chatd.wire import commands as asked
from chatd.wire.text import clean


@attrs.frozen
class Reply:
    """Answer whoever wrote to us alone last."""

    text: str


@attrs.frozen
class Exit:
    """Leave, after being asked whether that is meant."""


@attrs.frozen
class ShowHelp:
    """Tell what can be typed."""


@attrs.frozen
class ClearScreen:
    """Empty the screen."""


@attrs.frozen
class SendUnsent:
    """Send what was kept while the server was away."""


@attrs.frozen
class DropUnsent:
    """Forget it."""


@attrs.frozen
class ShowSince:
    """Show what was said since then: a time as people write it."""

    time: str


Meaning = (
    asked.Command | Reply | Exit | ShowHelp | ClearScreen | SendUnsent | DropUnsent | ShowSince
)

HELP = (
    ("text", "say it to everyone"),
    ("/msg NAME TEXT", "say it to one person, in private"),
    ("/reply TEXT", "answer whoever wrote to you in private last"),
    ("/list", "who is here"),
    ("/history [N]", "the last N lines that were said to everyone; 20 without N"),
    ("/since TIME", "all of them since then: 21:00, yesterday, 2026-11-20, 2h"),
    ("/search WORDS", "those with all these words"),
    ("/record off", "the room keeps nothing of what you say from now on; on: it does"),
    ("/record forget", "the room forgets what it has kept of you since you came in"),
    *order_words.HELP,
    ("/send, /drop", "send, or forget, what you typed while the server was away"),
    ("/clear", "empty the screen"),
    ("/help", "this"),
    ("/quit", "leave; exit and Ctrl-D ask first"),
    ("//text", "say a line that begins with a slash"),
    *order_words.OPERATORS_HELP,
)
SLASH_COMMANDS = (
    "/msg",
    "/reply",
    "/list",
    "/history",
    "/since",
    "/search",
    "/record",
    "/send",
    "/drop",
    "/clear",
    "/help",
    "/quit",
    *order_words.COMMANDS,
)
PAST_LINES = 20

# Only what the verb can be followed by: "LIST your favourites" is a shout, not a command.
_VERB = re.compile(
    r"(BCST|MESG)(\s.*)?|(LIST|QUIT|HELP)\s*|(PING|JOIN)(\s+\S+)?\s*"
    r"|HIST(\s+(\d+|since\s.+|search\s.+))?\s*|RECORD\s+(on|off|forget)\s*"
)


def meaning(line: str) -> Meaning | None:
    """What the line asks for; None if it is blank.

    Raises Refused, with a sentence for whoever typed it.
    """
    line = tidy(line)
    if not line or line.isspace():
        return None
    if line.startswith("//"):
        return asked.Broadcast((line[1:],))
    # A blank before it must not make a private line public.
    bare = line.lstrip()
    if bare.startswith("/") and not bare.startswith("//"):
        return _slash(bare)
    if _VERB.fullmatch(bare) or order_words.VERB.fullmatch(bare):
        return asked.parse(bare)
    if line.strip().lower() == "exit":
        return Exit()
    return asked.Broadcast((line,))


def looks_like_command(line: str) -> bool:
    """Whether the line would be something else than said, if it were typed."""
    try:
        return meaning(line) != asked.Broadcast((tidy(line),))
    except Refused:
        return True


def tidy(line: str) -> str:
    """The line as it can be sent: without control characters or a line end."""
    return clean(line).replace("\n", " ").rstrip()


def as_text(line: str) -> str:
    """The line without the marks that bytes leave which the terminal's encoding lacks.

    Raises Refused if these bytes are no UTF-8 either.
    """
    try:
        return line.encode("utf-8", "surrogateescape").decode()
    except UnicodeError:
        raise Refused("not-utf8", "That line was not UTF-8 text. Nobody has seen it.") from None


def is_goodbye(answer: str) -> bool:
    """Whether somebody wants to leave instead of answering."""
    return answer.strip().lower() in ("exit", "/quit")


def is_yes(answer: str) -> bool:
    """Whether this answers a question with yes."""
    return answer.strip().lower() in ("y", "yes")


def _slash(line: str) -> Meaning:
    word, _, rest = line.partition(" ")
    make = _SLASH.get(word.lower())
    if make is None:
        raise Refused(
            "unknown-command",
            f"There is no command {word}, and nobody has seen this line. /help tells what there"
            f" is; to say a line that begins with a slash, type /{word} instead.",
        )
    return make(rest.strip())


def _message(rest: str) -> Meaning:
    to, _, text = rest.partition(" ")
    if not text.strip():
        raise Refused("usage", "Please type: /msg NAME TEXT")
    return asked.Message(to.removesuffix(":"), text.strip())


def _reply(rest: str) -> Meaning:
    if not rest:
        raise Refused("usage", "Please type: /reply TEXT")
    return Reply(rest)


def _history(rest: str) -> Meaning:
    count = rest or str(PAST_LINES)
    if not (count.isascii() and count.isdigit() and len(count) < 10 and int(count)):
        raise Refused("usage", "Please type: /history, or /history NUMBER")
    return asked.Recall(str(int(count)))


def _since(rest: str) -> Meaning:
    if not rest:
        raise Refused("usage", f"Please type: /since TIME, with a time such as {EXAMPLES}.")
    return ShowSince(rest)


def _search(rest: str) -> Meaning:
    if not rest:
        raise Refused("usage", "Please type: /search WORDS")
    return asked.Recall(f"search {rest}")


def _record(rest: str) -> Meaning:
    if rest.lower() not in ("", "on", "off", "forget"):
        raise Refused("usage", "Please type: /record on, /record off or /record forget")
    return asked.Record(rest.lower())


_SLASH: dict[str, Callable[[str], Meaning]] = {
    "/msg": _message,
    "/reply": _reply,
    "/list": lambda _: asked.ListPeople(),
    "/history": _history,
    "/since": _since,
    "/search": _search,
    "/record": _record,
    "/send": lambda _: SendUnsent(),
    "/drop": lambda _: DropUnsent(),
    "/clear": lambda _: ClearScreen(),
    "/help": lambda _: ShowHelp(),
    "/quit": lambda _: asked.Quit(),
    **order_words.SLASH,
}
