"""Why somebody is let go: what they are told, and the words for the log."""

from chatd.errors import Refused

Parting = tuple[Refused, str]

STOPPING = "server stopping"
"""For the log, of those who were there; they were told before."""

SILENT = "no answer to a ping"
"""For the log, of those whose machine answers nothing."""


def made_way() -> Parting:
    """Others came, and all places were taken."""
    sentence = "You had not joined, and others want to come in."
    return Refused("too-many-connections", sentence), "made way"


def telnet_flood() -> Parting:
    """They negotiated without end."""
    return Refused("usage", "That is more negotiation than telnet does."), "telnet flood"


def foreign(protocol: str) -> Parting:
    """They speak something else."""
    sentence = f"This is a chat room, and does not speak {protocol}."
    return Refused("unknown-command", sentence), f"spoke {protocol}"


def join_timeout(seconds: float) -> Parting:
    """They have not joined."""
    words = f"Nobody joined within {seconds:g} seconds."
    return Refused("join-timeout", words), "join timeout"


def idle(seconds: float) -> Parting:
    """They have sent nothing."""
    return Refused("idle-timeout", f"Nothing came for {seconds:g} seconds."), "idle"


def fault() -> Parting:
    """It is ours."""
    return Refused("internal", "Sorry, something went wrong here. It is in the log."), "our fault"
