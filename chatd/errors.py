"""What is refused to a person, and in which words.

One class for each kind of refusal would say nothing that its code does not; the
codes are part of the wire (docs/protocol.md) and programs depend on them.
"""

from typing import Literal, get_args

Code = Literal[
    "name-taken",
    "bad-name",
    "already-joined",
    "not-joined",
    "no-such-user",
    "unknown-command",
    "usage",
    "line-too-long",
    "not-utf8",
    "empty",
    "too-slow",
    "join-timeout",
    "idle-timeout",
    "too-many-connections",
    "history-off",
    "password-needed",
    "wrong-password",
    "too-many-tries",
    "not-operator",
    "is-operator",
    "muted",
    "kicked",
    "banned",
    "room-closed",
    "internal",
]

CODES: frozenset[str] = frozenset(get_args(Code))


class Refused(Exception):
    """A person asked for something that they can't have.

    ``code`` is for programs, ``sentence`` for people. Nothing has changed in the
    room when this is raised.
    """

    def __init__(self, code: Code, sentence: str) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence


class RoomFull(Exception):
    """The room has as many people as it may; they can try again later."""
