"""How a line of the log looks: text that reads well and can be split, or JSON.

Text: ``2026-11-21T10:00:00+0000 [info joined name=dani host=10.0.0.1] dani joined the chat!``, the
time, the level, what kind of thing it is and its fields, and a sentence. Kind and fields are there
where whoever logs gives a kind, ``event="joined"``.
"""

import json
import traceback
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from twisted.logger import LogEvent, formatEvent, formatTime

from chatd.addresses import LOCAL, LOCAL_SOCKET

LONGEST_FIELD = 40
"""What is longer reads better in the sentence, where it stands anyway."""

LineMaker = Callable[[LogEvent], str]

_second = lru_cache(maxsize=1)(formatTime)


def text_line(event: LogEvent) -> str:
    """Its first line is all there is, but for the traceback of a fault of ours."""
    level = event["log_level"].name if "log_level" in event else "info"
    what = f"{level} {_shown(event)}" if "event" in event else level
    text = _sentence(event) + _traceback(event)
    return f"{_second(int(event['log_time']))} [{what}] " + text.replace("\n", "\n\t") + "\n"


def json_line(event: LogEvent) -> str:
    """An object with time, level, text and all fields."""
    told = {
        "time": _second(int(event["log_time"])),
        "level": event["log_level"].name if "log_level" in event else "info",
        **dict(_fields(event)),
        "text": _sentence(event),
    }
    if trace := _traceback(event):
        told["traceback"] = trace
    return json.dumps(told, ensure_ascii=False) + "\n"


def _sentence(event: LogEvent) -> str:
    text = event.get("log_format")
    if not event.get("log_namespace", "").startswith("chatd.") or not isinstance(text, str):
        return formatEvent(event)
    try:  # ours are plain, and when a thousand people go at once the time counts
        return text.format_map(event)
    except Exception:  # by whoever's __str__
        return formatEvent(event)


def _fields(event: LogEvent) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in event.items():
        if name == "peer":
            host, port = value if isinstance(value, tuple) else (value, None)
            host = LOCAL if host == LOCAL_SOCKET else host
            found += [("host", host)] if port is None else [("host", host), ("port", port)]
        elif isinstance(value, str | int | float) and not _is_twisteds(name):
            found.append((name, value))
    return found


def _is_twisteds(name: str) -> bool:
    return name.startswith("log_") or name in ("isError", "time", "system", "format", "message")


def _shown(event: LogEvent) -> str:
    fields = [(name, str(value)) for name, value in _fields(event) if name != "event"]
    short = [f"{name}={_quoted(value)}" for name, value in fields if len(value) <= LONGEST_FIELD]
    return " ".join([str(event["event"]), *short])


def _quoted(value: str) -> str:
    """As it is, or in quotes where it would not be one word."""
    if value.isprintable() and value and not any(one in value for one in ' "=[]'):
        return value
    return json.dumps(value, ensure_ascii=not value.isprintable()).replace("]", "\\u005d")


def _traceback(event: LogEvent) -> str:
    """Where it happened and what kind of error it was, and not its message: that may quote
    what somebody said.
    """
    failure = event.get("log_failure")
    if failure is None:
        return ""
    kind = f"{failure.type.__module__}.{failure.type.__qualname__}"
    why = f": {failure.value.strerror}" if isinstance(failure.value, OSError) else ""
    stack = "".join(traceback.format_list(traceback.extract_tb(failure.getTracebackObject())))
    return f"\nTraceback (most recent call last):\n{stack}{kind}{why}"
