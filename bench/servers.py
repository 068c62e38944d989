"""What is measured: the daemon, the floor, the peers, and how each is started."""

import shutil
import sys
from pathlib import Path

import attrs

HERE = Path(__file__).parent
ROOT = HERE.parent
PLACES = ":".join([str(Path(sys.executable).parent), "/usr/local/sbin", "/usr/sbin", "/usr/bin"])


@attrs.frozen
class Server:
    """One kind of server.

    ``words`` start it in the foreground; ``{port}``, ``{config}`` and ``{directory}`` are
    filled in. ``config`` is a template in ``bench/peers``. ``one_order``: whether it
    promises all members one order, or only each speaker's own.
    """

    name: str
    title: str
    words: tuple[str, ...]
    dialect: str = "chatd"
    config: str = ""
    one_order: bool = True
    from_outside: bool = False
    """Whether it is somebody else's server, as against a room of this repository."""

    @property
    def program(self) -> str | None:
        """Where its program is; None if it is not installed."""
        return shutil.which(self.words[0], path=PLACES) or shutil.which(self.words[0])


def servers(floor: Path) -> list[Server]:
    """All of them, the floor first. ``floor``: the program built from ``floor.c``."""
    return [
        Server("floor", "C floor", (str(floor), "{port}")),
        Server(
            "chatd",
            "chatd",
            ("twistd", "-n", "--pidfile=", "chatd", "--config", "{config}"),
            config="chatd.toml",
        ),
        Server(
            "chatd-history",
            "chatd, history on",
            ("twistd", "-n", "--pidfile=", "chatd", "--config", "{config}"),
            config="chatd-history.toml",
        ),
        Server(
            "chatd-web",
            "chatd, web door",
            ("twistd", "-n", "--pidfile=", "chatd", "--config", "{config}"),
            dialect="web",
            config="chatd-web.toml",
        ),
        Server(
            "ngircd",
            "ngIRCd",
            ("ngircd", "-n", "-f", "{config}"),
            dialect="irc",
            config="ngircd.conf",
            from_outside=True,
        ),
        Server(
            "inspircd",
            "InspIRCd",
            ("inspircd", "--nofork", "--runasroot", "--config={config}"),
            dialect="irc",
            config="inspircd.conf",
            from_outside=True,
        ),
        Server(
            "nats-server",
            "NATS",
            ("nats-server", "-c", "{config}"),
            dialect="nats",
            config="nats.conf",
            one_order=False,
            from_outside=True,
        ),
        Server(
            "redis-server",
            "Redis pub/sub",
            ("redis-server", "{config}"),
            dialect="redis",
            config="redis.conf",
            from_outside=True,
        ),
        _room("twisted", "Twisted, naive"),
        _room("asyncio", "asyncio, naive"),
        _room("threads", "threads, naive"),
    ]


def _room(name: str, title: str) -> Server:
    return Server(name, title, (sys.executable, str(HERE / "rooms" / f"naive_{name}.py"), "{port}"))
