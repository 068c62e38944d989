"""What the server says, and what it means for this end."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chatd import events
from chatd.client import facts, kept_out
from chatd.client.unanswered import Outgoing
from chatd.errors import Refused
from chatd.names import key_of
from chatd.wire import commands as asked
from chatd.wire.framing import Line
from chatd.wire.replies import CLOSING, read

if TYPE_CHECKING:
    from chatd.client.core import Core

PING_WORD = "chat-client"
"""In our own PINGs, whose answers nobody wants to see."""

_PARTING = ("too-slow", "join-timeout", "idle-timeout", "too-many-connections", "internal")
"""Refusals after which the server closes the connection."""


def hear(core: "Core", line: Line) -> None:
    """One line from the server."""
    if isinstance(line, Refused):
        return core.show(facts.ServerSaid("(something that is no text, or too long)"))
    event = read(line)
    if event is not None:
        return _HEAR[type(event)](core, event)
    if line.strip():
        core.show(facts.ServerSaid(line))
    return None


def calls(name: str, text: str) -> tuple[tuple[int, int], ...]:
    """Where in the text the name stands as a word of its own, in any case."""
    if not name or key_of(name) not in text.casefold():
        return ()
    found = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    return tuple(match.span() for match in found)


def _said(core: "Core", event: events.Said) -> None:
    text = "\n".join(event.lines)
    core.recall.heard(event.speaker, text)
    if event.speaker == core.name:
        core.sending.unanswered.echoed(text)
        return core.show(facts.OwnSaid(text))
    return core.show(facts.OtherSaid(event.speaker, text, calls(core.name, text)))


def _whispered(core: "Core", event: events.Whispered) -> None:
    core.answer_to = event.speaker
    core.show(facts.OtherWhispered(event.speaker, event.text))


def _joined(core: "Core", event: events.Joined) -> None:
    # Nobody hears of others before being in, so the first to join is oneself.
    if core.is_joining:
        return core.come_in(event.name)
    core.people[event.name] = None
    core.deaf.came(event.name)
    return core.show(facts.CameIn(event.name))


def _left(core: "Core", event: events.Left) -> None:
    core.people.pop(event.name, None)
    core.show(facts.WentOut(event.name))


def _announced(core: "Core", event: events.Announced) -> None:
    core.show(facts.ServerSaid(event.text))


def _closed(core: "Core", _: events.Closed) -> None:
    core.why = CLOSING


def _listed(core: "Core", event: events.Listed) -> None:
    core.people = dict.fromkeys(event.names)
    answered = core.sending.unanswered.listed()
    private = answered.receipt_for if answered else None
    if answered and answered.silent:
        return
    if private is None:
        core.show(facts.PeopleListed(event.names))
    elif not private.refused:
        core.show(facts.OwnWhispered(private.to, private.text))


def _helped(core: "Core", event: events.Helped) -> None:
    core.show(facts.ServerSaid("\n".join(event.lines)))


def _ponged(core: "Core", event: events.Ponged) -> None:
    if event.token != PING_WORD:
        core.show(facts.ServerSaid(f"PONG {event.token}".rstrip()))


def _recalled(core: "Core", event: events.Recalled) -> None:
    for line in event.lines:
        core.recall.told(line)


def _greeted(core: "Core", _: events.Greeted) -> None:
    """We know that we have to join."""


def _full(core: "Core", _: events.Full) -> None:
    if core.is_joining:
        core.not_let_in(facts.RoomWasFull(), "The room is full.", facts.TryAgainAsked())


def _rejected(core: "Core", event: events.Rejected) -> None:
    if event.code in _PARTING:
        core.why = event.sentence.rstrip(".")
    elif core.is_joining:
        kept_out.refused(core, event.code, event.sentence)
    elif event.code in kept_out.PUTTING_OUT:
        kept_out.put_out(core, event.sentence)
    else:
        outgoing = core.sending.unanswered.refused(event.code) or Outgoing(asked.Help())
        parts = (core.recall, core.recording, core.deaf)
        if any(part.refused(outgoing) for part in parts):
            return
        core.refusals += 1
        core.show(facts.LineRefused(event.sentence, outgoing.text, outgoing.number))


_HEAR: dict[type, Callable[["Core", Any], None]] = {
    events.Said: _said,
    events.Whispered: _whispered,
    events.Joined: _joined,
    events.Left: _left,
    events.Announced: _announced,
    events.Closed: _closed,
    events.Listed: _listed,
    events.Helped: _helped,
    events.Ponged: _ponged,
    events.Recalled: _recalled,
    events.RecallEnded: lambda core, _: core.recall.ended(),
    events.Recording: lambda core, event: core.recording.told(event),
    events.Greeted: _greeted,
    events.Full: _full,
    events.Rejected: _rejected,
}
