"""The words with which operators keep order."""

import re

from chatd.errors import Refused
from chatd.events import Announced
from chatd.names import Name
from chatd.operators import DAY, MINUTE, Operators
from chatd.wire.orders import ORDERS
from chatd.wire.replies import read, render

_WORDS = re.compile(r"(\S+)(?:\s+(\d{1,9}(?:\.\d{1,9})?)(?=\s|\Z))?\s*(.*)\Z", re.DOTALL)
_LONGEST_SECONDS = 36500 * DAY


def carry_out(operators: Operators, by: Name, verb: str, rest: str) -> tuple[str, ...]:
    """Do what an operator wants; gives what to answer. Raises Refused."""
    match verb:
        case "KICK":
            whom, _, why = _one(verb, rest).partition(" ")
            operators.kick(by, whom, why.strip())
        case "MUTE":
            whom, minutes, _ = _words(verb, rest, MINUTE)
            operators.mute(by, whom, minutes)
        case "UNMUTE":
            operators.unmute(by, _one(verb, rest))
        case "BAN":
            operators.ban(by, *_words(verb, rest, DAY))
        case "UNBAN":
            operators.unban(by, _one(verb, rest))
        case "BANS":
            return operators.bans(rest)
        case "SAY":
            operators.say(by, _harmless(_one(verb, rest)))
        case "CLOSE":
            operators.close(by)
        case "OPEN":
            operators.open(by)
    return ()


def _one(verb: str, rest: str) -> str:
    if not rest:
        raise Refused("usage", "Please type: " + ORDERS[verb].partition(":")[0])
    return rest


def _words(verb: str, rest: str, unit: float) -> tuple[str, float, str]:
    """Whom, how many minutes or days of ``unit`` seconds (0: no end), and why."""
    found = _WORDS.match(_one(verb, rest))
    assert found is not None
    count = float(found[2] or 0)
    if count * unit > _LONGEST_SECONDS:
        raise Refused("usage", "That is more than a hundred years. Leave the number out.")
    return found[1], count, found[3]


def _harmless(text: str) -> str:
    """What a client takes for a line of this kind, and not for somebody's coming or the end."""
    line = render(Announced(text)).decode().rstrip("\r\n")
    if read(line) != Announced(text):
        raise Refused("usage", "That would read like a line of the server's own.")
    return text
