"""The line door: netcat, telnet and the bundled client.

What is spoken here stands in ``chatd.wire``, how it reaches everyone in ``chatd.fanout``.
"""

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Protocol, ServerFactory

from chatd.addresses import host_of, peer_of
from chatd.doors.door import Door
from chatd.doors.line_seat import LineSeat
from chatd.doors.turned_away import TurnedAway
from chatd.errors import Refused
from chatd.events import Rejected
from chatd.wire.replies import render


class LineDoor(Door, ServerFactory):
    """The factory: owns the room, counts connections, and tells everyone at once."""

    noisy = False

    render = staticmethod(render)

    def buildProtocol(self, addr: IAddress | None) -> Protocol | None:
        """A seat, somebody who says that there is none, or None for who is barred."""
        host = host_of(addr)
        if self.admission.bars(host):
            return None
        try:
            self.doorkeeper.check_host(host)
            displaced = self.admission.make_place(host)
        except Refused as refused:
            self.turned_away(host, refused.code, refused.sentence)
            return TurnedAway(render(Rejected(refused.code, refused.sentence)))
        if displaced is not None:
            displaced.make_way()
        return LineSeat(self, peer_of(host, addr), host)
