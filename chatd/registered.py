"""Registered names: each belongs to whoever knows its own password, in the room or not."""

from collections.abc import Iterable, Iterator

import attrs

from chatd.errors import Refused
from chatd.names import Name
from chatd.passwords import Hashed


@attrs.frozen
class Owner:
    """A registered name, and what is kept of its password."""

    name: Name
    hashed: Hashed


class Registered:
    """All of them. No two may be the same or look the same: see ``read_names``."""

    def __init__(self, owners: Iterable[Owner] = ()) -> None:
        self._owners = {owner.name.key: owner for owner in owners}
        self._looks = {look: one for one in self._owners.values() for look in one.name.looks}

    def __len__(self) -> int:
        return len(self._owners)

    def __iter__(self) -> Iterator[Owner]:
        return iter(self._owners.values())

    def owner(self, name: Name) -> Owner | None:
        """Whose name this is, in whatever case or width."""
        return self._owners.get(name.key)

    def looking_like(self, name: Name) -> Owner | None:
        """Whose name looks the same as this one, which is another."""
        found = (self._looks.get(look) for look in name.looks)
        return next((one for one in found if one and one.name.key != name.key), None)


def read_names(text: str) -> Registered:
    """The names in a file of lines ``NAME HASH``; blank lines and # comments are left out.

    Raises ValueError with a line for each fault, which never repeats a hash.
    """
    faults: list[str] = []
    owners: dict[str, Owner] = {}
    lines: dict[str, int] = {}  # how a name looks, and where it stands
    for number, line in enumerate(_lines(text), 1):
        if not line or line.startswith("#"):
            continue
        try:
            owner = _owner(line)
        except ValueError as wrong:
            faults.append(f"line {number} {wrong}")
            continue
        if others := [lines[look] for look in owner.name.looks if look in lines]:
            faults.append(f"line {number} has the name of line {min(others)}, or one like it")
        lines.update(dict.fromkeys(owner.name.looks, number))
        owners[owner.name.key] = owner
    if faults:
        raise ValueError("\n".join(faults))
    return Registered(owners.values())


def read_hash(text: str) -> Hashed:
    """The hash in a file that has one line of it. Raises ValueError in words."""
    lines = [line for line in _lines(text) if line and not line.startswith("#")]
    if len(lines) != 1:
        raise ValueError(f"should have one line, and has {len(lines)}; `chatd passwd` writes it")
    return Hashed.read(lines[0])


def written(owners: Iterable[Owner]) -> str:
    """The file that ``read_names`` reads."""
    return "".join(f"{owner.name.shown} {owner.hashed}\n" for owner in owners)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.removeprefix("\ufeff").splitlines()]


def _owner(line: str) -> Owner:
    name, _, rest = line.partition(" ")
    try:
        return Owner(Name.chosen(name), Hashed.read(rest.strip()))
    except Refused as refused:
        raise ValueError(f"has no name: {refused.sentence}") from None
