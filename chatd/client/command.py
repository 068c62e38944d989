"""The ``chat`` command: its words, and how it ends."""

import argparse
import importlib.util
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from chatd import __version__
from chatd.client.asking import HOST, PORT, check, complete
from chatd.client.connection import endpoint
from chatd.client.core import Core
from chatd.client.effects import Status
from chatd.client.password import VARIABLE, given
from chatd.client.record import Record, recorded
from chatd.client.screen import Screen
from chatd.client.session import Face, Session
from chatd.client.streams import open_the_closed
from chatd.client.trust import KnownRooms, Trust, state_file
from chatd.client.typed import PAST_LINES

HISTORY = (
    "show the last N lines that were said before you came, and what you miss while the server"
    f" is away ({PAST_LINES} on a terminal, else 0)"
)
LAST_WORDS_SECONDS = 2.0
"""For so long a TERM signal waits until they are shown."""
NO_PROMPT = (
    "chat: plain mode, because prompt_toolkit is not installed. It would add line editing,"
    " history, Tab and colours: pip install 'chatd[client]'"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; the exit status is one of Status.

    Raises:
        KeyboardInterrupt: Ctrl-C came before there was a conversation, or while one ended.
    """
    open_the_closed()
    asked = _parser().parse_args(arguments)
    if asked.gui and asked.plain:
        return _usage("--gui and --plain do not go together")
    try:
        check(asked) if asked.gui else complete(asked)
        asked.password = given(asked.password_file)
        record = recorded(Path(asked.log)) if asked.log else None
    except ValueError as wrong:
        return _usage(str(wrong))
    except OSError as wrong:
        return _usage(f"cannot log to {asked.log}: {wrong.strerror}")
    except EOFError:
        raise KeyboardInterrupt from None
    if asked.gui:
        if record is not None:
            record.close()  # the window opens it for each stay in a room
        return _open_window(asked)
    fancy = _fancy(asked)
    if fancy:
        import asyncio

        from twisted.internet import asyncioreactor

        asyncioreactor.install(asyncio.SelectorEventLoop())
    from twisted.internet import reactor

    try:
        return _run(asked, fancy, record, reactor)
    except ValueError as wrong:
        return _usage(str(wrong))


def _open_window(asked: argparse.Namespace) -> int:
    from chatd.client.window.start import NoWindow, run

    try:
        return run(asked)
    except NoWindow as wrong:
        return _usage(str(wrong))


def _usage(what: str) -> Status:
    print(f"chat: {what}", file=sys.stderr)
    return Status.USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chat", description="Talk to the people in a chatd room. See chat(1)."
    )
    add = parser.add_argument
    add("host", nargs="?", help=f"host, or a Twisted endpoint such as tls:HOST:PORT ({HOST})")
    add("port", nargs="?", help=f"port ({PORT})")
    add("--name", help="your name in the chat (the login name); empty: a guest's")
    add("--tls", action="store_true", help="connect by TLS")
    add("--fingerprint", metavar="SHA256", help="connect by TLS, and trust this certificate alone")
    add("--password-file", metavar="FILE", help=f"a file with the password; else {VARIABLE}")
    add("--gui", action="store_true", help="open a window on the desktop")
    add("--plain", action="store_true", help="nothing but text, even on a terminal")
    add("--no-reconnect", action="store_true", help="end when the connection is lost")
    add("--history", metavar="N", type=_count, help=HISTORY)
    add("--log", metavar="FILE", help="append the conversation to FILE")
    add("--no-time", action="store_true", help="do not show the time of each line")
    add("--no-bell", action="store_true", help="do not ring when somebody calls you")
    add("--version", action="version", version=f"chatd {__version__}")
    return parser


def _count(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        raise argparse.ArgumentTypeError(f"{word!r} is not a number of lines")
    return int(word)


def _fancy(asked: argparse.Namespace) -> bool:
    """Whether this is a terminal that can do more than text, and so can we."""
    on_terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    kind = os.environ.get("TERM", "windows" if sys.platform == "win32" else "dumb")
    if asked.plain or not on_terminal or kind in ("", "dumb", "unknown"):
        return False
    if importlib.util.find_spec("prompt_toolkit") is None:
        print(NO_PROMPT, file=sys.stderr)
        return False
    return True


def _run(asked: argparse.Namespace, fancy: bool, record: Record | None, reactor: Any) -> int:
    from chatd.client.plain import Source, source

    def done() -> None:
        if reactor.running:
            reactor.stop()

    rooms = KnownRooms(state_file("known_rooms"))
    trust = Trust(asked.host, asked.port, rooms, asked.fingerprint or "")
    place = endpoint(asked.host, asked.port, asked.tls, reactor, trust)
    someone = source() is Source.TYPED
    where = f"{asked.host} port {asked.port}" if asked.port else asked.host
    past = asked.history if asked.history is not None else PAST_LINES * someone
    core = Core(asked.name, reactor.seconds, someone, not asked.no_reconnect, where, past)
    core.password = asked.password
    session = Session(core, place, reactor, done, trust)
    # From within its loop: asyncio must know which one is running.
    reactor.callLater(0, _start, session, asked, fancy, record, reactor)
    signal.signal(signal.SIGINT, lambda *_: reactor.callFromThread(_interrupted, session, reactor))
    reactor.run()
    return Status.TERMINATED if session.status is None else session.status


def _start(
    session: Session, asked: argparse.Namespace, fancy: bool, record: Record | None, reactor: Any
) -> None:
    # Here, because the reactor sets its own when it starts.
    end = partial(reactor.callFromThread, _terminated, session, reactor)
    signal.signal(signal.SIGTERM, lambda *_: end())
    others: list[Face] = []
    if record is not None:
        others.append(record)
    marks = not fancy and sys.stdout.isatty()
    screen = Screen(datetime.now, not asked.no_time, marks)
    if not fancy:
        from chatd.client.plain import Plain, source

        return session.start(Plain(session, screen, source(), reactor), *others)
    from chatd.client.prompt import Prompt

    prompt = Prompt(session, screen, not asked.no_bell, state_file("typed"))
    reactor.addSystemEventTrigger("before", "shutdown", prompt.close)
    prompt.start().addCallback(lambda _: session.start(prompt, *others))
    return None


def _interrupted(session: Session, reactor: Any) -> None:
    if session.is_over:  # and something does not take its last words
        reactor.stop()
    else:
        session.interrupted()


def _terminated(session: Session, reactor: Any) -> None:
    session.abandon(Status.TERMINATED)
    reactor.callLater(LAST_WORDS_SECONDS, reactor.stop)


if __name__ == "__main__":
    sys.exit(main())
