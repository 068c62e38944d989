"""Passwords, names and operators as the config and its files have them."""

import os

import attrs

from chatd.access import Access
from chatd.config import Config
from chatd.errors import Refused
from chatd.names import Name
from chatd.passwords import Hashed
from chatd.registered import Registered, read_hash, read_names
from chatd.whole_file import read_text


def read_access(settings: Config) -> tuple[Access, list[str]]:
    """What they say, and a line for each fault: with one, it is not to be used."""
    faults: list[str] = []
    room, names = settings.room, Registered()
    password: Hashed | None = None
    if room.password_file:
        try:
            password = read_hash(read_text(room.password_file))
        except ValueError as wrong:
            faults.append(f"[room] password_file: {_placed(room.password_file, wrong)}")
    if settings.names.file:
        try:
            names = read_names(read_text(settings.names.file))
        except ValueError as wrong:
            faults += [
                f"[names] file: {_placed(settings.names.file, fault)}"
                for fault in str(wrong).splitlines()
            ]
    operators, strangers = _operators(room.operators, names)
    if not any(fault.startswith("[names]") for fault in faults):
        faults += strangers
    folder = os.path.dirname(room.state_file) or "."
    if room.state_file and (not os.path.isdir(folder) or os.path.isdir(room.state_file)):
        faults.append(f"[room] state_file: there can be no file {room.state_file}")
    return Access(password, names, frozenset(operators)), faults


def effects(settings: Config) -> list[str]:
    """Who may come in and who keeps order there, for people; nothing where all are alike."""
    access, _ = read_access(settings)
    if not access.asks:
        return []
    password = "everyone needs the password" if access.room else "no password"
    own = f"{len(access.names)} registered"
    operators = ", ".join(settings.room.operators) or "none"
    file = settings.room.state_file
    kept = f"kept in {file}" if file else "end with the daemon"
    return [f"people: {password}; names: {own}; operators: {operators}; bans: {kept}"]


def in_place(settings: Config, base: str) -> Config:
    """With whole paths to these files, which start at ``base`` where they do not start at the
    root."""

    def whole(path: str) -> str:
        return os.path.abspath(os.path.join(base, path)) if path else ""

    room, names = settings.room, settings.names
    return attrs.evolve(
        settings,
        room=attrs.evolve(
            room, password_file=whole(room.password_file), state_file=whole(room.state_file)
        ),
        names=attrs.evolve(names, file=whole(names.file)),
    )


def _placed(path: str, wrong: object) -> str:
    return str(wrong) if str(wrong).startswith(path) else f"{path} {wrong}"


def _operators(wanted: tuple[str, ...], names: Registered) -> tuple[list[str], list[str]]:
    keys, faults = [], []
    for text in wanted:
        try:
            name = Name.chosen(text)
        except Refused as refused:
            faults.append(f"[room] operators: {text!r} is no name: {refused.sentence}")
            continue
        keys.append(name.key)
        if names.owner(name) is None:
            faults.append(
                f"[room] operators: {text} is not registered: `chatd passwd {text}` does that"
            )
    return keys, faults
