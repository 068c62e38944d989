"""The client by TLS with the real daemon: what it trusts, in a pipe and on a terminal."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.client.running import CHAT, TMUX, Daemon, Netcat, Terminal
from tests.ports import free_port

pytest.importorskip("OpenSSL", reason="pyOpenSSL is not installed")
pytest.importorskip("service_identity", reason="service_identity is not installed")

from chatd.tls.certificate import fingerprint
from chatd.tls.making import make

on_terminal = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")


class Room:
    """A daemon with a plain and a TLS place, and its certificate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.fingerprint = self.certify()
        plain = free_port()
        listen = f'tls:{self.port}:interface=127.0.0.1", "tcp:{plain}:interface=127.0.0.1'
        config = f'[room]\nmax_users = 0\n[tls]\ncertificates = ["{folder}/cert"]\n'
        self.daemon = Daemon(folder, config, listen)
        self.daemon.port = plain
        self.daemon.start()

    @property
    def pem(self) -> str:
        return str(self.folder / "cert" / "fullchain.pem")

    def certify(self) -> str:
        """A new certificate, for 127.0.0.1 only; gives its fingerprint."""
        place = self.folder / "cert"
        for old in place.glob("*.pem"):
            old.unlink()
        return fingerprint(make(place, ["127.0.0.1"], 100, datetime.now(UTC)))

    def renew(self) -> None:
        """The daemon starts again with another certificate."""
        self.daemon.stop()
        self.fingerprint = self.certify()
        self.daemon.start()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    room = Room(tmp_path_factory.mktemp("room"))
    yield room
    room.daemon.stop()


Done = subprocess.CompletedProcess[str]
Said = Callable[..., Done]


@pytest.fixture
def say(tmp_path: Path, shared: Room) -> Said:
    """Say hello in a pipe, to the TLS place if no other is named."""

    def run(*words: str, to: tuple[str, ...] = (), **env: str) -> Done:
        where = to or ("127.0.0.1", str(shared.port), "--tls")
        return subprocess.run(
            [*CHAT, *where, "--name", "bot", "--no-time", *words],
            input="hello\n",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "XDG_STATE_HOME": str(tmp_path), **env},
        )

    return run


