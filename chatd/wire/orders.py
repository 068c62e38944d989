"""PASS, IGNORE and the verbs of operators: who comes in, who is heard, who stays."""

import attrs

from chatd.errors import Refused


@attrs.frozen
class Pass:
    """The password for the JOIN that follows."""

    password: str = attrs.field(repr=False)


@attrs.frozen
class Ignore:
    """Hear nothing of this person any more; without a name: whom do I ignore?"""

    name: str


@attrs.frozen
class Unignore:
    """Hear them again."""

    name: str


@attrs.frozen
class Order:
    """What only an operator can do; ``verb`` is one of ORDERS."""

    verb: str
    rest: str


ORDERS = {
    "KICK": "KICK name why: put somebody out",
    "MUTE": "MUTE name minutes: nobody sees what they say",
    "UNMUTE": "UNMUTE name: they may speak again",
    "BAN": "BAN name days why: put somebody out for so long; BAN 192.0.2.0/24: everyone from there",
    "UNBAN": "UNBAN name: lift a ban; UNBAN 192.0.2.0/24: that of a network",
    "BANS": "BANS: who is banned or muted; BANS word: those with that word",
    "SAY": "SAY text: say it as SERVER",
    "CLOSE": "CLOSE: let nobody new in",
    "OPEN": "OPEN: let them in again",
}

Orders = Pass | Ignore | Unignore | Order


def parse(verb: str, rest: str) -> Orders | None:
    """What is asked for, if ``verb``, in capitals, is one of these. Raises Refused (usage)."""
    match verb:
        case "PASS":
            if not rest:
                raise Refused("usage", "Please type: PASS password")
            return Pass(rest)
        case "IGNORE":
            return Ignore(rest)
        case "UNIGNORE":
            return Unignore(rest)
    return Order(verb, rest) if verb in ORDERS else None


def write(order: Orders) -> str:
    """The line that asks for it."""
    match order:
        case Pass(password):
            return f"PASS {password}"
        case Ignore(name):
            return f"IGNORE {name}".rstrip()
        case Unignore(name):
            return f"UNIGNORE {name}".rstrip()
        case Order(verb, rest):
            return f"{verb} {rest}".rstrip()
