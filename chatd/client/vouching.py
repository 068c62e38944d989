"""What the client does about a certificate that nobody vouches for."""

from chatd.client.core import Core
from chatd.client.effects import Accept, Stage, Status
from chatd.client.facts import TryAgainAsked
from chatd.client.stranger import (
    CertificateRefused,
    CertificateShown,
    Standing,
    Stranger,
    TrustAsked,
)
from chatd.client.typed import is_goodbye, is_yes


def not_trusted(core: Core, stranger: Stranger) -> None:
    """There is no connection. Ask, if there is somebody to ask and something to be said for it."""
    if core.stage in (Stage.ASIDE, Stage.DONE):
        return None
    if core.stage is Stage.LEAVING:
        return core.finish()
    core.stand_aside()
    if core.someone and stranger.standing is Standing.NEW:
        core.show(CertificateShown(stranger))
        return core.ask(TrustAsked(stranger))
    core.show(CertificateRefused(stranger))
    if core.someone and core.was_in:  # there may be unsent lines, or half of one
        return core.ask(TryAgainAsked())
    return core.finish(Status.NOT_TRUSTED)


def answered(core: Core, stranger: Stranger, answer: str) -> None:
    """Somebody has said whether to trust it."""
    if is_yes(answer):
        core.do(Accept(stranger))
        return core.knock(core.name)
    if is_goodbye(answer) or answer.strip().lower() in ("n", "no"):
        return core.finish(Status.NOT_TRUSTED)
    return core.ask(TrustAsked(stranger))
