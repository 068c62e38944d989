"""What somebody at a door finds around them: their own place, and what all share."""

from collections.abc import Awaitable, Coroutine
from typing import Any, Protocol

from chatd.doorkeeper import Doorkeeper
from chatd.errors import Refused
from chatd.events import Event
from chatd.fanout import FanOut
from chatd.ignoring import Ignoring
from chatd.operators import Operators
from chatd.outbox import Outbox
from chatd.room import Room
from chatd.tally import Tally


class Place(Protocol):
    """Where somebody sits: at the end of a connection. ``host``: what a guest is called after."""

    outbox: Outbox
    host: str

    def joined(self) -> None:
        """They are in; called once."""

    def answer(self, answer: Coroutine[Any, Any, None]) -> None:
        """Do what takes a while, and hold back what they ask for meanwhile."""

    def pause(self, seconds: float) -> Awaitable[None]:
        """Wait for so long."""

    def dismiss(self, refused: Refused, why: str) -> None:
        """Tell them that they can't stay, and let them go in a moment."""


class Nowhere:
    """Where somebody sits whose connection, which led to ``place``, is no more."""

    def __init__(self, place: Place) -> None:
        self.outbox = place.outbox
        self.host = place.host

    def joined(self) -> None:
        """They are not."""

    def answer(self, answer: Coroutine[Any, Any, None]) -> None:
        """Nobody would hear it."""
        answer.close()

    def pause(self, seconds: float) -> Awaitable[None]:
        """Nobody waits here."""
        raise RuntimeError("nobody sits here")

    def dismiss(self, refused: Refused, why: str) -> None:
        """They have gone already."""


class House(Protocol):
    """What all the people of one door share. ``tally`` is told of refusals."""

    room: Room
    fanout: FanOut
    ignoring: Ignoring[Outbox]
    doorkeeper: Doorkeeper
    operators: Operators
    tally: Tally

    def render(self, event: Event) -> bytes:
        """The event, as the people of this door read it."""


_check: type[Place] = Nowhere
