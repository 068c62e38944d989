"""The person at a line seat: does what they ask for, and hears what is meant for them."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ClassVar, Protocol

from twisted.logger import Logger

from chatd.boundaries import Seat
from chatd.doors.recalling import Recalling
from chatd.errors import Refused, RoomFull
from chatd.events import Full, Helped, Listed, Ponged, Private, Rejected
from chatd.fanout import FanOut
from chatd.lines import Last
from chatd.names import Name
from chatd.outbox import Outbox
from chatd.room import Room
from chatd.tally import FULL, Tally
from chatd.wire import commands as asked
from chatd.wire.recall import HELP_WITH_HISTORY
from chatd.wire.replies import render


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


class LinePerson:
    """Knows the room, but no bytes that come in and no time that passes.

    ``tally`` is told of refusals and private lines.
    """

    _log = Logger()

    def __init__(self, room: Room, fanout: FanOut, place: Place, tally: Tally) -> None:
        self.name: Name | None = None
        self._room = room
        self._fanout = fanout
        self._place = place
        self._outbox = place.outbox
        self.host = place.host
        self._tally = tally

    def seated(self, name: Name) -> None:
        """They are in."""
        self.name = name
        self._fanout.add(self._outbox)
        self._place.joined()

    def tell(self, event: Private) -> None:
        """Something for this person alone."""
        self._fanout.tell(self._outbox, render(event))

    def leave(self, why: str) -> None:
        """They are out of the room, if they were in."""
        if self.name is not None:
            name, self.name = self.name, None
            self._fanout.remove(self._outbox)
            self._room.leave(name, why)

    def obey(self, command: asked.Command | Refused) -> None:
        """Do what they ask for, or say why not. QUIT is not for the room to do."""
        try:
            if isinstance(command, Refused):
                raise command
            self._DO[type(command)](self, command)
        except Refused as refused:
            self.reject(refused)
            if isinstance(command, asked.Join):
                self._log_refused(refused.code)
        except RoomFull:
            self._tally.refuse(FULL)
            self.tell(Full())
            self._log_refused("full")

    def reject(self, refused: Refused) -> None:
        """Tell them why not."""
        self._tally.refuse(refused.code)
        self.tell(Rejected(refused.code, refused.sentence))

    def say(self, lines: tuple[str, ...]) -> None:
        """Say these to everyone."""
        if self.name is not None:
            self._room.say(self.name, lines)
            return
        for _ in lines:
            self.reject(_not_joined())

    def _join(self, command: asked.Join) -> None:
        if self.name is not None:
            raise Refused("already-joined", f"You are here already, as {self.name.shown}.")
        if command.name:
            self._room.join(self, command.name)
        else:
            self._room.join_as_guest(self, self.host)
        self._fanout.catch_up(self._outbox)
        if self._room.history is not None and self._room.replay:
            self._place.answer(self._recalling().show(Last(self._room.replay)))

    def _broadcast(self, command: asked.Broadcast) -> None:
        self.say(command.lines)

    def _message(self, command: asked.Message) -> None:
        self._room.whisper(self._joined(), command.to, command.text)
        self._tally.whispered += 1

    def _list(self, command: asked.ListPeople) -> None:
        self._joined()
        self.tell(Listed(self._room.names()))

    def _help(self, command: asked.Help) -> None:
        self.tell(Helped(asked.HELP if self._room.history is None else HELP_WITH_HISTORY))

    def _ping(self, command: asked.Ping) -> None:
        self.tell(Ponged(command.token))

    def _recall(self, command: asked.Recall) -> None:
        self._joined()
        self._place.answer(self._recalling().recall(command.words))

    def _record(self, command: asked.Record) -> None:
        name = self._joined()
        self._place.answer(self._recalling().record(command.what, name.shown))

    def _recalling(self) -> Recalling:
        if self._room.history is None:
            raise Refused("history-off", "This room keeps no history.")
        return Recalling(self._room.history, self._outbox, self.tell, self._place.pause)

    _DO: ClassVar[dict[type, Callable[["LinePerson", Any], None]]] = {
        asked.Join: _join,
        asked.Broadcast: _broadcast,
        asked.Message: _message,
        asked.ListPeople: _list,
        asked.Help: _help,
        asked.Ping: _ping,
        asked.Recall: _recall,
        asked.Record: _record,
    }

    def _log_refused(self, code: str) -> None:
        """Not under which name: what somebody typed may be anything."""
        text = "JOIN from {host} was refused: {code}"
        self._log.info(text, event="refused", host=self.host, code=code)

    def _joined(self) -> Name:
        if self.name is None:
            raise _not_joined()
        return self.name


def _not_joined() -> Refused:
    return Refused("not-joined", "Please join first: JOIN username")


_check: type[Seat] = LinePerson
