"""Who came and who went, for the log."""

from twisted.logger import Logger

from chatd.boundaries import Audience
from chatd.events import Closed, Joined, Left, Public, Said


class RoomLog:
    """Writes into the log who joined and who left and why."""

    _log = Logger()

    def hear(self, event: Public) -> None:
        """A public event. What was said is none of the log's business."""
        if isinstance(event, Said):
            return
        match event:
            case Joined(name):
                text = "{name} joined the chat!"
                self._log.info(text, event="joined", name=name, host=event.host)
            case Left(name, why):
                text = "{name} has left the chat: {why}"
                self._log.info(text, event="left", name=name, host=event.host, why=why)
            case Closed():
                self._log.info("The chat is closing", event="closing")


_check: type[Audience] = RoomLog
