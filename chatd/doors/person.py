"""The person at a door: does what they ask for, and hears what is meant for them."""

from collections.abc import Callable
from typing import Any, ClassVar

from twisted.internet import defer
from twisted.logger import Logger

from chatd.boundaries import Seat
from chatd.doorkeeper import Visitor
from chatd.doors.house import House, Nowhere, Place
from chatd.doors.ignoring import heard, ignore, unignore
from chatd.doors.ordering import carry_out
from chatd.doors.recalling import Recalling
from chatd.errors import Refused, RoomFull
from chatd.events import Announced, Full, Helped, Listed, Ponged, Private, Rejected
from chatd.lines import Last
from chatd.names import Name
from chatd.passwords import LONGEST
from chatd.tally import FULL
from chatd.wire import commands as asked
from chatd.wire import orders
from chatd.wire.recall import HELP_WITH_HISTORY


class Person:
    """Knows the room, but no bytes that come in and no time that passes."""

    _log = Logger()

    def __init__(self, house: House, place: Place) -> None:
        self.name: Name | None = None
        self.host = place.host
        self.owns_name = False
        self._house = house
        self._tally = house.tally
        self._room = house.room
        self._fanout = house.fanout
        self._place: Place = place
        self._outbox = place.outbox
        self._visitor = Visitor(place.host)
        self._checking: defer.Deferred[bool] | None = None

    def seated(self, name: Name) -> None:
        """They are in."""
        self.name = name
        self._fanout.add(self._outbox)
        self._place.joined()

    def tell(self, event: Private) -> None:
        """Something for this person alone, unless it comes from somebody whom they ignore."""
        ignoring = self._house.ignoring
        left = heard(ignoring, self._outbox, event) if ignoring.anybody else event
        if left is None:
            self._tally.ignored += 1
        else:
            self._fanout.tell(self._outbox, self._house.render(left))

    def dismiss(self, refused: Refused, why: str) -> None:
        """They can't stay."""
        self._place.dismiss(refused, why)

    def leave(self, why: str) -> None:
        """They are out of the room, if they were in, and do not come in any more."""
        if self._checking is not None:
            self._checking.cancel()
        if self.name is not None:
            name, self.name = self.name, None
            self._fanout.remove(self._outbox)
            self._house.ignoring.forget(self._outbox)
            self._room.leave(name, why)

    def forget(self) -> None:
        """Their connection is no more, and they sit nowhere."""
        self._place = Nowhere(self._place)

    def obey(self, command: asked.Command | Refused) -> None:
        """Do what they ask for, or say why not. QUIT is not for the room to do."""
        try:
            if isinstance(command, Refused):  # raised here, it would refer to itself
                self.reject(command)
                return
            self._DO[type(command)](self, command)
        except (Refused, RoomFull) as refused:
            self.reject(refused)
            if isinstance(command, asked.Join):
                self._log_refused(refused)

    def reject(self, refused: Refused | RoomFull) -> None:
        """Tell them why not."""
        self._tally.refuse(FULL if isinstance(refused, RoomFull) else refused.code)
        if isinstance(refused, RoomFull):
            self.tell(Full())
        else:
            self.tell(Rejected(refused.code, refused.sentence))

    def say(self, lines: tuple[str, ...]) -> None:
        """Say these to everyone."""
        try:
            if self.name is None:
                raise _not_joined()
            self._room.say(self.name, lines)
        except Refused as refused:
            for _ in lines:
                self.reject(refused)

    def _pass(self, command: orders.Pass) -> None:
        self._not_joined_yet()
        if len(command.password.encode()) > LONGEST:
            raise Refused("usage", f"A password has at most {LONGEST} bytes.")
        if not self._house.doorkeeper.access.asks:
            self.tell(Announced("this room needs no password, just JOIN"))
        self._visitor = Visitor(self.host, command.password)

    def _join(self, command: asked.Join) -> None:
        self._not_joined_yet()
        admitted = self._house.doorkeeper.admit(command.name, self._visitor)
        if not isinstance(admitted, bool):
            self._place.answer(self._join_when(admitted, command.name))
            return
        self._come_in(command.name, admitted)
        if self._replay:
            self._place.answer(self._recalling().show(Last(self._replay)))

    async def _join_when(self, admitted: "defer.Deferred[bool]", name: str) -> None:
        self._checking = admitted
        try:
            self._come_in(name, await admitted)
        except (Refused, RoomFull) as refused:
            self.reject(refused)
            self._log_refused(refused)
            return
        finally:
            self._checking = None
        if self._replay:
            await self._recalling().show(Last(self._replay))

    def _come_in(self, name: str, is_theirs: bool) -> None:
        if name:
            chosen = Name.chosen(name)
            is_operator = self._house.doorkeeper.is_operator(chosen, is_theirs)
            self.owns_name = is_theirs
            self._room.join(self, name, even_if_full=is_operator)
        else:
            self._room.join_as_guest(self, self.host)
        self._visitor = Visitor(self.host)
        self._house.operators.newcomer(self._joined())
        self._fanout.catch_up(self._outbox)

    @property
    def _replay(self) -> int:
        return self._room.replay if self._room.history is not None else 0

    def _broadcast(self, command: asked.Broadcast) -> None:
        self.say(command.lines)

    def _message(self, command: asked.Message) -> None:
        self._room.whisper(self._joined(), command.to, command.text)
        self._tally.whispered += 1

    def _list(self, command: asked.ListPeople) -> None:
        self._joined()
        self.tell(Listed(self._room.names()))

    def _help(self, command: asked.Help) -> None:
        name = self.name
        lines = asked.HELP if self._room.history is None else HELP_WITH_HISTORY
        if name is not None and self._house.doorkeeper.is_operator(name, self.owns_name):
            lines = (*lines, *orders.ORDERS.values())
        self.tell(Helped(lines))

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

    def _ignore(self, command: orders.Ignore) -> None:
        own = self._joined()
        self.tell(Announced(ignore(self._house, self._outbox, own, command.name)))

    def _unignore(self, command: orders.Unignore) -> None:
        self._joined()
        self.tell(Announced(unignore(self._house, self._outbox, command.name)))

    def _order(self, command: orders.Order) -> None:
        name, operators = self._joined(), self._house.operators
        operators.check(name, self.owns_name)
        for line in carry_out(operators, name, command.verb, command.rest):
            self.tell(Announced(line))

    _DO: ClassVar[dict[type, Callable[["Person", Any], Any]]] = {
        asked.Join: _join,
        asked.Broadcast: _broadcast,
        asked.Message: _message,
        asked.ListPeople: _list,
        asked.Help: _help,
        asked.Ping: _ping,
        asked.Recall: _recall,
        asked.Record: _record,
        orders.Pass: _pass,
        orders.Ignore: _ignore,
        orders.Unignore: _unignore,
        orders.Order: _order,
    }

    def _log_refused(self, refused: Refused | RoomFull) -> None:
        """Not under which name: what somebody typed may be anything."""
        code = "full" if isinstance(refused, RoomFull) else refused.code
        text = "JOIN from {host} was refused: {code}"
        self._log.info(text, event="refused", host=self.host, code=code)

    def _not_joined_yet(self) -> None:
        if self.name is not None:
            raise Refused("already-joined", f"You are here already, as {self.name.shown}.")

    def _joined(self) -> Name:
        if self.name is None:
            raise _not_joined()
        return self.name


def _not_joined() -> Refused:
    return Refused("not-joined", "Please join first: JOIN username")


_check: type[Seat] = Person
