"""Facts as lines for a terminal, a window or a file: each in its words, behind its time.

A face that has colours looks the styles up; one that has none leaves them out, and the
words say everything by themselves.
"""

from collections.abc import Callable
from datetime import date, datetime

from chatd.client import facts, past, past_words
from chatd.client.fact_words import Pieces, words
from chatd.client.password import PasswordAsked
from chatd.client.stranger import CertificateRefused, CertificateShown, TrustAsked


class Screen:
    """``now``: the local time. ``times``: whether each line begins with it. ``marks``:
    whether a line in which somebody calls us is marked by a sign, for want of styles.
    """

    def __init__(
        self, now: Callable[[], datetime], times: bool = True, marks: bool = False
    ) -> None:
        self._now = now
        self._times = times
        self._marks = marks
        self._day: date | None = None

    def lines(self, fact: facts.Fact) -> list[Pieces]:
        """What is to be read of it; nothing for what is no text."""
        bodies = words(fact)
        now = past_words.local(fact.at) if isinstance(fact, past.Said) else self._now()
        if self._marks and calls_us(fact):
            bodies = [[("mark", "! "), *body] for body in bodies]
        if not self._times or not bodies:
            return bodies
        stamp = ("time", f"{now:%H:%M} ")
        lines = [[stamp, *body] for body in bodies]
        if self._day is not None and self._day != now.date():
            lines.insert(0, [("quiet", f"{now:%A, %d %B %Y}")])
        self._day = now.date()
        return lines


def calls_us(fact: facts.Fact) -> bool:
    """Whether somebody wants something of us: worth a bell."""
    return bool(isinstance(fact, facts.OtherSaid) and fact.calls) or isinstance(
        fact, facts.OtherWhispered
    )


def plain(pieces: Pieces) -> str:
    """The text alone."""
    return "".join(text for _, text in pieces)


PROBLEMS = (
    facts.NameRefused,
    facts.RoomWasFull,
    facts.NotBackYet,
    facts.LineRefused,
    facts.Connecting,
    facts.ConnectionFailed,
    facts.ConnectionLost,
    facts.KeptUnsent,
    facts.UnsentWaiting,
    facts.UnsentDropped,
    facts.Undelivered,
    facts.Explained,
    facts.InterruptedOnce,
    facts.WaitingToLeave,
    facts.Stayed,
    facts.HelpShown,
    *(past.Began, past.Ended),
    facts.LeaveAsked,
    facts.NameAsked,
    facts.TryAgainAsked,
    facts.PasteAsked,
    TrustAsked,
    PasswordAsked,
    CertificateShown,
    CertificateRefused,
)
"""Between the person and the client, and no part of the conversation: standard error."""
