"""The face that is nothing but text: a pipe, a file, a dumb terminal."""

import os
import select
import sys
from contextlib import suppress
from enum import Enum
from typing import Any

from twisted.internet import defer
from twisted.internet.interfaces import IHalfCloseableProtocol, IPushProducer
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.python.failure import Failure
from zope.interface import implementer

from chatd.client import facts
from chatd.client.echo import Echo
from chatd.client.password import PasswordAsked
from chatd.client.screen import PROBLEMS, Screen, plain
from chatd.client.session import Face, Session
from chatd.wire.framing import LineBuffer

LINE_BYTES = 65536
"""A longer line of input is refused here; the server's own limit is far below."""


class Source(Enum):
    """Where the lines come from."""

    TYPED = "somebody at a terminal"
    PIPED = "a program or a file: every line is said"
    NONE = "nowhere: the room is followed"


def source() -> Source:
    """What standard input is."""
    if sys.stdin is None or _same_file(0, os.devnull):
        return Source.NONE
    return Source.TYPED if sys.stdin.isatty() else Source.PIPED


@implementer(IHalfCloseableProtocol)
class _Standard(Protocol):
    """Standard input and output, until one of them ends."""

    def __init__(self, face: "Plain") -> None:
        self._face = face
        self.gone: defer.Deferred[None] = defer.Deferred()

    def dataReceived(self, data: bytes) -> None:
        self._face.read(data)

    def readConnectionLost(self) -> None:
        self._face.read_all()

    def writeConnectionLost(self) -> None:
        self._face.unheard()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.gone.callback(None)


@implementer(IPushProducer)
class _Source:
    """What comes from the server is read only as long as standard output takes it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def pauseProducing(self) -> None:
        self._session.hold_back(True)

    def resumeProducing(self) -> None:
        self._session.hold_back(False)

    def stopProducing(self) -> None:
        self._session.hold_back(False)  # receipts are still wanted


class Plain:
    """Text out, lines in."""

    def __init__(self, session: Session, screen: Screen, lines_from: Source, reactor: Any) -> None:
        self._session = session
        self._screen = screen
        self._from = lines_from
        self._reactor = reactor
        self._lines = LineBuffer(LINE_BYTES)
        self._reading = True
        self._echo = Echo()
        self._unheard = False
        self._one_place = sys.stdout.isatty() or _same_file(1, 2)
        self._encoding = sys.stdout.encoding or "utf-8"
        self._blocking = {fd: _blocking(fd) for fd in (0, 1, 2)}
        self._standard, self._stdio = self._open()

    def _open(self) -> tuple[_Standard, Any]:
        make: Any = StandardIO
        standard = _Standard(self)
        if sys.platform == "win32":
            stdio = make(standard, self._reactor)
        else:
            # Copies, because what Twisted has read to its end, it closes.
            stdin = os.open(os.devnull, os.O_RDONLY) if self._from is Source.NONE else os.dup(0)
            stdio = make(standard, stdin, os.dup(1), self._reactor)
        stdio.registerProducer(_Source(self._session), True)
        return standard, stdio

    def _let_go(self) -> None:
        self._stdio.unregisterProducer()
        self._session.hold_back(False)
        self._stdio.loseConnection()

    # What the session asks for.

    def show(self, fact: facts.Fact) -> None:
        """Write it: what is not part of the conversation goes to standard error."""
        text = "".join(f"{plain(line)}\n" for line in self._screen.lines(fact))
        data = text.encode(self._encoding, "replace")
        if isinstance(fact, PROBLEMS) and not self._one_place:
            _complain(data)
        elif isinstance(fact, facts.ScreenCleared):
            self._session.explain("There is no clearing the screen in plain mode.")
        elif data and not self._unheard:
            self._stdio.write(data)

    def refresh(self) -> None:
        """Read on, or wait with reading; a password that is typed is not shown."""
        if self._from is Source.TYPED:
            self._echo.show(not isinstance(self._session.core.question, PasswordAsked))
        wanted = self._from is not Source.PIPED or self._session.core.sending.has_room
        if wanted != self._reading:
            self._reading = wanted
            (self._stdio.resumeProducing if wanted else self._stdio.pauseProducing)()

    def close(self) -> "defer.Deferred[None] | None":
        """Write what is not written yet, and leave everything as it was."""
        self._echo.show(True)
        if self._unheard:
            self._restore(None)
            return None
        self._let_go()
        return self._standard.gone.addCallback(self._restore)

    def _restore(self, _: None) -> None:
        if sys.platform == "win32":
            return
        for fd, blocking in self._blocking.items():
            with suppress(OSError):
                os.set_blocking(fd, blocking)

    # What standard input and output tell.

    def read(self, data: bytes) -> None:
        """Input, cut anywhere."""
        self._lines.feed(data)
        self._take()

    def read_all(self) -> None:
        """The end of input; at a terminal, Ctrl-D, after which more may come."""
        if self._from is Source.NONE:
            return
        self._lines.end()
        self._take()
        if self._from is Source.TYPED:
            self._let_go()
            self._standard, self._stdio = self._open()
        self._session.ended()

    def unheard(self) -> None:
        """Nobody reads our output any more; what there is to say is still said."""
        self._unheard = True
        if self._from is not Source.PIPED:
            self._session.unheard()

    def _take(self) -> None:
        lines = self._lines.take(sys.maxsize)
        if self._from is Source.PIPED:
            self._session.piped(lines)
            return
        for line in lines:
            self._session.typed(line)


def _same_file(fd: int, other: int | str) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), os.stat(other))
    except OSError:
        return False


def _blocking(fd: int) -> bool:
    if sys.platform == "win32":
        return True
    try:
        return os.get_blocking(fd)
    except OSError:
        return True


def _complain(data: bytes) -> None:
    """Write to standard error, which may not block: it can be the same terminal as input."""
    with suppress(OSError):
        while data:
            try:
                data = data[os.write(2, data) :]
            except BlockingIOError:
                if not select.select([], [2], [], 5.0)[1]:
                    return


_check: type[Face] = Plain
