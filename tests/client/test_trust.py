"""Certificates that nobody vouches for: who is asked, what is remembered, what is refused."""

import stat
from pathlib import Path

import attrs
import pytest

from chatd.client import facts
from chatd.client.asking import complete
from chatd.client.command import _parser
from chatd.client.connection import by_tls
from chatd.client.effects import Connect, Status
from chatd.client.stranger import (
    CertificateRefused,
    CertificateShown,
    Standing,
    Stranger,
    TrustAsked,
    refused,
    shown,
)
from chatd.client.trust import KnownRooms, Trust, normal
from tests.client.memory import House, Person

ONE, OTHER = ":".join(["A1"] * 32), ":".join(["B2"] * 32)
SELF_SIGNED = "it is signed by itself"


@pytest.fixture
def rooms(tmp_path: Path) -> KnownRooms:
    return KnownRooms(tmp_path / "state" / "chatd" / "known_rooms")


def trust(rooms: KnownRooms, host: str = "chat.lan", port: int = 5, named: str = "") -> Trust:
    return Trust(host, port, rooms, named)


class TestJudging:
    def test_an_authority_vouches(self, rooms: KnownRooms) -> None:
        """Then nobody is asked, and nothing remembered."""
        assert trust(rooms).judge(ONE, "") is None
        assert not rooms.path.exists()

    def test_trusted_once(self, rooms: KnownRooms) -> None:
        """It is trusted from then on, at this host and port, however the host is spelt."""
        stranger = trust(rooms).judge(ONE, SELF_SIGNED)
        assert stranger == Stranger("chat.lan port 5", ONE, SELF_SIGNED)
        assert trust(rooms).accept(stranger) == ""
        assert trust(rooms, "Chat.LAN").judge(ONE, SELF_SIGNED) is None
        assert trust(rooms, port=6).judge(ONE, SELF_SIGNED) is not None
        assert trust(rooms, "chat").judge(ONE, SELF_SIGNED) is not None

    def test_a_changed_one(self, rooms: KnownRooms) -> None:
        """Is refused, and it is said which line of which file knows the other."""
        rooms.add("other.lan", 5, OTHER)
        rooms.add("chat.lan", 5, ONE)
        stranger = trust(rooms).judge(OTHER, SELF_SIGNED)
        assert stranger is not None
        assert (stranger.standing, stranger.before) == (Standing.CHANGED, ONE)
        told = "\n".join(refused(stranger))
        assert "has changed" in told
        assert f"remove line 2 of {rooms.path} and connect again" in told
        assert ONE in told
        assert OTHER in told

    def test_a_changed_one_that_an_authority_vouches_for(self, rooms: KnownRooms) -> None:
        """A room that has moved to a real certificate is as good as any other that has one."""
        rooms.add("chat.lan", 5, ONE)
        assert trust(rooms).judge(OTHER, "") is None

    def test_one_that_was_named(self, rooms: KnownRooms) -> None:
        """Is the only one that will do: no authority and no memory can stand for another."""
        rooms.add("chat.lan", 5, OTHER)
        assert trust(rooms, named=ONE).judge(ONE, SELF_SIGNED) is None
        for fault in ("", SELF_SIGNED):
            stranger = trust(rooms, named=ONE).judge(OTHER, fault)
            assert stranger is not None
            assert stranger.standing is Standing.NOT_THE_ONE

    def test_a_file_that_cannot_be_read(self, rooms: KnownRooms) -> None:
        """Nobody is asked then, since a changed certificate would look like a new one."""
        rooms.path.mkdir(parents=True)
        stranger = trust(rooms).judge(ONE, SELF_SIGNED)
        assert stranger is not None
        assert stranger.standing is Standing.UNCERTAIN
        assert f"{rooms.path} cannot be read: Is a directory" in refused(stranger)[1]

    def test_a_file_that_cannot_be_written(self, rooms: KnownRooms) -> None:
        """It is trusted for this time, and said why it is not remembered."""
        once = trust(rooms)
        stranger = once.judge(ONE, SELF_SIGNED)
        assert stranger is not None
        rooms.path.mkdir(parents=True)
        assert once.accept(stranger) == f"{rooms.path}: Is a directory"
        assert once.judge(ONE, SELF_SIGNED) is None

    def test_the_file(self, rooms: KnownRooms) -> None:
        """Is for its owner alone, can be written by hand, and its last word counts."""
        rooms.add("::1", 5, ONE)
        assert stat.S_IMODE(rooms.path.stat().st_mode) == 0o600
        assert rooms.path.read_text() == f"::1 5 {ONE}\n"
        rooms.path.write_text(f"# mine\n\nhalf a line\n::1 5 {OTHER}\n::1  5\t{ONE}  \n\xff")
        known = rooms.find("::1", 5)
        assert known is not None
        assert (known.fingerprint, known.line) == (ONE, 5)


@pytest.mark.parametrize(
    "typed",
    [
        ONE,
        ONE.lower(),
        "a1" * 32,
        f" SHA256:{ONE}\n",
        f"sha256 Fingerprint={ONE}",
        f"SHA256 {ONE}",
        "a1 " * 32,
    ],
)
def test_a_fingerprint_as_it_is_typed(typed: str) -> None:
    """With or without colons, in any case, or as openssl prints it."""
    assert normal(typed) == ONE