class TestPipe:
    def test_an_authority(self, shared: Room, say: Said) -> None:
        """A certificate that this machine trusts lets us in."""
        done = say(SSL_CERT_FILE=shared.pem)
        assert (done.returncode, done.stderr) == (0, "")
        assert "You: hello" in done.stdout

    def test_nobody_vouches(self, shared: Room, say: Said, tmp_path: Path) -> None:
        """It never asks, and says what to do; what it says to do works."""
        done = say()
        assert (done.returncode, done.stdout) == (7, "")
        assert "is not vouched for: it is signed by itself." in done.stderr
        named = next(word for word in done.stderr.split() if word.count(":") == 31)
        assert named == shared.fingerprint
        assert say("--fingerprint", named).returncode == 0
        assert not (tmp_path / "chatd").exists()

    def test_another_fingerprint(self, shared: Room, say: Said) -> None:
        """Does not let us in, whoever vouches."""
        done = say("--fingerprint", "A1" * 32, SSL_CERT_FILE=shared.pem)
        assert done.returncode == 7
        assert "is not the one you have named" in done.stderr

    def test_another_host(self, shared: Room, say: Said) -> None:
        """A trusted certificate is good for the hosts that it names."""
        done = say(to=(f"tls:localhost:{shared.port}",), SSL_CERT_FILE=shared.pem)
        assert done.returncode == 7
        assert "it is for 127.0.0.1, not for localhost." in done.stderr

    def test_the_wrong_door(self, shared: Room, say: Said) -> None:
        """With TLS at the plain place, or without at the other: it is said which is which."""
        without = say(to=("127.0.0.1", str(shared.port)))
        assert without.returncode != 0
        assert "This place speaks TLS: connect with chat --tls" in without.stderr
        plain = say(to=("127.0.0.1", str(shared.daemon.port), "--tls"))
        assert plain.returncode == 3
        assert "Cannot reach the chat: what answers there does not speak TLS." in plain.stderr

    def test_a_host_and_another_endpoint(self, say: Said) -> None:
        """Words that do not go together are refused, with status 2."""
        done = say("--tls", to=("unix:/nowhere",))
        assert (done.returncode, done.stdout) == (2, "")
        assert "do not go together" in done.stderr

    def test_the_server_that_says_nothing(self, say: Said) -> None:
        """What never shakes hands is given up like what never answers."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            done = say(to=("127.0.0.1", str(silent.getsockname()[1]), "--tls"))
        assert done.returncode == 3
        assert "no chat answers there" in done.stderr


def chat(folder: Path, room: Room, *words: str) -> Terminal:
    where = ("127.0.0.1", str(room.port), "--tls", "--name", "dani", "--no-time")
    return Terminal(folder, *CHAT, *where, *words, size=(120, 24))


@on_terminal
@pytest.mark.parametrize("how", [(), ("--plain",)])
def test_asked_once(tmp_path: Path, shared: Room, how: tuple[str, ...]) -> None:
    """Somebody at a terminal sees the fingerprint, says yes, and is not asked the next time."""
    first = chat(tmp_path, shared, *how)
    first.see(f"Its SHA-256 fingerprint is {shared.fingerprint}")
    first.see("Trust it from now on? (y/yes, n/no)")
    first.enter("yes")
    first.see("You are in the chat as dani")
    first.enter("by TLS")
    first.see("You: by TLS")
    first.enter("/quit")
    first.see("status=0")
    known = tmp_path / "chatd" / "known_rooms"
    assert known.read_text() == f"127.0.0.1 {shared.port} {shared.fingerprint}\n"
    assert known.stat().st_mode & 0o777 == 0o600
    second = chat(tmp_path, shared, *how)
    second.see("You are in the chat as dani")
    assert "Trust" not in second.screen()


@on_terminal
@pytest.mark.parametrize("how", [(), ("--plain",)])
def test_no_is_no(tmp_path: Path, shared: Room, how: tuple[str, ...]) -> None:
    """Who does not trust it leaves with a status that tells, and nothing is remembered."""
    one = chat(tmp_path, shared, *how)
    one.see("Trust it from now on?")
    one.enter("no")
    one.see("status=7")
    assert not (tmp_path / "chatd" / "known_rooms").exists()


@on_terminal
def test_a_changed_certificate(tmp_path: Path, shared: Room) -> None:
    """It is refused without a question, also to who was in when the room came back with it; when
    the line that it names is removed, it is a new one."""
    dani = chat(tmp_path, shared)
    dani.see("Trust it from now on?")
    dani.enter("y")
    dani.see("You are in the chat as dani")
    before = shared.fingerprint
    shared.renew()
    dani.see("has changed, and is not vouched for")
    dani.see(f"fingerprint before: {before}")
    dani.see(f"fingerprint now: {shared.fingerprint}")
    dani.see("Try again? (y/yes, n/no)")
    again = chat(tmp_path, shared)
    again.see(f"remove line 1 of {tmp_path}/chatd/known_rooms and connect again")
    again.see("status=7")
    (tmp_path / "chatd" / "known_rooms").unlink()
    dani.enter("y")
    dani.see("Trust it from now on?")
    dani.enter("y")
    dani.see("Back in the chat as dani")


@on_terminal
def test_a_conversation(tmp_path: Path, shared: Room) -> None:
    """By TLS and without, they are in one room."""
    dani = chat(tmp_path, shared, "--fingerprint", shared.fingerprint)
    dani.see("You are in the chat as dani")
    drew = Netcat(shared.daemon.port, "drew")
    dani.see("drew joined the chat")
    drew.send("BCST hello, 漢字", "MESG dani psst")
    dani.see("drew: hello, 漢字")
    dani.see("[private] drew: psst")
    dani.enter("a" * 900)
    assert drew.until("dani: BCST " + "a" * 900)
