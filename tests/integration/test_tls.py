"""TLS places of the real daemon, with openssl, netcat and the real client."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.running import CHAT
from tests.integration.daemon import CHATD, PROMPT, WITHIN, Daemon, Peer, running, twistd, wait_for

pytest.importorskip("OpenSSL", reason="pyOpenSSL is not installed")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

OPEN = "[limits]\nlines_per_second = 0\nconnections_per_address = 0\n[room]\nmax_users = 0\n"


def cert(folder: Path, *names: str) -> str:
    """What `chatd cert` makes; gives its fingerprint."""
    made = subprocess.run(
        [CHATD, "cert", "--out", str(folder), *names], check=True, capture_output=True, text=True
    )
    return made.stdout.partition("SHA-256 fingerprint: ")[2].partition("\n")[0]


def config(where: Path, more: str = OPEN, *folders: str) -> str:
    named = ", ".join(f'"{where}/{folder}"' for folder in folders or ("cert",))
    places = '["tls:0:interface=127.0.0.1"]'
    return f"[line]\nlisten = {places}\n[tls]\ncertificates = [{named}]\n{more}"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon with a TLS place, and a certificate for 127.0.0.1 and chat.lan."""
    cert(tmp_path / "cert", "127.0.0.1", "chat.lan")
    with running(tmp_path, config(tmp_path)) as daemon:
        yield daemon


class TlsPeer(Peer):
    """Somebody who speaks TLS, and does not ask with whom. An end that TLS was not told of is
    an error."""

    def __init__(self, daemon: Daemon, name: str = "") -> None:
        super().__init__(("127.0.0.1", daemon.port))
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._incoming.close()
        self.socket = context.wrap_socket(self.socket, suppress_ragged_eofs=False)
        self._incoming = self.socket.makefile("rb")
        assert self.line() == PROMPT
        if name:
            assert self.answers(f"JOIN {name}") == [f"SERVER: {name} joined the chat!"]


def s_client(daemon: Daemon, said: str, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{daemon.port}", *words],
        input=said,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )


def shown(daemon: Daemon, *words: str) -> str:
    """The fingerprint of the certificate that openssl is shown."""
    seen = s_client(daemon, "", *words).stdout
    told = subprocess.run(
        ["openssl", "x509", "-noout", "-fingerprint", "-sha256"],
        input=seen,
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.strip().partition("=")[2]


def test_openssl(tmp_path: Path, room: Daemon) -> None:
    """A script speaks through s_client, which has verified what chatd cert made."""
    words = ("-quiet", "-verify_return_error", "-verify_hostname", "chat.lan")
    trusted = ("-CAfile", str(tmp_path / "cert" / "fullchain.pem"))
    done = s_client(room, "JOIN bot\nBCST deploy finished\nQUIT\n", *words, *trusted)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        PROMPT,
        "SERVER: bot joined the chat!",
        "bot: BCST deploy finished",
    ]
    room.everyone_out()


def test_a_certificate_for_each_name(tmp_path: Path) -> None:
    """Who asks for a name is shown its certificate; who asks for none, the first."""
    first, second = cert(tmp_path / "a", "a.lan"), cert(tmp_path / "b", "b.lan", "*.b.lan")
    with running(tmp_path, config(tmp_path, OPEN, "a", "b")) as daemon:
        asked = {None: first, "a.lan": first, "b.lan": second, "x.b.lan": second, "c.lan": first}
        for name, expected in asked.items():
            words = ("-servername", name) if name else ("-noservername",)
            assert shown(daemon, *words) == expected


