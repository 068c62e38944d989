"""docs/protocol.md speaks of every verb and every refusal, and of no others."""

import re
from pathlib import Path

from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock

from chatd.admission import Admission
from chatd.doors.line import LineDoor
from chatd.errors import CODES
from chatd.limits import Limits
from chatd.room import Room
from chatd.wire.orders import ORDERS
from chatd.wire.recall import HELP_WITH_HISTORY
from tests.unit.test_line_door import LinePerson

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
REFUSALS = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.*) \|$", PAGE, re.MULTILINE))
HELP = " ".join((*HELP_WITH_HISTORY, *ORDERS.values()))
VERBS = set(re.findall(r"\b[A-Z]{3,}\b", HELP)) - {"PONG", "SERVER"}


def refusals(line: str) -> list[str]:
    """The codes that somebody who is not in gets for it."""
    clock, limits = Clock(), Limits()
    door = LineDoor(Room(), limits, Admission(limits), clock, clock.seconds)
    person = LinePerson(door, clock, IPv4Address("TCP", "10.0.0.1", 4000))
    person.asks(line)
    return person.codes()


def test_every_verb() -> None:
    """HELP and the page tell of the same."""
    listed = "".join(re.findall(r"^\| (`[A-Z]{3,}.*?) \|", PAGE, re.MULTILINE))
    assert set(re.findall(r"`([A-Z]{3,})\b", listed)) - {"NAME", "PONG", "SERVER", "ERROR"} == VERBS


def test_every_refusal() -> None:
    """The table has each code, once."""
    assert set(REFUSALS) == CODES


def test_what_is_only_for_those_who_are_in() -> None:
    """Every verb that the row of not-joined does not leave out."""
    left_out = set(re.findall(r"\b[A-Z]{3,}\b", REFUSALS["not-joined"]))
    assert left_out <= VERBS
    asked = {verb for verb in VERBS if refusals(f"{verb} dani hello") == ["not-joined"]}
    assert asked == VERBS - left_out
