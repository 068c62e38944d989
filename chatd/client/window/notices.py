"""What the bar at the top says about the state of things, and what can be done about it."""

from chatd.client import facts
from chatd.client.core import Core
from chatd.client.fact_words import question
from chatd.client.password import PasswordAsked
from chatd.client.session import Session
from chatd.client.stranger import Stranger, TrustAsked, shown
from chatd.client.window.notice import Notice

TRYING = "Trying again until it is back; what you type is kept."


def notice_of(session: Session, reason: str) -> Notice | None:
    """The most pressing thing. ``reason``: why there is no connection, in a sentence."""
    core = session.core
    if core.question is not None:
        return _asked(session, core.question)
    if core.ending:
        return _leaving(session, core)
    if not core.is_in:
        text = f"{reason or 'There is no connection to the chat.'} {TRYING}"
        return Notice(text, (("Leave", lambda _: session.leave()),))
    if count := len(core.sending.unsent):
        lines = "1 line is" if count == 1 else f"{count} lines are"
        send = ("Send now", lambda _: session.typed("/send"))
        return Notice(f"{lines} unsent.", (send, ("Forget", lambda _: session.typed("/drop"))))
    return None


def about_certificate(session: Session, stranger: Stranger) -> Notice:
    """Somebody should look at it before it is trusted."""
    no = ("Don't connect", lambda _: session.typed("no"))
    yes = ("Trust it from now on", lambda _: session.typed("yes"))
    return Notice("\n".join(shown(stranger)), (no, yes), on_escape=lambda: session.typed("no"))


def _leaving(session: Session, core: Core) -> Notice | None:
    if not core.sending.pending:
        return None
    text = f"Leaving when the server has all: {core.sending.pending} to go."
    return Notice(text, (("Leave at once", lambda _: session.abandon()),))


def _asked(session: Session, asked: facts.Question) -> Notice:
    leave = ("Leave", lambda _: session.leave())
    text = question(asked).partition(" (")[0]
    match asked:
        case facts.NameAsked():
            text = f"{session.core.name} can't come in. Another name:"
            return Notice(text, (("Join", session.typed), leave), field=True)
        case facts.TryAgainAsked():
            text = "The room is full."
            return Notice(text, (("Try again", lambda _: session.typed("yes")), leave))
        case PasswordAsked(name):
            answers = (
                ("Join", session.typed),
                ("Another name", lambda _: session.typed("")),
                leave,
            )
            return Notice(f"Password for {name}:", answers, field=True, secret=True)
        case TrustAsked(stranger):
            return about_certificate(session, stranger)
        case facts.LeaveAsked():
            words = ("Leave", "Stay")
        case facts.PasteAsked():
            words = ("Say them", "Don't")
    yes = (words[0], lambda _: session.typed("yes"))
    no = (words[1], lambda _: session.typed("no"))
    return Notice(text, (yes, no), on_escape=lambda: session.typed("no"))
