"""The config file: TOML in, typed and frozen values out, all faults at once."""

import json
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import attrs

from chatd.limits import Limits
from chatd.sections import (
    HistorySettings,
    LineSettings,
    LogSettings,
    MetricsSettings,
    NamesSettings,
    RoomSettings,
    TlsSettings,
    WebSettings,
)
from chatd.settings import checked


@attrs.frozen
class Config:
    """Everything that can be set, section by section."""

    room: RoomSettings = attrs.field(factory=RoomSettings)
    names: NamesSettings = attrs.field(factory=NamesSettings)
    line: LineSettings = attrs.field(factory=LineSettings)
    web: WebSettings = attrs.field(factory=WebSettings)
    tls: TlsSettings = attrs.field(factory=TlsSettings)
    limits: Limits = attrs.field(factory=Limits)
    history: HistorySettings = attrs.field(factory=HistorySettings)
    log: LogSettings = attrs.field(factory=LogSettings)
    metrics: MetricsSettings = attrs.field(factory=MetricsSettings)

    @property
    def listens(self) -> dict[str, tuple[str, ...]]:
        """The places to listen at, by section."""
        return {one: getattr(self, one).listen for one in ("line", "web", "metrics")}


SECTIONS: dict[str, Any] = {
    "room": RoomSettings,
    "names": NamesSettings,
    "line": LineSettings,
    "web": WebSettings,
    "tls": TlsSettings,
    "limits": Limits,
    "history": HistorySettings,
    "log": LogSettings,
    "metrics": MetricsSettings,
}


class ConfigError(Exception):
    """What is wrong with a config file: ``faults``, a line for each.

    ``rest``: what is right in it, for whoever can find more faults.
    """

    def __init__(self, faults: list[str], rest: Config | None = None) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
        self.rest = rest or Config()


def load(path: str) -> Config:
    """The config in this file, what it leaves out being as by default.

    Raises ConfigError with every fault in it.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"{path}: is not UTF-8 text"]) from None
    except (ValueError, RecursionError) as error:
        raise ConfigError([f"{path}: is not TOML that can be read: {error}"]) from None
    faults: list[str] = []
    sections = {
        name: _section(name, table, faults) for name, table in tables.items() if name in SECTIONS
    }
    faults += [f"[{_shown(name)}] is not a section" for name in tables if name not in SECTIONS]
    if faults:
        raise ConfigError([f"{path}: {fault}" for fault in faults], Config(**sections))
    return Config(**sections)


def _shown(key: str) -> str:
    return key if key.isprintable() else repr(key)


def _section(name: str, table: Any, faults: list[str]) -> Any:
    cls = SECTIONS[name]
    if not isinstance(table, dict):
        faults.append(f"{name} should be a section, [{name}]")
        return cls()
    known = attrs.fields_dict(cls)
    values = {}
    for key, value in table.items():
        if key not in known:
            faults.append(f"[{name}] {_shown(key)}: there is no such setting")
            continue
        try:
            values[key] = checked(known[key], value)
        except ValueError as error:
            faults.append(f"[{name}] {key}: {error}")
    return cls(**values)


def default_text() -> str:
    """The default config file, every setting explained where it stands."""
    parts = [
        "# The config of chatd: every setting, with its default. A file need only have what\n"
        "# it changes. `chatd check FILE` says what a file would do; `twistd chatd --config FILE`\n"
        "# does it. In [limits], 0 stands for no limit.\n"
    ]
    for name, cls in SECTIONS.items():
        parts.append(f"\n# {cls.__doc__}\n[{name}]\n")
        parts += [_setting_text(field) for field in attrs.fields(cls)]
    return "".join(parts)


def _setting_text(field: "attrs.Attribute[Any]") -> str:
    explanation = textwrap.indent(field.metadata["explanation"], "# ")
    return f"{explanation}\n{field.name} = {_toml(field.default)}\n"


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value)  # which writes texts, numbers and booleans as TOML does
