"""Keeping order: what operators may do to others, whichever door they came by.

Everyone in the room is told in words, the log too, and what is to outlast the daemon is kept.
"""

import re
from collections.abc import Callable

from twisted.logger import Logger

from chatd.addresses import Networks, network_meant
from chatd.doorkeeper import Doorkeeper
from chatd.errors import Code, Refused
from chatd.names import Name, key_of
from chatd.orders import Orders
from chatd.room import Member, Room
from chatd.sanctions import Sanction, Sanctions
from chatd.spans import span

MINUTE, DAY = 60.0, 86400.0
SHOWN = 50
"""Bans told at a time: ten thousand would be more than anybody's connection may be owed."""

_NUMBERS = re.compile(r"\d+(\.\d+){3}|.*/.*")
"""What somebody types who means a network."""


class Operators:
    """``now``: seconds of a clock that never goes back. ``changed``: called when there is
    something new to keep.

    ``by`` is always the operator, and the caller has made sure of that (``check``).
    """

    _log = Logger()

    def __init__(
        self,
        room: Room,
        doorkeeper: Doorkeeper,
        now: Callable[[], float],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._room = room
        self.doorkeeper = doorkeeper
        self._now = now
        self._changed = changed
        self.shared = Networks(())
        """Whose addresses stand for many people, so that a ban of one must leave them out."""

    def check(self, name: Name, is_theirs: bool) -> None:
        """Raises Refused (not-operator)."""
        if not self.doorkeeper.is_operator(name, is_theirs):
            raise Refused("not-operator", "Only an operator can do that.")

    def newcomer(self, name: Name) -> None:
        """Somebody has joined, who may be muted."""
        if self.doorkeeper.orders.mutes:
            self._hold_silent(self._room.member(name.shown))

    def kick(self, by: Name, to: str, why: str) -> None:
        """Raises Refused (no-such-user, is-operator)."""
        member = self._other(to)
        self._tell("kick", by, f"has put {member.name.shown} out{_because(why)}")
        self._put_out(member, "kicked", f"{by.shown} has put you out{_because(why)}")

    def mute(self, by: Name, to: str, minutes: float) -> None:
        """The name, what looks like it, and whoever comes from the address after this. 0 minutes:
        until they are unmuted.

        Raises Refused (no-such-user, is-operator, usage).
        """
        member = self._other(to)
        self._orders.mutes.add(self._sanction(by, member, "", minutes * MINUTE))
        self._hold_silent(member)
        self._tell("mute", by, f"has muted {member.name.shown}{_for(minutes * MINUTE)}.")

    def unmute(self, by: Name, whom: str) -> None:
        """Raises Refused (no-such-user)."""
        if not _lifted(self._orders.mutes, whom):
            raise Refused("no-such-user", f"{whom} is not muted.")
        self._tell("unmute", by, f"lets {whom} speak again.")

    def ban(self, by: Name, whom: str, days: float, why: str) -> None:
        """A name, what looks like it, and the address of whoever has it; or a network, with
        everyone in it. 0 days: until they are unbanned.

        Raises Refused (is-operator, bad-name, usage).
        """
        member = self._room.find(whom)
        if member is None and (network := network_meant(whom)):
            self._ban_network(by, network, days * DAY, why)
            return
        if member is not None:
            member = self._other(whom)
            sanction = self._sanction(by, member, why, days * DAY)
        else:
            sanction = self._ban_of_absent(by, whom, why, days * DAY)
        self._orders.bans.add(sanction)
        self._tell("ban", by, f"has banned {whom}{_for(days * DAY)}{_because(why)}")
        if member is not None:
            self._put_out(member, "banned", _banned(days * DAY, why))

    def unban(self, by: Name, whom: str) -> None:
        """Raises Refused (no-such-user)."""
        if not _lifted(self._orders.bans, whom):
            raise Refused("no-such-user", f"{whom} is not banned. BANS tells who is.")
        self._tell("unban", by, f"has lifted the ban of {whom}.")

    def bans(self, part: str) -> tuple[str, ...]:
        """Who is banned and who is muted, in words; only those with ``part`` in it."""
        now = self._now()
        some = [("banned", one) for one in self._orders.bans.current(now)]
        some += [("muted", one) for one in self._orders.mutes.current(now)]
        if part:
            some = [each for each in some if part.casefold() in self._told(*each).casefold()]
        lines = [self._told(*each) for each in some[-SHOWN:]]
        if len(some) > SHOWN:
            lines.insert(0, f"{len(some) - SHOWN} older ones are left out: BANS word")
        if self._orders.closed_by and not part:
            lines.append(f"closed to newcomers by {self._orders.closed_by}")
        return tuple(lines or ["nobody is banned or muted"])

    def say(self, by: Name, text: str) -> None:
        """As the server."""
        self._log.info("{by} spoke as SERVER", event="say", by=by.shown)
        self._room.announce(text)

    def close(self, by: Name) -> None:
        """Let nobody new in, operators aside. Raises Refused (usage)."""
        if self._orders.closed_by:
            raise Refused("usage", "The room is closed already.")
        self._orders.closed_by = by.shown
        self._tell("close", by, "has closed the room: nobody new comes in.")

    def open(self, by: Name) -> None:
        """Let people in again. Raises Refused (usage)."""
        if not self._orders.closed_by:
            raise Refused("usage", "The room is not closed.")
        self._orders.closed_by = ""
        self._tell("open", by, "has opened the room again.")

    @property
    def _orders(self) -> Orders:
        return self.doorkeeper.orders

    def _other(self, to: str) -> Member:
        member = self._room.member(to)
        if self._keeps_order(member):
            raise Refused("is-operator", f"{member.name.shown} is an operator.")
        return member

    def _keeps_order(self, member: Member) -> bool:
        return self.doorkeeper.is_operator(member.name, member.seat.owns_name)

    def _sanction(self, by: Name, member: Member, why: str, seconds: float) -> Sanction:
        """For the name and the address, unless that stands for many or for an operator too."""
        host = member.seat.host
        network = "" if host in self.shared else network_meant(host)
        if network and self._operator_in(network):
            network = ""
        name = "" if member.name.is_guest else member.name.shown
        if not (name or network):
            raise Refused("usage", f"{member.name.shown} has no name and shares the address. KICK?")
        return Sanction(name, network, by.shown, why, self._end(seconds))

    def _ban_of_absent(self, by: Name, whom: str, why: str, seconds: float) -> Sanction:
        if _NUMBERS.fullmatch(whom):  # a slip, which would ban a name of nobody's
            raise Refused("usage", f"{whom} is no network. Please type one such as 192.0.2.0/24.")
        name = Name.chosen(whom)
        if name.key in self.doorkeeper.access.operators:
            raise Refused("is-operator", f"{name.shown} is an operator.")
        return Sanction(name.shown, "", by.shown, why, self._end(seconds))

    def _ban_network(self, by: Name, network: str, seconds: float, why: str) -> None:
        if operator := self._operator_in(network):
            raise Refused("is-operator", f"{operator} is an operator, and comes from there.")
        self._orders.bans.add(Sanction("", network, by.shown, why, self._end(seconds)))
        shown = network.removesuffix("/32")
        self._tell("ban", by, f"has banned {shown}{_for(seconds)}{_because(why)}")
        inside = Networks([network])
        for member in self._room.members():
            if member.seat.host in inside:
                self._put_out(member, "banned", _banned(seconds, why))

    def _operator_in(self, network: str) -> str:
        """The name of one who is here and comes from there; empty: there is none."""
        inside = Networks([network])
        return next(
            (
                member.name.shown
                for member in self._room.members()
                if self._keeps_order(member) and member.seat.host in inside
            ),
            "",
        )

    def _hold_silent(self, member: Member) -> None:
        if not self._keeps_order(member) and self._mute_of(member) is not None:
            self._room.mute(member.name, lambda: self._check_voice(member))

    def _check_voice(self, member: Member) -> None:
        mute = self._mute_of(member)
        if mute is None:
            self._room.unmute(member.name)
            return
        how_long = "" if mute.ends is None else f" for {span(mute.ends - self._now())} more"
        raise Refused("muted", f"{mute.by} has muted you{how_long}. Nobody has seen that.")

    def _mute_of(self, member: Member) -> Sanction | None:
        now, mutes = self._now(), self._orders.mutes
        return mutes.on_name(member.name, now) or mutes.on_host(member.seat.host, now)

    def _put_out(self, member: Member, code: Code, words: str) -> None:
        member.seat.dismiss(Refused(code, words), code)

    def _end(self, seconds: float) -> float | None:
        return self._now() + seconds if seconds else None

    def _tell(self, event: str, by: Name, what: str) -> None:
        """The room, the log, and whoever keeps it."""
        self._log.info("{by} {what}", event=event, by=by.shown, what=what)
        self._room.announce(f"{by.shown} {what}")
        self._changed()

    def _told(self, kind: str, one: Sanction) -> str:
        left = "" if one.ends is None else f", {span(one.ends - self._now())} left"
        return f"{kind}: {one.whom}, by {one.by}{left}{_because(one.why) if one.why else ''}"


def _because(why: str) -> str:
    return f": {why}" if why else "."


def _for(seconds: float) -> str:
    return f" for {span(seconds)}" if seconds else ""


def _banned(seconds: float, why: str) -> str:
    return f"You are banned from this room{_for(seconds)}{_because(why)}"


def _lifted(sanctions: Sanctions, whom: str) -> bool:
    """End what holds for a name or a network, as BANS shows it."""
    return bool(sanctions.lift(key_of(whom)) + sanctions.lift(network_meant(whom.strip("<>"))))
