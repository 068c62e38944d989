"""Whether the room keeps what we say, as far as we have asked for it or against it."""

from typing import TYPE_CHECKING

from chatd import events
from chatd.client import past
from chatd.client.unanswered import Outgoing
from chatd.wire import commands as asked

if TYPE_CHECKING:
    from chatd.client.core import Core


class Recording:
    """For the server each connection is another visit, in which lines are kept until it is
    told otherwise. For the person here it is one."""

    def __init__(self, core: "Core") -> None:
        self._core = core
        self._off = False  # somebody does not want to be kept
        self._again: Outgoing | None = None  # and that is told again, unasked
        self.is_off = False
        """Whether the server has said that nothing is kept."""

    def asked(self, what: str) -> None:
        """Somebody wants it on, off or forgotten, or wants to know."""
        if what in ("on", "off"):
            self._off = what == "off"
        self._core.sending.add(Outgoing(asked.Record(what)))

    def entered(self) -> None:
        """We are in; before anything else is said, what was off is off again."""
        self.is_off = False
        if self._off:
            self._again = Outgoing(asked.Record("off"))
            self._core.sending.add(self._again)

    def told(self, event: events.Recording) -> None:
        """What the server says to it."""
        self._core.sending.unanswered.recorded()
        if event.state in ("on", "off"):
            self.is_off = event.state == "off"
        self._core.show(past.Recording(event.sentence, not self.is_off))

    def refused(self, outgoing: Outgoing) -> bool:
        """This was refused; whether nobody has asked for it, and nobody is told."""
        return outgoing is self._again
