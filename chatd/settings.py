"""One setting of the config: its default, what it may be, and the words that explain it."""

from collections.abc import Callable
from typing import Any

import attrs

LARGEST = 10**15

_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text in quotes",
    tuple: "a list of texts in quotes",
}


def setting(
    default: Any,
    explanation: str,
    *,
    one_of: tuple[str, ...] = (),
    check_each: Callable[[str], None] = lambda _: None,
) -> Any:
    """An attrs field that the config file can set. Numbers are never below 0.

    ``explanation``: what it does, for the config file; may have several lines.
    ``check_each``: raises ValueError for what can't be in a list.
    """
    return attrs.field(
        default=default,
        metadata={"explanation": explanation, "one_of": one_of, "check_each": check_each},
    )


def checked(field: "attrs.Attribute[Any]", value: Any) -> Any:
    """``value`` as the setting takes it. Raises ValueError with what it should have been."""
    kind: type = type(field.default)
    if kind is tuple and isinstance(value, list) and all(isinstance(one, str) for one in value):
        for one in value:
            field.metadata["check_each"](one)
        return tuple(value)
    if kind is float and type(value) is int and abs(value) <= LARGEST:
        value = float(value)
    if type(value) is not kind:
        raise ValueError(f"should be {_KINDS[kind]}, and is {_short(value)}")
    if isinstance(value, int | float) and not value >= 0:
        raise ValueError(f"should be 0 or more, and is {value}")
    if isinstance(value, int | float) and value > LARGEST:
        raise ValueError(f"should be {LARGEST} at most")
    if isinstance(value, str) and "\0" in value:
        raise ValueError("has a NUL character in it")
    one_of = field.metadata["one_of"]
    if one_of and value not in one_of:
        raise ValueError(f"should be one of {', '.join(map(repr, one_of))}, and is {value!r}")
    return value


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # a number of thousands of digits
        return "too large a number"
    return text if len(text) <= 60 else f"{text[:60]}…"
