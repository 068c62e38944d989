"""What the client does where the room does not let us in, or does not keep us."""

from typing import TYPE_CHECKING

from chatd.client import facts
from chatd.client.effects import Status
from chatd.client.password import PasswordAsked
from chatd.client.typed import is_goodbye
from chatd.passwords import prepared

if TYPE_CHECKING:
    from chatd.client.core import Core

PUTTING_OUT = ("kicked", "banned")
"""Refusals after which it would be rude, and in vain, to come back unasked."""

_WRONG = {
    "password-needed": "A password is needed here.",
    "wrong-password": "That is not the password.",
}


def refused(core: "Core", code: str, sentence: str) -> None:
    """JOIN was refused."""
    if code in _WRONG:
        return _locked_out(core, code)
    fact = facts.NameRefused(core.name, sentence)
    if code in PUTTING_OUT:
        return _stand_aside(core, fact, facts.NameAsked())
    again = code in ("room-closed", "too-many-tries")
    return core.not_let_in(fact, sentence, facts.TryAgainAsked() if again else facts.NameAsked())


def put_out(core: "Core", sentence: str) -> None:
    """We were in, and an operator wants us out. What is unsent is kept."""
    for kept in core.sending.broke():
        core.show(facts.KeptUnsent(kept.text, kept.to, kept.perhaps))
    core.recall.broke()
    _stand_aside(core, facts.NameRefused(core.name, sentence), facts.TryAgainAsked())


def answered(core: "Core", answer: str) -> None:
    """Somebody has typed a password; or nothing, and wants another name."""
    if is_goodbye(answer):
        return core.finish()
    if not answer.strip():
        return core.ask(facts.NameAsked())
    try:
        core.password = prepared(answer.strip()).decode()
    except ValueError as wrong:
        core.show(facts.Explained(str(wrong)))
        return core.ask(PasswordAsked(core.name))
    return core.knock(core.name)


def _locked_out(core: "Core", code: str) -> None:
    core.password = ""
    _stand_aside(core, facts.NameRefused(core.name, _WRONG[code]), PasswordAsked(core.name))


def _stand_aside(core: "Core", fact: facts.Fact, question: facts.Question) -> None:
    core.show(fact)
    core.stand_aside()
    if core.someone:
        core.ask(question)
    else:
        core.finish(Status.NOT_ADMITTED)
