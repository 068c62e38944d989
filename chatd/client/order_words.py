"""What is typed to ignore somebody and, by operators, to keep order."""

import re
from collections.abc import Callable

from chatd.errors import Refused
from chatd.wire import orders

HELP = (
    ("/ignore [NAME]", "see nothing of what they say; without NAME: whom you ignore"),
    ("/unignore NAME", "see it again"),
)
OPERATORS_HELP = (
    ("/kick NAME [WHY]", "operators: put somebody out"),
    ("/mute NAME [MINUTES]", "operators: nobody sees what they say; /unmute NAME"),
    ("/ban NAME [DAYS] [WHY]", "operators: put them out for so long; /unban NAME, /bans"),
    ("/say TEXT", "operators: say it as SERVER"),
    ("/close, /open", "operators: let nobody new in, or again"),
)
_NEED = {
    "/kick": "NAME",
    "/mute": "NAME",
    "/unmute": "NAME",
    "/ban": "NAME, or a network such as 192.0.2.0/24",
    "/unban": "NAME, or a network such as 192.0.2.0/24",
    "/say": "TEXT",
}
COMMANDS = ("/ignore", "/unignore", *(f"/{verb.lower()}" for verb in orders.ORDERS))

# Only what the verb can be followed by: "OPEN the window" is a shout.
VERB = re.compile(
    r"(IGNORE|UNIGNORE|UNMUTE|UNBAN)(\s+\S+)?\s*|(KICK|MUTE|BAN|SAY)(\s.*)?|BANS(\s+\S+)?\s*"
    r"|(CLOSE|OPEN)\s*|PASS(\s.*)?",
)


def _ignore(rest: str) -> orders.Orders:
    return orders.Ignore(rest)


def _unignore(rest: str) -> orders.Orders:
    if not rest:
        raise Refused("usage", "Please type: /unignore NAME")
    return orders.Unignore(rest)


def _order(word: str) -> Callable[[str], orders.Orders]:
    def make(rest: str) -> orders.Orders:
        if word in _NEED and not rest:
            raise Refused("usage", f"Please type: {word} {_NEED[word]}")
        return orders.Order(word[1:].upper(), rest)

    return make


SLASH: dict[str, Callable[[str], orders.Orders]] = {
    "/ignore": _ignore,
    "/unignore": _unignore,
    **{word: _order(word) for word in COMMANDS[2:]},
}
