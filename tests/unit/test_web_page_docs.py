"""docs/web.md has every message, in both directions, and the daemon takes and says just those."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from twisted.internet import defer

from chatd.doors.web.frames import FRAMES_AT_ONCE, FRAMES_PER_SECOND, MESSAGE_BYTES
from chatd.doors.web.pages import SAFELY
from chatd.doors.web.seat import PING_SECONDS
from chatd.events import Event
from chatd.history.memory import MemoryHistory
from chatd.limits import Limits
from chatd.lines import moment
from chatd.room import Room
from chatd.web import Terms
from chatd.wire.message_reader import ASKED, MOST_LINES, lines_in
from tests.unit.test_web_door import WebHouse
from tests.unit.web_person import WebPerson

PAGE = (Path(__file__).parents[2] / "docs" / "web.md").read_text(encoding="utf-8")
AT = "2026-11-20T21:33:01Z"
LIMITS = Limits()
Message = dict[str, Any]


def examples(section: str) -> list[Message]:
    """The JSON of a section's table."""
    body = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return [json.loads(cell) for cell in re.findall(r"^\| `(\{.*?\})` \|", body, re.MULTILINE)]


SENT, TOLD = examples("What is sent"), examples("What the daemon sends")


class Watched(dict[str, Any]):
    """A message that notes which of its keys somebody wants to see."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.wanted = {"type"}

    def get(self, key: str, default: Any = None) -> Any:
        self.wanted.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.wanted.add(str(key))
        return super().__contains__(key)


def test_every_type_is_there() -> None:
    """In either direction, and no other. Full and Rejected are both an error."""
    assert {one["type"] for one in SENT} == set(ASKED)
    assert len({one["type"] for one in TOLD}) == len(TOLD) == len(get_args(Event)) - 1


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_every_key_is_there(kind: str) -> None:
    """Those that the table shows of a type are those that are looked at."""
    of_kind = [Watched(one) for one in SENT if one["type"] == kind]
    for one in of_kind:
        list(ASKED[kind](one))
    shown = {key for one in of_kind for key in one}
    assert set().union(*(one.wanted for one in of_kind)) == shown


@pytest.mark.parametrize("message", SENT, ids=json.dumps)
def test_what_is_sent_is_understood(message: Message) -> None:
    """As the page has it, and other keys are passed over."""
    assert lines_in(json.dumps(message)) == lines_in(json.dumps({**message, "other": 1}))


@pytest.mark.parametrize(
    "words",
    [
        f"at most {MESSAGE_BYTES} bytes, in however many fragments, and {MOST_LINES} lines",
        f"itself: {FRAMES_PER_SECOND} a second after {FRAMES_AT_ONCE} at once",
        f"nothing for {PING_SECONDS:g} seconds is sent a ping",
        f"after {2 * PING_SECONDS:g} it is let go",
        f"{LIMITS.lines_per_second:g} lines a second after {LIMITS.burst_lines} at once",
    ],
)
def test_every_figure_is_the_daemons(words: str) -> None:
    """Those of the limits."""
    assert words in PAGE


def test_every_header_of_the_page_is_there() -> None:
    """With its value, where that is a word."""
    for name, value in SAFELY:
        assert f"`{name}`" in PAGE or f"`{name}: {value}`" in PAGE


class TestTheExamples(WebHouse):
    """A conversation in which all of them are told."""

    def test_each_is_what_the_daemon_says(self) -> None:
        """To the letter, order of keys and all."""
        heard = [message for person in self.conversation() for message in person.messages()]
        assert {one["type"] for one in heard} == {one["type"] for one in TOLD}
        for example in TOLD:
            assert any(_is_like(example, one) for one in heard), example

    def conversation(self) -> tuple[WebPerson, WebPerson]:
        room = Room(motd="Welcome.")
        self.open_door(room, LIMITS)
        self.door.clock = lambda: moment(AT)
        self.door.terms = Terms(title="Class 5b")
        room.keep(MemoryHistory(10, 0, self.door.clock, lambda: defer.succeed(None)))
        dani, drew = self.connect(), self.connect()
        for person, name in ((dani, "dani"), (drew, "drew")):
            person.sends_messages(json.dumps({"type": "join", "name": name}))
        gone = [{"type": "quit"}, {"type": "tell", "to": "drew", "text": "hi"}]
        asked = [one for one in SENT if one["type"] not in ("pass", "join", "quit", "order")]
        dani.sends_messages(*map(json.dumps, asked))
        for person, one in zip((drew, dani), gone, strict=True):
            person.sends_messages(json.dumps(one))
            self.clock.pump([1.0] * 20)
        room.close()
        self.door.close()
        return dani, drew


def _is_like(example: Message, said: Message) -> bool:
    """… stands for anything; of a help, some lines are enough."""
    if list(example) != list(said):
        return False
    if example["type"] == said["type"] == "help":
        return set(example["lines"]) <= set(said["lines"])
    return all(example[key] in ("…", said[key]) for key in example)