@pytest.mark.parametrize("typed", ["", "a1", ONE + ":A1", "g1" * 32, "a1" * 20])
def test_what_is_no_fingerprint(typed: str) -> None:
    """SHA-1 and others are refused, and never taken for no wish."""
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        normal(typed)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["h", "5", "--tls"], ("h", 5, True)),
        (["h", "5", "--fingerprint", ONE], ("h", 5, True)),
        (["tls:h:5"], ("h", 5, True)),
        (["tls:h:5", "--tls"], ("h", 5, True)),
        ([r"tls:\:\:1:5"], ("::1", 5, True)),
        (["tls:h:5:timeout=9"], ("tls:h:5:timeout=9", 0, False)),
    ],
)
def test_ways_to_ask_for_tls(words: list[str], found: tuple[str, int, bool]) -> None:
    """Host and port, or tls:HOST:PORT, are the same; other endpoint strings are Twisted's."""
    asked = _parser().parse_args([*words, "--name", "x"])
    complete(asked)
    assert (asked.host, asked.port, asked.tls) == found


@pytest.mark.parametrize("host", ["unix:/run/chatd.sock", "tls:h:5:timeout=9"])
def test_a_fingerprint_and_an_endpoint_string(host: str) -> None:
    """Nobody would look at the fingerprint there, so it is refused."""
    asked = _parser().parse_args([host, "--fingerprint", ONE, "--name", "x"])
    with pytest.raises(ValueError, match="--fingerprint is for HOST PORT"):
        complete(asked)


@pytest.mark.parametrize("host", ["h", "::1", "tls", "ssl:h:5", "tls:h", "tls:host=h:port=5"])
def test_what_is_not_ours_to_connect_to(host: str) -> None:
    """Only tls:HOST:PORT is."""
    assert by_tls(host) is None


NEW = Stranger("chat.lan port 5", ONE, SELF_SIGNED)
CHANGED = attrs.evolve(NEW, standing=Standing.CHANGED, before=OTHER, note="line 1 of known_rooms")


def knocking(someone: bool = True) -> Person:
    """Somebody whose connection is about to be made."""
    house = House()
    person = Person(house, "dani", someone=someone)
    house.people.append(person)
    person.core.start()
    assert person.core.effect() == Connect()
    return person


class TestAsking:
    def test_yes(self) -> None:
        """They see the fingerprint, and come in."""
        dani = knocking()
        dani.meet(NEW)
        assert dani.take() == [CertificateShown(NEW), TrustAsked(NEW)]
        assert ONE in "\n".join(shown(NEW))
        dani.enter("yes")
        assert dani.accepted == [NEW]
        assert facts.Entered("dani", helps=True) in dani.take()

    @pytest.mark.parametrize("answer", ["no", "n", "exit", "/quit"])
    def test_no(self, answer: str) -> None:
        """They leave, and nothing was trusted; the status tells."""
        dani = knocking()
        dani.meet(NEW)
        dani.enter(answer)
        assert dani.status is Status.NOT_TRUSTED
        assert dani.accepted == []

    @pytest.mark.parametrize("answer", ["", "hello", "perhaps"])
    def test_neither(self, answer: str) -> None:
        """They are asked again: what was meant for the room is no answer."""
        dani = knocking()
        dani.meet(NEW)
        dani.take()
        dani.enter(answer)
        assert dani.take() == [TrustAsked(NEW)]
        assert dani.status is None
        assert dani.accepted == []

    def test_a_pipe_is_never_asked(self) -> None:
        """It ends with what to do, and with the number of lines that were not said."""
        bot = knocking(someone=False)
        bot.pipe("one", "two")
        bot.meet(NEW)
        assert bot.take() == [CertificateRefused(NEW), facts.Undelivered(2)]
        assert bot.status is Status.NOT_TRUSTED
        assert f"--fingerprint {ONE}" in refused(NEW)[1]

    def test_a_changed_one(self) -> None:
        """Nobody is asked: they would say yes."""
        dani = knocking()
        dani.meet(CHANGED)
        assert dani.take() == [CertificateRefused(CHANGED)]
        assert dani.status is Status.NOT_TRUSTED

    def test_a_changed_one_after_the_server_was_gone(self) -> None:
        """Whoever was in keeps what they typed meanwhile, and may try again later."""
        dani = House().enter("dani")
        dani.cut()
        dani.enter("typed meanwhile")
        dani.meet(CHANGED)
        assert dani.status is None
        assert dani.core.question == facts.TryAgainAsked()
        dani.take()
        dani.enter("y")
        assert facts.UnsentWaiting(1) in dani.take()
        assert b"typed" not in dani.sent

    def test_on_the_way_out(self) -> None:
        """Whoever has left already is not asked anything."""
        dani = knocking()
        dani.enter("/quit")
        dani.take()
        dani.meet(NEW)
        assert dani.take() == []
        assert dani.status is Status.OK
