"""What systemd is told, and when."""

from twisted.internet.testing import MemoryReactorClock

from chatd.systemd import STATUS_SECONDS, Supervised, sender, watchdog_seconds


class Unit:
    """A daemon that systemd has started."""

    def __init__(self, watchdog: float = 0.0) -> None:
        self.reactor = MemoryReactorClock()
        self.status = "1 person, 1 connections"
        self.told: list[list[str]] = []
        self.service = Supervised(
            self.reactor, lambda: self.status, self.send, watchdog, self.reactor.seconds
        )

    def send(self, data: bytes) -> None:
        self.told.append(data.decode().split("\n"))

    def since(self) -> list[list[str]]:
        told, self.told = self.told, []
        return told

    def run(self) -> None:
        self.service.startService()
        self.reactor.run()


def test_ready_and_stopping() -> None:
    """Ready comes when the reactor runs, and not before; stopping once."""
    unit = Unit()
    unit.service.startService()
    assert unit.since() == []
    unit.reactor.run()
    assert unit.since() == [["READY=1"], ["STATUS=1 person, 1 connections"]]
    unit.service.stopService()
    assert unit.since() == [["STOPPING=1", "STATUS=Stopping"]]
    assert not unit.reactor.getDelayedCalls()


def test_a_stop_before_the_start_is_over() -> None:
    """Does not end in being ready."""
    unit = Unit()
    unit.service.startService()
    unit.service.stopService()
    unit.reactor.run()
    assert ["READY=1"] not in unit.since()


def test_the_watchdog() -> None:
    """Is fed twice in its time, by the reactor."""
    unit = Unit(watchdog=4)
    unit.run()
    unit.since()
    unit.reactor.pump([1.0] * 8)
    assert unit.since() == [["WATCHDOG=1"]] * 4


def test_no_watchdog() -> None:
    """Only the sentence is told, when it is another one."""
    unit = Unit()
    unit.run()
    unit.since()
    unit.reactor.advance(STATUS_SECONDS)
    assert unit.since() == []
    unit.status = "2 people, 2 connections"
    unit.reactor.advance(STATUS_SECONDS)
    assert unit.since() == [["STATUS=2 people, 2 connections"]]


def test_a_reload() -> None:
    """Is told with its time, then how it ended."""
    unit = Unit()
    unit.run()
    unit.since()
    unit.reactor.advance(1.5)
    unit.service.reload(lambda: True)
    unit.service.reload(lambda: False)
    begun = ["RELOADING=1", "MONOTONIC_USEC=1500000"]
    good = ["READY=1", "STATUS=1 person, 1 connections"]
    bad = [good[0], good[1] + "; its config was not taken, the log says why"]
    assert unit.since() == [begun, good, begun, bad]


def test_without_systemd() -> None:
    """Nothing is told, no timer runs, and a reload is a reload."""
    reactor = MemoryReactorClock()
    service = Supervised(reactor, lambda: "", None)
    service.startService()
    reactor.run()
    reloads: list[str] = []

    def reload() -> bool:
        reloads.append("once")
        return True

    service.reload(reload)
    service.stopService()
    assert reloads == ["once"]
    assert not reactor.getDelayedCalls()


def test_what_the_environment_says() -> None:
    """Another process's watchdog is not ours, and nonsense is none."""
    assert watchdog_seconds({"WATCHDOG_USEC": "3000000"}, 5) == 3
    assert watchdog_seconds({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "5"}, 5) == 3
    assert watchdog_seconds({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "6"}, 5) == 0
    assert watchdog_seconds({"WATCHDOG_USEC": "soon"}, 5) == 0
    assert watchdog_seconds({}, 5) == 0
    assert sender({}) is None
    assert sender({"NOTIFY_SOCKET": "vsock:2:1234"}) is None
