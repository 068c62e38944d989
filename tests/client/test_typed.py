"""What typed lines mean."""

import pytest

from chatd.client.completion import Completed, complete
from chatd.client.typed import (
    ClearScreen,
    DropUnsent,
    Exit,
    Reply,
    SendUnsent,
    ShowHelp,
    ShowSince,
    looks_like_command,
    meaning,
)
from chatd.errors import Refused
from chatd.wire import commands as asked


def said(text: str) -> asked.Broadcast:
    return asked.Broadcast((text,))


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("hello", said("hello")),
        ("  hello ", said("  hello")),
        ("", None),
        ("   ", None),
        ("BCST hi", said("hi")),
        ("MESG drew hi there", asked.Message("drew", "hi there")),
        ("LIST", asked.ListPeople()),
        ("QUIT", asked.Quit()),
        ("HELP", asked.Help()),
        ("PING x", asked.Ping("x")),
        ("HIST 10", asked.Recall("10")),
        ("HIST search two words", asked.Recall("search two words")),
        ("RECORD off", asked.Record("off")),
        # A verb in lower case, or with words behind it that it does not take, is text.
        ("list", said("list")),
        ("quit", said("quit")),
        ("mesg drew hi", said("mesg drew hi")),
        ("LIST YOUR FAVOURITES", said("LIST YOUR FAVOURITES")),
        ("QUIT SHOUTING", said("QUIT SHOUTING")),
        ("HELP ME", said("HELP ME")),
        ("JOIN US TONIGHT", said("JOIN US TONIGHT")),
        ("HISTORY", said("HISTORY")),
        ("/msg drew hi  there", asked.Message("drew", "hi  there")),
        ("/msg drew: hi", asked.Message("drew", "hi")),
        ("/MSG drew hi", asked.Message("drew", "hi")),
        ("/msg <192.0.2.1> hi", asked.Message("<192.0.2.1>", "hi")),
        (" /msg drew hi", asked.Message("drew", "hi")),
        ("\u00a0/msg drew hi", asked.Message("drew", "hi")),
        ("\tMESG drew hi", asked.Message("drew", "hi")),
        ("  // code", said("  // code")),
        ("/reply hi", Reply("hi")),
        ("/list", asked.ListPeople()),
        ("/history", asked.Recall("20")),
        ("/history 007", asked.Recall("7")),
        ("/since 2h", ShowSince("2h")),
        ("/search two words", asked.Recall("search two words")),
        ("/record OFF", asked.Record("off")),
        ("/record", asked.Record("")),
        ("/help", ShowHelp()),
        ("/clear", ClearScreen()),
        ("/send", SendUnsent()),
        ("/drop", DropUnsent()),
        ("/quit", asked.Quit()),
        ("//etc/hosts", said("/etc/hosts")),
        ("///", said("//")),
        ("exit", Exit()),
        (" Exit ", Exit()),
        ("exit strategy", said("exit strategy")),
        ("a\x1b[31mb\x07", said("ab")),
    ],
)
def test_meaning(line: str, meant: object) -> None:
    """Text is said, verbs in capitals and slash commands are obeyed."""
    assert meaning(line) == meant


@pytest.mark.parametrize(
    "line",
    [
        "/",
        "/mgs drew x",
        "/msg",
        "/msg drew",
        "/msg drew ",
        "/reply",
        "/history all",
        "/history -1",
        "/history 0",
        "/since",
        "/search",
        "/search ",
        "/record maybe",
        "MESG",
        "MESG drew",
        "BCST",
        " /mgs x",
    ],
)
def test_explained(line: str) -> None:
    """What is half a command is explained, never said: it may be private."""
    with pytest.raises(Refused):
        meaning(line)


def test_slash_lines_are_told_how_to_be_said() -> None:
    """Somebody who wants to say a path is told how."""
    with pytest.raises(Refused) as refused:
        meaning("/etc/hosts is broken")
    assert "type //etc/hosts instead" in refused.value.sentence


def test_looks_like_command() -> None:
    """Pasted text is checked for lines that would do something."""
    for line in ("/msg drew x", "/foo", "QUIT", "MESG drew", "exit", "BCST x"):
        assert looks_like_command(line), line
    for line in ("hello", "  text", "quit", "a/b", "x\ty"):
        assert not looks_like_command(line), line


@pytest.mark.parametrize(
    ("before", "completed"),
    [
        ("dre", Completed("drew: ")),
        ("DRE", Completed("drew: ")),
        ("hello dre", Completed("hello drew ")),
        ("/msg dre", Completed("/msg drew ")),
        ("dr", Completed("dr", ("drew", "Drusilla"))),
        ("d", Completed("d", ("drew", "Drusilla", "dani"))),
        ("x", Completed("x")),
        ("/l", Completed("/list ")),
        ("/re", Completed("/re", ("/reply", "/record"))),
        ("/rep", Completed("/reply ")),
        ("//", Completed("//")),
        ("a /l", Completed("a /l")),
        ("ja", Completed("ja-", ("ja-1", "ja-2"))),
        ("<", Completed("<192.0.2.1>: ")),
    ],
)
def test_tab(before: str, completed: Completed) -> None:
    """Tab completes names and commands, as far as they are certain."""
    people = ("drew", "Drusilla", "dani", "ja-1", "ja-2", "<192.0.2.1>")
    assert complete(before, people) == completed
