"""A changed config is taken by everything at once, or by nothing."""

import signal
from collections.abc import Callable

import pytest
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from chatd.config import Config, ConfigError
from chatd.doors.line import LineDoor
from chatd.listening import Listener
from chatd.places import Places
from chatd.reloading import Change, Part, Reloading, reload_on_signal, surely
from chatd.room import Room
from chatd.sections import RoomSettings

OTHER = Config(room=RoomSettings(max_users=3, motd="hello"))


def part(done: list[str], name: str, fault: str = "") -> Part:
    def prepare(_: Config) -> Change:
        if fault:
            raise ConfigError([fault])
        return Change(lambda: done.append(f"take {name}"), lambda: done.append(f"drop {name}"))

    return prepare


def reloading(read: Callable[[], Config], *parts: Part) -> Reloading:
    reloading = Reloading(read, Config())
    for one in parts:
        reloading.add(one)
    return reloading


def logged(reloading: Reloading) -> tuple[bool, list[str]]:
    with capturedLogs() as events:
        taken = reloading.reload()
    return taken, [event["log_format"].format(**event) for event in events]


def test_every_part_takes_it() -> None:
    """In order; and the log names what has changed, and not what it is now."""
    done: list[str] = []
    subject = reloading(lambda: OTHER, part(done, "a"), part(done, "b"))
    assert logged(subject) == (True, ["Config taken; changed: [room] max_users, [room] motd"])
    assert done == ["take a", "take b"]
    assert logged(subject) == (True, ["Config taken; changed: nothing"])


def test_one_that_can_not_is_enough() -> None:
    """Then nothing has changed, and one line of the log has all that is wrong."""
    done: list[str] = []
    subject = reloading(
        lambda: OTHER, part(done, "a"), part(done, "b", "no port"), part(done, "c", "no file")
    )
    why = "Config not taken, nothing has changed: no port; no file"
    assert logged(subject) == (False, [why])
    assert done == ["drop a"]
    assert subject.settings == Config()


def test_a_broken_file_reaches_nobody() -> None:
    """All its faults are in one line."""
    done: list[str] = []

    def read() -> Config:
        raise ConfigError(["a is wrong", "b is wrong"])

    why = "Config not taken, nothing has changed: a is wrong; b is wrong"
    assert logged(reloading(read, part(done, "a"))) == (False, [why])
    assert not done


def test_what_waits_for_a_restart_is_named() -> None:
    """Everything else is taken."""
    subject = reloading(lambda: OTHER, lambda _: Change(stays=("[line] listen x",)))
    taken, lines = logged(subject)
    assert taken
    assert lines[1:] == ["Not changed before a restart: [line] listen x"]


class TestFaultsOfOurs(SynchronousTestCase):
    """A part with a bug in it."""

    def test_before(self) -> None:
        """Nothing is changed."""
        done: list[str] = []

        def broken(_: Config) -> Change:
            raise RuntimeError

        assert not reloading(lambda: OTHER, part(done, "a"), broken).reload()
        assert done == ["drop a"]
        assert len(self.flushLoggedErrors(RuntimeError)) == 1

    def test_after(self) -> None:
        """The others are changed all the same: there is no way back."""
        taken: list[Config] = []

        def broken(_: Config) -> None:
            raise RuntimeError

        assert reloading(lambda: OTHER, surely(broken), surely(taken.append)).reload()
        assert taken == [OTHER]
        assert len(self.flushLoggedErrors(RuntimeError)) == 1


def test_signals_in_a_crowd() -> None:
    """Are one, until it has been seen to."""
    calls: list[Callable[[], None]] = []
    reads: list[None] = []

    def read() -> Config:
        reads.append(None)
        return OTHER

    before = signal.getsignal(signal.SIGHUP)
    try:
        reload_on_signal(reloading(read).reload, calls.append)
        for _ in range(5):
            signal.raise_signal(signal.SIGHUP)
        assert len(calls) == 1
        calls.pop()()
        signal.raise_signal(signal.SIGHUP)
        calls.pop()()
    finally:
        signal.signal(signal.SIGHUP, before)
    assert len(reads) == 2


def places(reactor: MemoryReactorClock, *listen: str) -> Places:
    room = Room()
    door = LineDoor.__new__(LineDoor)
    door.room = room
    made = Places("[line] listen", listen, lambda place: Listener(place, door, reactor))
    made.privilegedStartService()
    made.startService()
    return made


def open_at(subject: Places) -> list[str]:
    return [listener.description for listener in subject]


def test_other_places() -> None:
    """New ones are opened and old ones closed when it is taken; what stays is not touched."""
    reactor = MemoryReactorClock()
    subject = places(reactor, "tcp:1", "tcp:2")
    (stays, _) = list(subject)
    change = subject.prepare(("tcp:1", "tcp:3"))
    assert [server[0] for server in reactor.tcpServers] == [1, 2, 3]
    change.take()
    assert open_at(subject) == ["tcp:1", "tcp:3"]
    assert next(iter(subject)) is stays
    assert len(reactor.tcpServers) == 3


def test_places_that_are_dropped() -> None:
    """Are closed again, and the old ones stay."""
    reactor = MemoryReactorClock()
    subject = places(reactor, "tcp:1")
    subject.prepare(("tcp:3",)).drop()
    assert open_at(subject) == ["tcp:1"]


def test_no_place() -> None:
    """Is said with the setting's name."""
    subject = places(MemoryReactorClock(), "tcp:1")
    with pytest.raises(ConfigError, match=r"^\[line\] listen: 'gopher:70' is not a place"):
        subject.prepare(("gopher:70",))


def test_sockets_of_systemd() -> None:
    """Can't come or go while we run, and are named."""
    subject = places(MemoryReactorClock(), "tcp:1")
    change = subject.prepare(("tcp:1", "systemd:domain=INET:index=0"))
    assert change.stays == ("[line] listen systemd:domain=INET:index=0, a socket of systemd's",)
    assert open_at(subject) == ["tcp:1"]
