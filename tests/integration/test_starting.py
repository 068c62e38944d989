"""`twistd chatd` and `chatd`, as an operator types them."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import ports
from tests.integration.daemon import CHATD, PROMPT, Peer, in_background, running, twistd

DEFAULT_CONFIG = Path(__file__).parents[2] / "etc" / "chatd.toml"
FAULTS = """\
[room]
max_users = "ten"
colour = "blue"
[limits]
line_bytes = -1
[lime]
listen = []
"""


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port of this machine that somebody else listens at."""
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        yield other.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    return ports.free_port()


def chatd(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([CHATD, *words], check=False, capture_output=True, text=True)


def test_a_port(tmp_path: Path, free_port: int) -> None:
    """PORT alone is on this machine only, and wins over the config."""
    with running(tmp_path, words=[str(free_port)]) as daemon:
        assert daemon.port == free_port
        assert daemon.peer().answers("PING") == ["PONG"]
        with pytest.raises(ConnectionRefusedError):
            Peer(("127.0.0.2", free_port))
        daemon.everyone_out()


def test_a_host_and_a_port(tmp_path: Path, free_port: int) -> None:
    """HOST PORT listens there and nowhere else."""
    with running(tmp_path, words=["127.0.0.3", str(free_port)]) as daemon:
        assert daemon.port == free_port
        with Peer(("127.0.0.3", free_port)) as peer:
            assert peer.line() == PROMPT
        with pytest.raises(ConnectionRefusedError):
            Peer(("127.0.0.1", free_port))


def test_ipv6(tmp_path: Path) -> None:
    """The loopback of IPv6 is a host like any other, and guests are called after it."""
    with running(tmp_path, words=["::1", "0"]) as daemon, Peer(("::1", daemon.port)) as peer:
        assert peer.line() == PROMPT
        assert peer.answers("JOIN") == ["SERVER: <::1> joined the chat!"]
        daemon.logged(r"Connected with \('::1', \d+\)$")


def test_a_version_4_peer_on_a_version_6_socket(tmp_path: Path) -> None:
    """Whoever comes by IPv4 is called by that address, whatever the socket."""
    config = '[line]\nlisten = ["tcp:0:interface=\\\\:\\\\:"]\n'
    with running(tmp_path, config) as daemon:
        assert daemon.peer().answers("JOIN") == ["SERVER: <127.0.0.1> joined the chat!"]
        daemon.everyone_out()


def test_a_unix_socket(tmp_path: Path) -> None:
    """A Unix socket is a place to listen at, beside a port; its file is gone after the end."""
    place = tmp_path / "chat.sock"
    config = f'[line]\nlisten = ["unix:{place}:mode=660", "tcp:0:interface=127.0.0.1"]\n'
    with running(tmp_path, config) as daemon:
        dani = daemon.person("dani")
        assert place.stat().st_mode & 0o777 == 0o660
        with Peer(str(place)) as peer:
            assert peer.line() == PROMPT
            assert peer.answers("JOIN") == ["SERVER: <local> joined the chat!"]
            peer.say("BCST from nearby")
            assert dani.lines(2)[-1] == "<local>: BCST from nearby"
        daemon.logged("<local> has left the chat")
        daemon.everyone_out()
    assert not place.exists()


@pytest.mark.parametrize("to_a_file", [False, True])
def test_a_busy_port(tmp_path: Path, busy_port: int, to_a_file: bool) -> None:
    """A busy port ends the start with status 1 and one clear line, logged to a file or not."""
    config = tmp_path / "chatd.toml"
    config.write_text(f'[log]\nfile = "{tmp_path}/chat.log"\n' if to_a_file else "")
    tried = twistd(tmp_path, "-n", "--pidfile=", "chatd", f"--config={config}", str(busy_port))
    assert tried.returncode == 1
    why = f"cannot listen at tcp:{busy_port}:interface=127.0.0.1: Address already in use"
    assert tried.stderr.splitlines() == [f"chatd: {why}"]
    assert "Traceback" not in tried.stdout


def test_a_busy_port_in_the_background(tmp_path: Path, busy_port: int) -> None:
    """Daemonised, it ends with the same line, and leaves no pid file behind."""
    tried = twistd(tmp_path, "--pidfile=chatd.pid", "chatd", str(busy_port))
    assert tried.returncode == 1
    why = f"cannot listen at tcp:{busy_port}:interface=127.0.0.1: Address already in use"
    assert tried.stderr.splitlines() == [f"chatd: {why}"]
    assert not (tmp_path / "chatd.pid").exists()


@pytest.mark.parametrize("options", [["-n", "--pidfile="], ["--pidfile=chatd.pid"]])
def test_a_bad_config(tmp_path: Path, options: list[str]) -> None:
    """Every fault in a config is told at once, each with file, section and key; status 1."""
    file = tmp_path / "bad.toml"
    file.write_text(FAULTS + '[line]\nlisten = ["tcp:nonsense", "carrier-pigeon:1"]\n')
    tried = twistd(tmp_path, *options, "chatd", f"--config={file}")
    assert (tried.returncode, tried.stdout) == (1, "")
    told = tried.stderr.splitlines()
    places = (
        "[room] max_users: should be a whole number, and is 'ten'",
        "[room] colour: there is no such setting",
        "[limits] line_bytes: should be 0 or more, and is -1",
        "[lime] is not a section",
        "[line] listen: 'tcp:nonsense' is not a place to listen at: ",
        "[line] listen: 'carrier-pigeon:1' is not a place to listen at: ",
    )
    assert all(line.startswith(f"chatd: {file}: ") for line in told)
    for place in places:
        assert len([line for line in told if f"{file}: {place}" in line]) == 1
    assert len(told) == len(places)
    assert not list(tmp_path.glob("*.log"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [(None, "cannot be read: No such file"), (b"[room", "is not TOML"), (b"\xff", "is not UTF-8")],
)
def test_a_config_that_cannot_be_read(tmp_path: Path, text: bytes | None, fault: str) -> None:
    """A config that is missing or is no TOML ends with status 1 and a line that says so."""
    file = tmp_path / "bad.toml"
    if text is not None:
        file.write_bytes(text)
    tried = twistd(tmp_path, "-n", "--pidfile=", "chatd", "-c", str(file))
    assert tried.returncode == 1
    (told,) = tried.stderr.splitlines()
    assert told.startswith(f"chatd: {file}: {fault}")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["nonsense"], "'nonsense' is not a port"),
        (["70000"], "'70000' is not a port"),
        (["-1"], "option -1 not recognized"),
        (["127.0.0.1", "٣"], "'٣' is not a port"),
        (["127.0.0.1", "5", "6"], "too many words"),
        (["--frobnicate"], "option --frobnicate not recognized"),
    ],
)
def test_words_that_make_no_sense(tmp_path: Path, words: list[str], fault: str) -> None:
    """Words that twistd chatd does not know end with status 1 and what is wrong, last."""
    tried = twistd(tmp_path, "-n", "--pidfile=", "chatd", *words)
    assert tried.returncode == 1
    assert fault in (tried.stdout + tried.stderr).splitlines()[-1]


