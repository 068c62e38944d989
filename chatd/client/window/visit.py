"""One stay in one room: a session, from Connect to the end of it."""

from typing import Any, Protocol

from chatd.client import facts
from chatd.client.asking import as_port
from chatd.client.connection import by_tls, endpoint
from chatd.client.core import Core
from chatd.client.effects import Status
from chatd.client.password import PasswordAsked
from chatd.client.session import Face, Session
from chatd.client.stranger import CertificateRefused, TrustAsked, refused
from chatd.client.window.first_page import NAME, PASSWORD, PLACE
from chatd.client.window.notice import Notice
from chatd.client.window.notices import about_certificate
from chatd.client.window.remembered import Place
from chatd.client.window.surroundings import Surroundings
from chatd.passwords import prepared

REFRESH_SECONDS = 0.03
"""However much comes, the state of things is drawn anew no sooner."""


_ABOUT = {facts.NameAsked: NAME, PasswordAsked: PASSWORD, facts.TryAgainAsked: PLACE}
"""Which field the answer to a question goes into."""


class NoPassword(ValueError):
    """What was typed can't be a password, in words."""


class Onlooker(Protocol):
    """Who shows what happens."""

    def let_in(self, visit: "Visit") -> None:
        """We are in for the first time."""

    def turned_away(self, with_what: str, sentence: str) -> None:
        """We are not in, for a reason to be shown beside a field of the first page."""

    def asked(self, notice: Notice) -> None:
        """We are not in before somebody has answered this."""

    def happened(self, fact: facts.Fact) -> None:
        """While we are in."""

    def changed(self) -> None:
        """The state of things may be another one."""

    def over(self, visit: "Visit") -> None:
        """It has ended."""


class Visit:
    """A face. Raises NoPassword, or ValueError in words if ``place`` is none to connect to."""

    def __init__(
        self, place: Place, onlooker: Onlooker, around: Surroundings, password: str = ""
    ) -> None:
        self.place = place
        self.been_in = False
        self._onlooker = onlooker
        self._reactor = reactor = around.reactor
        self._due: Any = None
        self._why = ""  # we are not let in, before it is clear what is asked for
        described = by_tls(place.host)
        host, port = place.host, int(place.port or 0)
        if described:
            host, port = described[0], as_port(described[1])
        where = f"{host} port {port}" if port else host
        core = Core(place.name, reactor.seconds, True, around.reconnect, where, around.past)
        core.password = _prepared(password) or around.password
        trust = around.trust(host, port)
        at = endpoint(host, port, place.tls or bool(described), reactor, trust)
        self.session = Session(core, at, reactor, lambda: onlooker.over(self), trust)

    def start(self, *others: Face) -> None:
        """Go there. ``others`` see it, too."""
        self.session.start(self, *others)

    def abandon(self) -> None:
        """Stop at once."""
        self.session.abandon(Status.INTERRUPTED)

    # What the session asks for.

    def show(self, fact: facts.Fact) -> None:
        """Something has happened."""
        if self.been_in:
            return self._onlooker.happened(fact)
        match fact:
            case facts.Entered():
                self.been_in = True
                self._onlooker.let_in(self)
                self._onlooker.happened(fact)
            case facts.NameRefused(_, sentence):
                self._why = sentence
            case facts.RoomWasFull():
                self._why = "The room is full. Please try again later."
            case facts.NameAsked() | PasswordAsked() | facts.TryAgainAsked():
                self._turned_away(_ABOUT[type(fact)], self._why)
            case TrustAsked(stranger):
                self._onlooker.asked(about_certificate(self.session, stranger))
            case CertificateRefused(stranger):
                self._turned_away(PLACE, " ".join(refused(stranger)))
            case facts.ConnectionFailed(reason):
                self._turned_away(PLACE, f"{reason[:1].upper()}{reason[1:]}.")
        return None

    def refresh(self) -> None:
        """Soon, and once for all that has come until then."""
        if self._due is None and self.been_in:
            self._due = self._reactor.callLater(REFRESH_SECONDS, self._refresh)

    def close(self) -> None:
        """Nothing more will come."""
        if self._due is not None:
            self._due.cancel()
            self._refresh()

    def _refresh(self) -> None:
        self._due = None
        self._onlooker.changed()

    def _turned_away(self, with_what: str, sentence: str) -> None:
        self._onlooker.turned_away(with_what, sentence)
        # Not from within what tells it.
        self._reactor.callLater(0, self.abandon)


def _prepared(password: str) -> str:
    try:
        return prepared(password).decode() if password else ""
    except ValueError as wrong:
        raise NoPassword(str(wrong)) from None


_check: type[Face] = Visit
