"""The config file: its defaults, its faults, and what the checks say of it."""

from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
from twisted.internet.testing import MemoryReactorClock
from twisted.python.usage import UsageError

from chatd import command, config
from chatd.checking import read_config
from chatd.config import Config, ConfigError
from chatd.descriptions import place, reach
from chatd.listening import endpoint
from chatd.service import Options
from chatd.tls.making import make

TOP = Path(__file__).parent.parent.parent


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "chatd.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_default_file_is_the_defaults(tmp_path: Path) -> None:
    """etc/chatd.toml, `chatd config` and the code say the same."""
    text = (TOP / "etc" / "chatd.toml").read_text(encoding="utf-8")
    assert text == config.default_text()
    assert config.load(written(tmp_path, text)) == Config()


def test_every_setting_is_explained_where_it_stands() -> None:
    """A comment stands above each."""
    lines = config.default_text().splitlines()
    settings = [number for number, line in enumerate(lines) if " = " in line and line[0] != "#"]
    assert len(settings) == sum(len(attrs.fields(cls)) for cls in config.SECTIONS.values())
    assert all(lines[number - 1].startswith("# ") for number in settings)


def test_what_is_left_out_is_as_by_default(tmp_path: Path) -> None:
    """A file need only have what it changes; a whole number will do for a number."""
    settings = config.load(written(tmp_path, "[limits]\njoin_seconds = 5\n"))
    assert settings.limits.join_seconds == 5
    assert attrs.evolve(settings, limits=Config().limits) == Config()


@pytest.mark.parametrize(
    ("line", "web", "fault"),
    [
        ("tcp:4000", "tls:4000:interface=127.0.0.1", True),
        ("tcp:4000:interface=127.0.0.1", "tcp:4000:interface=127.0.0.1", True),
        ("unix:/run/chatd/sock", "haproxy:unix:/run/chatd/sock:mode=660", True),
        ("tcp:4000:interface=127.0.0.1", "tcp:4000:interface=127.0.0.2", False),
        ("tcp:0", "tcp:0", False),
        ("tcp:4000", "tcp:4001", False),
    ],
)
def test_a_place_is_one_doors(tmp_path: Path, line: str, web: str, fault: bool) -> None:
    """Else the daemon would say so only when it starts."""
    folder = tmp_path / "tls"
    make(folder, ["localhost"], 1, datetime.now(UTC))
    text = f'[line]\nlisten = ["{line}"]\n[web]\nlisten = ["{web}"]\n'
    text += f'[tls]\ncertificates = ["{folder}"]\n'
    path, faults = written(tmp_path, text), []
    try:
        read_config(path, MemoryReactorClock())
    except ConfigError as error:
        faults = error.faults
    assert faults == fault * [f"{path}: [web] listen: {web!r} is taken by [line] listen"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://chat.example.org:443", "http://chat.example.org:80", "https://*.example.org",
        "https://münchen.example", "https://dani@chat.example.org", "https://chat.example.org/",
        "chat.example.org", "ftp://chat.example.org", "https://chat.example.org:0x1", "null", "",
    ],
)  # fmt: skip
def test_what_no_browser_says(tmp_path: Path, origin: str) -> None:
    """An origin that nobody could come from is a mistake."""
    path = written(tmp_path, f'[web]\norigins = ["{origin}"]\n')
    with pytest.raises(ConfigError, match="no origin as browsers send it"):
        config.load(path)


@pytest.mark.parametrize("origin", ["http://[::1]:8080", "https://Chat.example.org:8443"])
def test_what_browsers_say(tmp_path: Path, origin: str) -> None:
    """Names may be in any case."""
    assert config.load(written(tmp_path, f'[web]\norigins = ["{origin}"]\n'))


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Each names the file, the section and the key."""
    path = written(
        tmp_path,
        """
        surplus = 1
        [room]
        max_users = "ten"
        guests = 1
        users = 10
        [line]
        listen = ["tcp:nonsense", "gopher:70"]
        [limits]
        burst_lines = -1
        lines_per_second = nan
        [doors]
        [history]
        sync = "sometimes"
        [log]
        keep = true
        """,
    )
    with pytest.raises(ConfigError) as caught:
        read_config(path, MemoryReactorClock())
    assert all(fault.startswith(f"{path}: ") for fault in caught.value.faults)
    named = [fault.removeprefix(f"{path}: ").split(":")[0] for fault in caught.value.faults]
    assert sorted(named) == sorted(
        [
            "[room] max_users", "[room] guests", "[room] users", "[limits] burst_lines",
            "[limits] lines_per_second", "[history] sync", "[log] keep", "[doors] is not a section",
            "[surplus] is not a section", "[line] listen", "[line] listen",
        ]
    )  # fmt: skip


def test_places_that_are_none(tmp_path: Path) -> None:
    """Each is named."""
    path = written(tmp_path, '[line]\nlisten = ["tcp:nonsense", "gopher:70", "", "tcp:70000"]')
    with pytest.raises(ConfigError) as caught:
        read_config(path, MemoryReactorClock())
    assert len(caught.value.faults) == 4
    assert all("[line] listen: " in fault for fault in caught.value.faults)


@pytest.mark.parametrize(
    "text", ["[room", "a = ", "\udc80", "a = " + "9" * 5000, "a = " + "[" * 3000]
)
def test_files_that_are_no_config(tmp_path: Path, text: str) -> None:
    """Not TOML, or not text."""
    path = tmp_path / "chatd.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match="is not"):
        config.load(str(path))


@pytest.mark.parametrize(
    "text",
    [
        "[limits]\nlines_per_second = " + "9" * 400,
        "[limits]\nburst_lines = " + "9" * 400,
        '[log]\nfile = "a\\u0000b"',
        '[log]\nfile = "/nowhere/log"',
        '[log]\nfile = "/"',
        '[line]\nlisten = ["tcp:5", "tcp:5"]',
        '["\\u001b[2J"]',
        '[room]\n"\\u001b[2J" = 1',
    ],
)
def test_one_fault(tmp_path: Path, text: str) -> None:
    """Is one line, and nothing in it could garble a screen."""
    with pytest.raises(ConfigError) as caught:
        read_config(written(tmp_path, text), MemoryReactorClock())
    (fault,) = caught.value.faults
    assert fault.isprintable()


def test_a_file_that_is_not_there() -> None:
    """Is a fault like any other."""
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        config.load("/nowhere/chatd.toml")


def test_check_says_what_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How much, for how long, and where."""
    settings = "[history]\nlines = 100\ndays = 7\nreplay = 5\n"
    for file, where in (("", "in memory"), (f"{tmp_path}/h", f"in {tmp_path}/h, sync normal")):
        assert command.main(["check", written(tmp_path, f'{settings}file = "{file}"\n')]) == 0
        assert capsys.readouterr().out.endswith(
            f"history: the last 100 lines, of 7 days at most; {where}; a newcomer is shown 5\n"
        )