def test_old_tls_is_refused(room: Daemon) -> None:
    """TLS 1.1 gets an alert, and the log a line with the reason."""
    done = s_client(room, "", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
    assert "alert protocol version" in done.stderr
    room.logged(r"TLS handshake failed: unsupported protocol")
    for version in ("-tls1_2", "-tls1_3"):
        assert "BEGIN CERTIFICATE" in s_client(room, "", version).stdout


def test_netcat_at_a_tls_place(room: Daemon) -> None:
    """It is told in words what this place speaks, and the log has a line for it."""
    with Peer(("127.0.0.1", room.port)) as plain:
        plain.say("JOIN dani")
        assert plain.rest() == [
            "ERROR unknown-command: This place speaks TLS:"
            " connect with chat --tls, or openssl s_client."
        ]
    room.logged("spoke no TLS")


def test_tls_at_a_plain_place(tmp_path: Path) -> None:
    """It is not mistaken for lines, and the log has a line for it."""
    with running(tmp_path) as daemon:
        assert s_client(daemon, "").returncode != 0
        daemon.logged("spoke TLS")


def test_a_handshake_that_does_not_go_on(tmp_path: Path) -> None:
    """The time for JOIN runs from connecting; meanwhile others come in."""
    cert(tmp_path / "cert", "127.0.0.1")
    with running(tmp_path, config(tmp_path, "[limits]\njoin_seconds = 3\n")) as daemon:
        with (
            Peer(("127.0.0.1", daemon.port)) as stalled,
            Peer(("127.0.0.1", daemon.port)) as silent,
        ):
            stalled.throw(b"\x16\x03\x01\x02\x00\x01")
            dani = TlsPeer(daemon, "dani")
            for one in (stalled, silent):
                with pytest.raises((ConnectionResetError, EOFError)):
                    one.line()
            assert dani.answers("LIST") == ["Online: dani"]
            dani.close()
        wait_for(lambda: daemon.log_text().count("): join timeout") == 2, daemon.log_text)


def test_a_connection_too_many(tmp_path: Path) -> None:
    """It is refused before the handshake, in a way that openssl and chat have words for."""
    cert(tmp_path / "cert", "127.0.0.1")
    limits = "[limits]\nconnections_per_address = 1\n"
    with running(tmp_path, config(tmp_path, limits)) as daemon:
        dani = TlsPeer(daemon, "dani")
        refused = s_client(daemon, "")
        assert "alert access denied" in refused.stderr
        assert "no peer certificate available" in refused.stdout
        told = subprocess.run(
            [*CHAT, "127.0.0.1", str(daemon.port), "--tls", "--name", "bot"],
            input="hello\n",
            capture_output=True,
            text=True,
            timeout=WITHIN,
            check=False,
        )
        assert told.returncode == 3
        assert "there is no place for you there just now." in told.stderr
        dani.close()


def test_a_slow_reader(tmp_path: Path) -> None:
    """Somebody who reads nothing is let go, and whoever reads has every line."""
    cert(tmp_path / "cert", "127.0.0.1")
    with running(tmp_path, config(tmp_path, OPEN + "[log]\n")) as daemon:
        stuck, dani = TlsPeer(daemon, "stuck"), TlsPeer(daemon, "dani")
        said = 0
        while "stuck has left the chat" not in (heard := dani.answers(f"BCST {said} " + "x" * 900)):
            assert f"dani: BCST {said} " + "x" * 900 in heard
            said += 1
            assert said < 5000
        daemon.logged("too slow")
        dani.close()
        stuck.close()


def test_the_end(room: Daemon) -> None:
    """Everyone is told, and TLS ends as it should."""
    dani = TlsPeer(room, "dani")
    os.kill(room.pid, signal.SIGTERM)
    assert dani.rest() == ["SERVER: the chat is closing"]
    dani.close()
    wait_for(lambda: not room.running(), lambda: "the end of the daemon")


def test_faults_at_the_start(tmp_path: Path) -> None:
    """Each is told with file, section and key, and the daemon does not start."""
    file = tmp_path / "chatd.toml"
    file.write_text(config(tmp_path, "", "one", "two"))
    cert(tmp_path / "two", "b.lan")
    (tmp_path / "two" / "privkey.pem").write_text("nothing")
    tried = twistd(tmp_path, "-n", "--pidfile=", "chatd", f"--config={file}")
    assert tried.returncode == 1
    assert tried.stderr.splitlines() == [
        f"chatd: {file}: [tls] certificates: {tmp_path}/one: cannot be read: No such file or"
        " directory",
        f"chatd: {file}: [tls] certificates: {tmp_path}/two/privkey.pem: there is no private key in"
        " it",
    ]


MEMBERS, ROUNDS = 50, 20


def test_a_renewal_that_nobody_notices(tmp_path: Path, room: Daemon) -> None:
    """While fifty talk, the certificate is renewed three times: each has every line in one order,
    newcomers are shown the renewed one, and the real client that was in stays in."""
    before = shown(room)
    watching = subprocess.Popen(
        [*CHAT, "127.0.0.1", str(room.port), "--fingerprint", before, "--name", "watch"],
        stdin=subprocess.DEVNULL,
        stdout=(tmp_path / "watched").open("wb"),
        stderr=subprocess.STDOUT,
    )
    room.logged("watch joined")
    members = [TlsPeer(room, f"member{number}") for number in range(MEMBERS)]
    for member in members:
        member.heard()
    for number in range(ROUNDS):
        if number % 6 == 3:
            renew(room, tmp_path)
        for member in members:
            member.say(f"BCST {number}")
    heard = [member.lines(MEMBERS * ROUNDS) for member in members]
    assert all(lines == heard[0] for lines in heard)
    assert len(set(heard[0])) == MEMBERS * ROUNDS
    assert shown(room) != before
    watched = tmp_path / "watched"
    wait_for(lambda: watched.read_text().count(f": {ROUNDS - 1}\n") == MEMBERS, watched.read_text)
    assert "server has gone" not in watched.read_text()
    assert all(f": {number}\n" in watched.read_text() for number in range(ROUNDS))
    watching.terminate()
    watching.wait(WITHIN)
    for member in members:
        member.close()


def renew(daemon: Daemon, where: Path) -> None:
    """Another certificate takes the place of the old one, and the daemon is told."""
    fingerprint = cert(where / "new", "127.0.0.1")
    for name in ("privkey.pem", "fullchain.pem"):
        os.replace(where / "new" / name, where / "cert" / name)
    taken = daemon.log_text().count("Config taken")
    os.kill(daemon.pid, signal.SIGHUP)
    wait_for(lambda: daemon.log_text().count("Config taken") > taken, daemon.log_text)
    assert shown(daemon) == fingerprint


def test_a_renewal_that_does_not_last(tmp_path: Path, room: Daemon) -> None:
    """Is warned of at once: tomorrow, that certificate may have ended."""
    with TlsPeer(room, "dani") as dani:
        shutil.rmtree(tmp_path / "cert")
        cert(tmp_path / "cert", "127.0.0.1", "--days", "1")
        assert "certificate-ends" not in room.log_text()
        os.kill(room.pid, signal.SIGHUP)
        room.logged(r"\[warn certificate-ends .*: less than a day left, until ")
        assert dani.heard() == []


def test_a_renewal_with_a_fault(tmp_path: Path, room: Daemon) -> None:
    """The old certificate is still served, and the log says why."""
    before = shown(room)
    (tmp_path / "cert" / "privkey.pem").unlink()
    os.kill(room.pid, signal.SIGHUP)
    room.logged(r"nothing has changed: .*\[tls\] certificates: .*privkey.pem: cannot be read")
    assert shown(room) == before
    with socket.create_connection(("127.0.0.1", room.port), WITHIN):
        pass
