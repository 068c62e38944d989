"""Certificates on the disk: read, refused in words, made, and about to end."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import capturedLogs

from chatd import command
from chatd.checking import read_config
from chatd.config import Config, ConfigError
from chatd.descriptions import from_systemd, reach
from chatd.listening import endpoint
from chatd.sections import TlsSettings
from chatd.tls import CertificateFaults
from chatd.tls.certificate import read_all
from chatd.tls.expiry import Expiry, left
from chatd.tls.making import make
from chatd.tls.served import Served
from tests.unit.tls_peers import NOW, certificate, folder


def faults(*paths: str) -> list[str]:
    with pytest.raises(CertificateFaults) as caught:
        read_all(paths, NOW)
    return caught.value.faults


def test_a_folder_or_a_file(tmp_path: Path) -> None:
    """As certbot keeps them, or key and certificate in one file, in either order."""
    where = Path(folder(tmp_path / "a", "chat.example", "192.168.1.5"))
    chain, key = (where / "fullchain.pem").read_bytes(), (where / "privkey.pem").read_bytes()
    for name, data in (("one.pem", chain + key), ("two.pem", key + chain)):
        (tmp_path / name).write_bytes(data)
    places = [str(where), str(tmp_path / "one.pem"), str(tmp_path / "two.pem")]
    for one in read_all(places, NOW):
        assert one.names == ("chat.example", "192.168.1.5")
        assert one.ends == NOW + timedelta(days=100)


def test_all_faults_are_told(tmp_path: Path) -> None:
    """Each names its file, and one good certificate does not hide them."""
    good, other = folder(tmp_path / "good"), folder(tmp_path / "other")
    (Path(other) / "privkey.pem").write_bytes((Path(good) / "privkey.pem").read_bytes())
    ended = folder(tmp_path / "ended", days=0)
    empty = tmp_path / "empty.pem"
    empty.touch()
    no_key = tmp_path / "no_key.pem"
    no_key.write_bytes((Path(good) / "fullchain.pem").read_bytes())
    nowhere = str(tmp_path / "nowhere")
    assert faults(nowhere, good, other, ended, str(empty), str(no_key)) == [
        f"{nowhere}: cannot be read: No such file or directory",
        f"{other}/privkey.pem: the private key is not that of the certificate in"
        f" {other}/fullchain.pem",
        f"{ended}/fullchain.pem: the certificate ended at 2026-11-21 12:00 UTC",
        f"{empty}: there is no certificate in it",
        f"{no_key}: there is no private key in it",
    ]


def test_a_folder_without_a_key(tmp_path: Path) -> None:
    """The file that is missing is named."""
    where = folder(tmp_path / "a")
    (Path(where) / "privkey.pem").unlink()
    assert faults(where) == [f"{where}/privkey.pem: cannot be read: No such file or directory"]


def test_damaged_files(tmp_path: Path) -> None:
    """What only looks like PEM is told apart from what is not there."""
    where = Path(folder(tmp_path / "a"))
    chain, key = (where / "fullchain.pem").read_text(), (where / "privkey.pem").read_text()
    (where / "fullchain.pem").write_text(chain[:100] + "!" + chain[120:])
    assert faults(str(where)) == [f"{where}/fullchain.pem: a certificate in it is damaged"]
    (where / "fullchain.pem").write_text(chain)
    (where / "privkey.pem").write_text(key[:60] + "!" + key[80:])
    assert faults(str(where)) == [f"{where}/privkey.pem: the private key in it is damaged"]


def test_an_encrypted_key(tmp_path: Path) -> None:
    """Nobody is asked for a passphrase: a daemon would wait for ever."""
    where = Path(folder(tmp_path / "a"))
    key = serialization.load_pem_private_key((where / "privkey.pem").read_bytes(), None)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    (where / "privkey.pem").write_bytes(secret)
    (fault,) = faults(str(where))
    assert "encrypted" in fault


def test_other_kinds_of_keys(tmp_path: Path) -> None:
    """RSA and Ed25519 do as well as elliptic curves; an RSA key that is too short is refused."""
    for name, key in (
        ("rsa", rsa.generate_private_key(65537, 2048)),
        ("ed", ed25519.Ed25519PrivateKey.generate()),
    ):
        (tmp_path / name).mkdir()
        make(tmp_path / name, ["chat.example"], 10, NOW, key)
        assert read_all([str(tmp_path / name)], NOW)
    (tmp_path / "short").mkdir()
    make(tmp_path / "short", ["chat.example"], 10, NOW, rsa.generate_private_key(65537, 1024))
    (fault,) = faults(str(tmp_path / "short"))
    assert "key too small" in fault


def config(tmp_path: Path, listen: str, *certificates: str) -> str:
    path = tmp_path / "chatd.toml"
    named = ", ".join(f'"{one}"' for one in certificates)
    path.write_text(f'[line]\nlisten = ["{listen}"]\n[tls]\ncertificates = [{named}]\n')
    return str(path)


def config_faults(path: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_config(path, MemoryReactorClock())
    return caught.value.faults


def test_faults_name_file_section_and_key(tmp_path: Path) -> None:
    """As all faults of the config do."""
    path = config(tmp_path, "tls:5", "/nowhere")
    assert config_faults(path) == [
        f"{path}: [tls] certificates: /nowhere: cannot be read: No such file or directory"
    ]
    path = config(tmp_path, "haproxy:tls:5")
    assert config_faults(path) == [
        f"{path}: [tls] certificates: there is none, and 'haproxy:tls:5' needs one"
    ]


@pytest.mark.parametrize(
    "twisted_form",
    [
        "ssl:443:privateKey=key.pem",
        "tls:/etc/letsencrypt:443",
        "tls:path=/x:port=443",
        "haproxy:ssl:443",
        "tls:",
    ],
)
def test_other_ways_to_write_it(tmp_path: Path, twisted_form: str) -> None:
    """What Twisted has for TLS is refused, with what to write instead."""
    fault, *_ = config_faults(config(tmp_path, twisted_form))
    assert "write tls:PORT" in fault


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("unix:/x:interface=here", "there is no interface= for such a place"),
        ("tls:5:1:2:3:4", "its backlog is there twice"),
        ("unix", "its address is missing"),
        ("unix:1:2:3:4:5", "there is too much between colons"),
    ],
)
def test_words_of_a_place(place: str, why: str) -> None:
    """What is wrong with them is said in ours, and not in Python's."""
    with pytest.raises(ValueError, match=f"is not a place to listen at: {why}$"):
        endpoint(place, MemoryReactorClock())


