"""The sections of the config file.

What can be set stands here and in ``chatd.limits`` and nowhere else: ``chatd config``
and ``etc/chatd.toml`` are written from these classes.
"""

import attrs

from chatd.settings import setting
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