@pytest.mark.parametrize("file", ["/nowhere/history", "/"])
def test_a_history_that_can_be_nowhere(tmp_path: Path, file: str) -> None:
    """Is a fault, before anybody has said anything."""
    with pytest.raises(ConfigError, match=r"\[history\] file: there can be no file"):
        read_config(
            written(tmp_path, f'[history]\nlines = 1\nfile = "{file}"'), MemoryReactorClock()
        )


@pytest.mark.parametrize(
    ("description", "who"),
    [
        ("tcp:55555:interface=127.0.0.1", "this machine only"),
        (r"tcp:55555:interface=\:\:1", "this machine only"),
        ("tcp:55555:interface=localhost", "this machine only"),
        ("tcp:55555:interface=192.168.1.5", "this network only"),
        ("tcp:55555:interface=203.0.113.5", "this network only"),
        ("tcp:55555:interface=8.8.8.8", "everyone"),
        ("tcp:55555", "everyone who can reach this machine"),
        ("tcp:5:interface=127.0.0.1:interface=0.0.0.0", "everyone who can reach this machine"),
        ("tcp:interface=127.0.0.1:port=5", "this machine only"),
        ("tcp:5:127.0.0.1", "this machine only"),
        ("tcp:5:interface=0", "everyone who can reach this machine"),
        (r"tcp6:5:interface=\:\:ffff\:127.0.0.1", "this machine only"),
        ("stdio:", "whoever reaches it"),
        ("tcp:55555:interface=0.0.0.0", "everyone who can reach this machine"),
        (r"tcp6:55555:interface=\:\:", "everyone who can reach this machine"),
        ("unix:/run/chatd.sock", "programs on this machine that may open the socket"),
    ],
)
def test_who_could_get_in(description: str, who: str) -> None:
    """Loopback, this network, everyone."""
    assert reach(description) == who


@pytest.mark.parametrize(
    ("words", "listen"),
    [
        ([], None),
        (["6000"], "tcp:6000:interface=127.0.0.1"),
        (["0.0.0.0", "6000"], "tcp:6000:interface=0.0.0.0"),
        (["::1", "6000"], r"tcp:6000:interface=\:\:1"),
    ],
)
def test_command_line_words(words: list[str], listen: str | None) -> None:
    """PORT, or HOST PORT, wins over the file."""
    options = Options()
    options.parseOptions(words)
    assert options.get("listen") == listen
    settings = read_config(None, MemoryReactorClock(), options.get("listen"))
    assert settings.line.listen == ((listen,) if listen else Config().line.listen)


@pytest.mark.parametrize("words", [["host"], ["h", "70000"], ["-1"], ["h", "1", "x"], ["h", "１"]])
def test_command_line_words_that_are_wrong(words: list[str]) -> None:
    """Each is said."""
    with pytest.raises(UsageError):
        Options().parseOptions(words)


def test_an_ipv6_place() -> None:
    """Its colons are escaped, or the endpoint would be another."""
    assert endpoint(place("::1", 6000), MemoryReactorClock()) is not None


def test_check_says_what_a_config_would_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Door by door, and where log and history go."""
    path = written(
        tmp_path,
        '[room]\nmax_users = 0\n[line]\nlisten = ["tcp:6000", "tcp:6001:interface=127.0.0.1"]\n'
        f'[log]\nfile = "{tmp_path}/chatd.log"\nrotate_daily = true\nkeep = 3\n',
    )
    assert command.main(["check", path]) == 0
    assert capsys.readouterr().out == (
        f"{path} is fine.\n"
        "line door: tcp:6000: everyone who can reach this machine\n"
        "line door: tcp:6001:interface=127.0.0.1: this machine only\n"
        "room: any number of people; guests may come in\n"
        f"log: {tmp_path}/chatd.log; put aside at 10485760 bytes and at midnight, 3 kept\n"
        "history: none is kept\n"
    )


def test_check_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And exits 1."""
    assert command.main(["check", written(tmp_path, "[room]\nx = 1\ny = 2\n")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
