"""The doors: which there are, and where they are open. This and nothing else knows them all."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from twisted.application.service import MultiService
from twisted.internet import defer

from chatd.admission import Admission
from chatd.config import Config
from chatd.doors.line import LineDoor
from chatd.listening import Listener
from chatd.operators import Operators
from chatd.places import Places
from chatd.reloading import Part, surely
from chatd.room import Room
from chatd.web import Terms

if TYPE_CHECKING:
    from chatd.doors.web.door import WebDoor

Door = Any
"""Besides what ``chatd.doors.door`` has, a factory of connections."""


class Doors(MultiService):
    """All of them lead into one room, and have one ``admission`` and the same ``operators``.

    ``served``: certificates. A door is made, and its modules are loaded, when a place is named
    for it; ``made`` has those that are, by name.
    """

    def __init__(
        self, settings: Config, room: Room, operators: Operators, reactor: Any, served: Any
    ) -> None:
        super().__init__()
        self._settings = settings
        self._operators = operators
        self._room = room
        self._reactor = reactor
        self._served = served
        self.admission: Admission[Any] = Admission(settings.limits)
        self.made: dict[str, Door] = {"line": self._line_door()}
        kinds: dict[str, Callable[[], Door]] = {"line": self._line_door, "web": self._web_door}
        self._places = {
            name: Places(f"[{name}] listen", settings.listens[name], partial(self._at, name, make))
            for name, make in kinds.items()
        }
        for places in self._places.values():
            places.setServiceParent(self)

    def parts(self) -> list[Part]:
        """What of them can be another way while they are open."""
        return [surely(self._take), *map(self._part, self._places)]

    def close(self) -> "defer.Deferred[list[None]]":
        """Close every connection; see Door."""
        return defer.gatherResults([door.close() for door in self.made.values()])

    def _part(self, name: str) -> Part:
        return lambda settings: self._places[name].prepare(settings.listens[name])

    def _at(self, name: str, make: Callable[[], Door], place: str) -> Listener:
        if name not in self.made:
            self.made[name] = make()
        return Listener(place, self.made[name], self._reactor, self._served)

    def _take(self, settings: Config) -> None:
        self._settings = settings
        self.admission.take_limits(settings.limits)
        for door in self.made.values():
            door.take_limits(settings.limits)
        if "web" in self.made:
            self.made["web"].terms = _terms(settings)

    def _line_door(self) -> LineDoor:
        door: LineDoor = self._new(LineDoor)
        return door

    def _web_door(self) -> "WebDoor":
        from chatd.doors.web.door import WebDoor

        door: WebDoor = self._new(WebDoor)
        door.terms = _terms(self._settings)
        return door

    def _new(self, kind: Any) -> Any:
        limits, reactor = self._settings.limits, self._reactor
        return kind(self._room, limits, self.admission, reactor, operators=self._operators)


def _terms(settings: Config) -> Terms:
    web = settings.web
    origins = frozenset(origin.lower() for origin in web.origins)
    return Terms(web.title, origins, frozenset(web.proxies))