def test_a_host_that_is_not_here(tmp_path: Path, free_port: int) -> None:
    """A host that is none of this machine's ends with status 1 and a line that says so."""
    tried = twistd(tmp_path, "-n", "--pidfile=", "chatd", "192.0.2.1", str(free_port))
    assert tried.returncode == 1
    assert tried.stderr.splitlines() == [
        f"chatd: cannot listen at tcp:{free_port}:interface=192.0.2.1:"
        " Cannot assign requested address"
    ]


def test_in_the_background(tmp_path: Path) -> None:
    """Daemonised, it says nothing, and people can come in as soon as the prompt is back."""
    with in_background(tmp_path, "[log]\nfile = 'chat.log'\n") as daemon:
        assert daemon.person("dani").answers("LIST") == ["Online: dani"]
        daemon.everyone_out()


def test_help(tmp_path: Path) -> None:
    """`twistd chatd --help` says what PORT and HOST are, and --version which chatd this is."""
    told = twistd(tmp_path, "chatd", "--help")
    assert told.returncode == 0
    for word in ("[HOST] [PORT]", "--config", "55555"):
        assert word in told.stdout
    assert twistd(tmp_path, "chatd", "--version").stdout.startswith("chatd ")


def test_chatd_config() -> None:
    """`chatd config` prints the file that the repository has as etc/chatd.toml."""
    printed = chatd("config")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout == DEFAULT_CONFIG.read_text(encoding="utf-8")


def test_chatd_check_of_the_default() -> None:
    """`chatd check` says who could reach the door, and where log and history go; status 0."""
    for words in ([], [str(DEFAULT_CONFIG)]):
        told = chatd("check", *words)
        assert (told.returncode, told.stderr) == (0, "")
        assert told.stdout.splitlines()[1:] == [
            "line door: tcp:55555:interface=127.0.0.1: this machine only",
            "room: at most 10 people; guests may come in",
            "log: where twistd logs; put aside at 10485760 bytes, 10 kept",
            "history: none is kept",
        ]


def test_chatd_check_of_another(tmp_path: Path) -> None:
    """Each door is told by itself."""
    file = tmp_path / "wide.toml"
    file.write_text(
        '[line]\nlisten = ["tcp:1", "tcp:2:interface=192.168.1.5", "tcp:3:interface=\\\\:\\\\:1"]\n'
        "[room]\nguests = false\nmax_users = 0\n"
        '[web]\nlisten = ["tcp:8080"]\n'
        f'[log]\nfile = "{tmp_path}/chat.log"\nrotate_daily = true\nrotate_bytes = 0\n'
    )
    told = chatd("check", str(file))
    assert told.returncode == 0
    assert told.stdout.splitlines()[1:] == [
        "line door: tcp:1: everyone who can reach this machine",
        "line door: tcp:2:interface=192.168.1.5: this network only",
        "line door: tcp:3:interface=\\:\\:1: this machine only",
        "web door: tcp:8080: everyone who can reach this machine",
        "room: any number of people; everyone needs a name",
        f"log: {tmp_path}/chat.log; put aside at midnight, 10 kept",
        "history: none is kept",
    ]
    assert not (tmp_path / "chat.log").exists()


def test_chatd_check_of_a_bad_one(tmp_path: Path) -> None:
    """`chatd check` of a config with faults prints each and exits with 1."""
    file = tmp_path / "bad.toml"
    file.write_text(FAULTS)
    told = chatd("check", str(file))
    assert (told.returncode, told.stdout) == (1, "")
    assert len(told.stderr.splitlines()) == 4
    assert all(line.startswith(f"{file}: [") for line in told.stderr.splitlines())
