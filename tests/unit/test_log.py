"""What is written into the log."""

import pytest
from twisted.logger import LogLevel, capturedLogs, formatEventAsClassicLogText
from twisted.python.failure import Failure

from chatd.events import Joined, Left, Said
from chatd.log import RoomLog, log_line


@pytest.mark.parametrize(
    "fields",
    [
        {"log_format": "Connected with {peer!r}", "peer": ("::1", 5)},
        {"log_format": "{name} has left the chat: {why}", "name": "drew", "why": "quit"},
        {"log_format": "{peer!r}", "peer": "forged\n2026-11-20T00:00:00+0000 [-] line"},
        {"log_format": "two\nlines"},
        {"log_format": "Could not serve", "log_failure": Failure(RuntimeError("a bug"))},
        {"log_format": "from elsewhere", "log_namespace": "twisted"},
    ],
)
def test_a_line_is_what_twisted_would_write(fields: dict[str, object]) -> None:
    """However it is made; and what a stranger sends can't begin a line of its own."""
    event = {"log_time": 1e9, "log_namespace": "chatd.x", "log_level": LogLevel.info, **fields}
    line = log_line(event)
    assert line == formatEventAsClassicLogText(event)
    assert line is not None
    assert not [one for one in line.splitlines()[1:] if not one.startswith("\t")]


def test_who_came_and_went_but_not_what_was_said() -> None:
    """In the words that people look for."""
    with capturedLogs() as logged:
        for event in (Joined("dani"), Said("dani", ("secret",)), Left("dani", "quit")):
            RoomLog().hear(event)
    texts = [event["log_format"].format(**event) for event in logged]
    assert texts == ["dani joined the chat!", "dani has left the chat: quit"]
