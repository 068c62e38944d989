"""The config file: TOML in, typed and frozen values out, all faults at once.

What can be set stands here and in ``chatd.limits`` and nowhere else: ``chatd config``
and ``etc/chatd.toml`` are written from these classes.
"""

import json
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import attrs

from chatd.limits import Limits
from chatd.settings import checked, setting
from chatd.web import check_origin, check_proxy


@attrs.frozen
class RoomSettings:
    """The room."""

    max_users: int = setting(10, "People in the room at once; 0: no limit.")
    guests: bool = setting(True, "Whether JOIN without a name lets a guest in.")
    motd: str = setting("", "Told to everyone who joins; several lines if you like.")
    password_file: str = setting(
        "",
        "File with the hash of a password that everyone needs to come in; `chatd passwd` writes\n"
        "it. Empty: none is needed.",
    )
    operators: tuple[str, ...] = setting(
        (), "Registered names whose owners may KICK, MUTE, BAN and so on."
    )
    state_file: str = setting(
        "",
        "File that keeps bans, mutes and whether the room is closed over a restart; empty:\n"
        "they end with the daemon.",
    )


@attrs.frozen
class NamesSettings:
    """Registered names, which nobody can use without their own password."""

    file: str = setting(
        "", "File of names and hashes; `chatd passwd NAME` writes it. Empty: there are none."
    )


@attrs.frozen
class LineSettings:
    """The line door: netcat, telnet and the bundled client."""

    listen: tuple[str, ...] = setting(
        ("tcp:55555:interface=127.0.0.1",),
        "Places to listen at, each a Twisted endpoint string. This one is for this machine\n"
        'only; "tcp:55555" is for everyone who can reach it, "tls:55556" the same by TLS, and\n'
        '"unix:/run/chatd.sock" a local socket. PORT or HOST PORT on the command line takes the\n'
        "place of all of these.",
    )


@attrs.frozen
class WebSettings:
    """The web door: a page for browsers, and a WebSocket. Wants pip install 'chatd[web]'."""

    listen: tuple[str, ...] = setting(
        (),
        'Places to listen at for HTTP, as in [line]: "tcp:8080" is for everyone who can reach it,\n'
        '"tls:8443" the same by https. None: no web door.',
    )
    title: str = setting("chatd", "What the page is called.")
    origins: tuple[str, ...] = setting(
        (),
        "Where the page may be, besides an address and this machine's own name, such as\n"
        '"https://chat.example.org": a page from anywhere else is not let in.',
        check_each=check_origin,
    )
    proxies: tuple[str, ...] = setting(
        (),
        "Networks of proxies in front, whose X-Forwarded-For says where somebody comes from;\n"
        '"local" stands for those that come by a Unix socket.',
        check_each=check_proxy,
    )


@attrs.frozen
class TlsSettings:
    """TLS, for the places in listen that say tls. Wants pip install 'chatd[tls]'."""

    certificates: tuple[str, ...] = setting(
        (),
        "Each a folder with fullchain.pem and privkey.pem, as certbot keeps them, or a PEM file\n"
        "with a key, its certificate, and those that vouch for it. Who connects gets the one for\n"
        "the name they ask for, else the first. `chatd cert` makes one for a LAN.",
    )


@attrs.frozen
class HistorySettings:
    """History: what was said to everyone, for HIST. Private lines are never kept."""

    lines: int = setting(0, "Lines kept and shown by HIST; 0: no history at all.")
    days: int = setting(0, "Days for which they are kept; 0: no limit.")
    file: str = setting(
        "",
        "SQLite file that they are in; empty: in memory, until the daemon stops. Only its\n"
        "owner can read it. One daemon writes to a file; FILE-lock beside it sees to that.",
    )
    replay: int = setting(0, "Lines shown to a newcomer without being asked.")
    sync: str = setting(
        "normal",
        'Whether what HIST has shown outlives a daemon that is killed ("normal"), or a power\n'
        'cut too ("full", which waits for the disk each time).',
        one_of=("normal", "full"),
    )


@attrs.frozen
class LogSettings:
    """The log: who came, who went and why, and never what was said."""

    file: str = setting("", "Empty: where twistd would log (the screen with -n, else twistd.log).")
    format: str = setting(
        "text",
        '"text": a line for people, with its fields in brackets; "json": an object on each line.',
        one_of=("text", "json"),
    )
    level: str = setting(
        "info",
        'What is less than this is left out: "debug", "info", "warn", "error" or "critical".',
        one_of=("debug", "info", "warn", "error", "critical"),
    )
    rotate_bytes: int = setting(10485760, "Bytes at which the file is put aside; 0: at no size.")
    rotate_daily: bool = setting(False, "Whether a file is put aside at midnight, too.")
    keep: int = setting(10, "Files put aside that are kept: file.1 is the newest.")


@attrs.frozen
class MetricsSettings:
    """Metrics for Prometheus, and whether all is well. Wants pip install 'chatd[metrics]'."""

    listen: tuple[str, ...] = setting(
        (),
        "Places to listen at for HTTP, as in [line]: /metrics and /healthz are there for everyone\n"
        'who reaches them, so "tcp:9555:interface=127.0.0.1" is a good one. None: no metrics.',
    )


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