@pytest.mark.parametrize("place", ["tls:443:colour=blue", "tls:70000"])
def test_places_that_are_none(place: str) -> None:
    """Are refused like those without TLS."""
    with pytest.raises(ValueError, match="is not a place to listen at"):
        endpoint(place, MemoryReactorClock())


@pytest.mark.parametrize(
    ("place", "who"),
    [
        ("tls:5:interface=127.0.0.1", "this machine only"),
        ("tls:interface=127.0.0.1:port=5", "this machine only"),
        (r"tls:tcp6:5:interface=\:\:1", "this machine only"),
        ("tls:unix:/run/chatd.sock", "programs on this machine that may open the socket"),
        ("tls:systemd:domain=INET:name=chat", "whoever reaches the socket that systemd opens"),
    ],
)
def test_who_could_get_in(place: str, who: str) -> None:
    """The same as without TLS, which any place can have; and it is said that it is TLS."""
    assert reach(place) == f"{who}, by TLS"
    if "systemd" not in place:
        assert endpoint(place, MemoryReactorClock())
    assert from_systemd(place) is ("systemd" in place)


def test_check_tells_when_they_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For which names, until when, and the fingerprint to compare."""
    where = str(tmp_path / "a")
    assert command.main(["cert", "--out", where, "--days", "30", "chat.lan", "::1"]) == 0
    made = capsys.readouterr().out
    assert command.main(["check", config(tmp_path, "tls:5", where)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "certificate: " in line]
    assert line.startswith(f"certificate: {where}: for chat.lan, ::1; until ")
    assert ", 29 days left; SHA-256 " in line
    assert f"SHA-256 fingerprint: {line.split()[-1]}\n" in made


def test_a_certificate_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a key that is for its owner alone, whatever the umask, and the lines to use it."""
    before = os.umask(0)
    try:
        assert command.main(["cert", "--out", str(tmp_path / "a"), "Chat.LAN"]) == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a" / "privkey.pem").stat().st_mode) == 0o600
    assert f'certificates = ["{tmp_path}/a"]' in capsys.readouterr().out


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not the key, not the certificate; and where one is there, the other is not made."""
    key = tmp_path / "privkey.pem"
    key.write_text("mine")
    assert command.main(["cert", "--out", str(tmp_path), "chat.lan"]) == 1
    assert capsys.readouterr().err == f"chatd: {key} is there already, and is not overwritten\n"
    assert key.read_text() == "mine"
    assert not (tmp_path / "fullchain.pem").exists()


@pytest.mark.parametrize("name", ["", "a b", "a/b", "http://a", "1.2.3.4:5", "a..b", "x" * 300])
def test_names_that_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    """Are refused, and nothing is written."""
    assert command.main(["cert", "--out", str(tmp_path / "a"), name]) == 1
    assert "neither a host name nor an address" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


def test_the_log_warns_two_weeks_before(tmp_path: Path) -> None:
    """At the start and once a day by the reactor's clock, whatever is done to the wall clock."""
    soon, clock = certificate(tmp_path / "a"), Clock()
    now = [soon.ends - timedelta(days=15)]
    expiry = Expiry(Served([soon]), clock, lambda: now[0])
    with capturedLogs() as told:
        expiry.startService()
        now[0] = soon.ends - timedelta(days=13, hours=12)
        clock.advance(86399)
        assert told == []
        clock.advance(1)
        assert [event["left"] for event in told] == ["13 days left"]
        now[0] = soon.ends + timedelta(days=400)
        clock.advance(86399)
        assert len(told) == 1
        clock.advance(1)
        assert told[1]["left"] == "ended"
    expiry.stopService()
    assert clock.getDelayedCalls() == []


def test_the_log_says_what_is_shown(tmp_path: Path) -> None:
    """At the start, and after a reload the renewed ones alone."""
    first, second = folder(tmp_path / "a", days=30000), folder(tmp_path / "b", days=30000)
    settings = Config(tls=TlsSettings(certificates=(first, second)))
    served = Served()
    with capturedLogs() as told:
        served.prepare(settings).take()
        served.prepare(settings).take()
        for name in ("fullchain.pem", "privkey.pem"):
            (Path(second) / name).unlink()
        folder(tmp_path / "b", days=31000)
        served.prepare(settings).take()
    assert [event["path"] for event in told] == [first, second, second]


def test_what_is_left_in_words() -> None:
    """Days, and no days."""
    spans = (timedelta(days=2, hours=5), timedelta(days=1), timedelta(hours=3), -timedelta(1))
    assert [left(NOW + span, NOW) for span in spans] == [
        "2 days left", "1 day left", "less than a day left", "ended",
    ]  # fmt: skip
