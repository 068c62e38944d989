"""Who may come in: passwords, registered names, bans, and a closed room. For all doors."""

from collections.abc import Callable

import attrs
from twisted.internet import defer

from chatd.access import Access
from chatd.errors import Refused
from chatd.names import Name
from chatd.orders import Orders
from chatd.passwords import Hashed
from chatd.sanctions import Sanction
from chatd.spans import span

Verify = Callable[[str, Hashed, str], "defer.Deferred[bool]"]


@attrs.define(eq=False)
class Visitor:
    """Somebody who is at a door: where they come from, and the password that they gave."""

    host: str
    password: str | None = attrs.field(default=None, repr=False)
    proved: Hashed | None = attrs.field(default=None, repr=False)
    """What that password was found right for: knocking again need not try it again."""


def _nobody_to_verify(*_: object) -> "defer.Deferred[bool]":
    raise AssertionError("there are passwords, and nobody to try them")


class Doorkeeper:
    """``verify``: see Verifier. ``now``: seconds of a clock that never goes back."""

    def __init__(
        self,
        now: Callable[[], float],
        access: Access | None = None,
        orders: Orders | None = None,
        verify: Verify = _nobody_to_verify,
    ) -> None:
        self.access = access or Access()
        self.orders = orders or Orders()
        self._verify = verify
        self._now = now

    def is_operator(self, name: Name, is_theirs: bool) -> bool:
        """Whether somebody by this name, proven to be theirs or not, may keep order."""
        return is_theirs and name.key in self.access.operators

    def check_host(self, host: str) -> None:
        """Raises Refused (banned)."""
        banned = self.orders.bans.on_host(host, self._now()) if self.orders.bans else None
        if banned is not None:
            raise Refused("banned", f"You are banned from this room{self._terms(banned)}")

    def admit(self, wanted: str, visitor: Visitor) -> "bool | defer.Deferred[bool]":
        """Whether the name that they want (empty: a guest's) is theirs, now or when a password
        has been tried.

        Raises Refused, or fails with it: the Deferred may be cancelled.
        """
        access = self.access
        if not access.asks and not self.orders:
            return False
        name = Name.chosen(wanted) if wanted else None
        owner = access.names.owner(name) if name is not None else None
        hashed = owner.hashed if owner is not None else access.room
        if hashed is None or hashed == visitor.proved:
            return self._let_in(name, visitor)
        if visitor.password is None:
            raise _password_needed(name, access.room is None)
        tried = self._verify(visitor.password, hashed, visitor.host)
        return tried.addCallback(self._tried, hashed, name, visitor)

    def _tried(self, right: bool, hashed: Hashed, name: Name | None, visitor: Visitor) -> bool:
        if not right:
            words = "That is not the password. A registered name has one of its own."
            raise Refused("wrong-password", words)
        visitor.proved = hashed
        return self._let_in(name, visitor)

    def _let_in(self, name: Name | None, visitor: Visitor) -> bool:
        """Whether the name is theirs, if nothing else keeps them out."""
        access = self.access
        owner = access.names.owner(name) if name is not None else None
        is_theirs = owner is not None and owner.hashed == visitor.proved
        if name is not None and self.is_operator(name, is_theirs):
            return True
        self.check_host(visitor.host)
        if self.orders.closed_by:
            raise Refused("room-closed", "The room is closed to newcomers. Please try later.")
        if name is not None:
            self._check_name(name, is_theirs)
        return is_theirs

    def _check_name(self, name: Name, is_theirs: bool) -> None:
        if banned := self.orders.bans.on_name(name, self._now()):
            raise Refused("banned", f"{name.shown} is banned from this room{self._terms(banned)}")
        if not is_theirs and (owner := self.access.names.looking_like(name)):
            words = f"{name.shown} looks too much like {owner.name.shown}, which is registered."
            raise Refused("name-taken", words)

    def _terms(self, banned: Sanction) -> str:
        left = "" if banned.ends is None else f" for {span(banned.ends - self._now())}"
        return f"{left}: {banned.why}" if banned.why else f"{left}."


def _password_needed(name: Name | None, is_open: bool) -> Refused:
    # Where the room has a password, whoever has not given it learns of no names.
    if is_open and name is not None:
        words = f"{name.shown} is registered. If it is yours: PASS password, then JOIN again."
    else:
        words = "This room wants a password: PASS password, then JOIN again."
    return Refused("password-needed", words)
