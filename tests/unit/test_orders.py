"""What operators order: whom it holds for, for how long, and what a restart makes of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from twisted.internet import defer
from twisted.internet.task import Clock
from twisted.logger import LogLevel, capturedLogs

from chatd.errors import Refused
from chatd.names import Name
from chatd.orders import LONGEST_DOWN, Orders
from chatd.orders_file import AGAIN_SECONDS, FRESH_SECONDS, OrdersFile
from chatd.sanctions import MOST, Sanction, Sanctions

DAY = 86400.0


def bans(*some: Sanction) -> Sanctions:
    sanctions = Sanctions()
    for one in some:
        sanctions.add(one)
    return sanctions


def test_a_name_and_what_looks_like_it() -> None:
    """Is banned, in every case; others are not."""
    some = bans(Sanction("coco", "", "dani"))
    for name, banned in (("coco", True), ("COCO", True), ("c0co", True), ("cocoa", False)):
        assert bool(some.on_name(Name.chosen(name), now=0)) == banned


def test_networks() -> None:
    """Of both versions and all lengths, and never a local socket."""
    some = bans(
        Sanction("", "10.0.0.0/8", "dani"),
        Sanction("", "192.0.2.7/32", "dani"),
        Sanction("", "2001:db8::/64", "dani"),
    )
    inside = {"10.1.2.3": True, "11.1.2.3": False, "192.0.2.7": True, "192.0.2.8": False}
    inside |= {"2001:db8::abcd": True, "2001:db8:0:1::1": False, "local": False, "<x>": False}
    assert {host: bool(some.on_host(host, now=0)) for host in inside} == inside
    some.lift("10.0.0.0/8")
    assert not some.on_host("10.1.2.3", now=0)


def test_it_ends() -> None:
    """By itself, when its time has come, or when it is lifted."""
    some = bans(Sanction("coco", "192.0.2.7/32", "dani", ends=10.0))
    assert some.on_host("192.0.2.7", now=9.9)
    assert not some.on_host("192.0.2.7", now=10.0)
    assert not some.on_name(Name.chosen("coco"), now=10.0)
    assert list(some.current(now=10.0)) == []
    assert not some
    some = bans(Sanction("coco", "192.0.2.7/32", "dani"), Sanction("zoe", "", "dani"))
    assert [one.name for one in some.lift("192.0.2.7/32")] == ["coco"]
    assert not some.on_name(Name.chosen("coco"), now=0)
    assert some.on_name(Name.chosen("zoe"), now=0)


def test_the_same_again_takes_its_place() -> None:
    """A second ban of the same name does not add up with the first."""
    some = bans(Sanction("coco", "", "dani", ends=10.0), Sanction("COCO", "", "dani"))
    assert len(some) == 1
    assert some.on_name(Name.chosen("coco"), now=11)


def test_ten_thousand() -> None:
    """Are enough; one more is refused, and nothing is forgotten for it."""
    some = bans(*(Sanction("", f"10.{n // 256}.{n % 256}.0/24", "dani") for n in range(MOST)))
    with pytest.raises(Refused, match="already"):
        some.add(Sanction("zoe", "", "dani"))
    assert some.on_host("10.0.0.1", now=0)
    assert some.on_host("10.39.15.1", now=0)
    assert not some.on_host("11.0.0.1", now=0)


def ordered(now: float = 0) -> Orders:
    """A room with everything that can be ordered."""
    orders = Orders()
    orders.closed_by = "dani"
    orders.bans.add(Sanction("сосо", "192.0.2.7/32", "dani", 'she "spams"', now + 3 * DAY))
    orders.bans.add(Sanction("", "2001:db8::/64", "dani"))
    orders.mutes.add(Sanction("zoe", "", "dani", ends=now + 600))
    return orders


def test_a_restart() -> None:
    """Everything holds as before, for what is left of its time."""
    text = ordered(now=50).snapshot(now=50, wall=1000).text()
    orders = Orders.read(text, now=7, wall=1100)
    assert orders.closed_by == "dani"
    assert [(one.whom, one.by, one.why, one.ends) for one in orders.bans] == [
        ("сосо (192.0.2.7)", "dani", 'she "spams"', 7 + 3 * DAY - 100),
        ("2001:db8::/64", "dani", "", None),
    ]
    assert [(one.whom, one.ends) for one in orders.mutes] == [("zoe", 507)]
    assert not Orders.read(Orders().snapshot(1, 1).text(), 2, 2)


@pytest.mark.parametrize("wall", [0.0, -1e9, 1000 + LONGEST_DOWN + 1, 5e9])
def test_a_clock_that_jumped_while_we_were_away(wall: float) -> None:
    """Back, or by more than a year: the ban neither ends nor gets longer."""
    text = ordered().snapshot(now=0, wall=1000).text()
    (ban, _) = Orders.read(text, now=0, wall=wall).bans
    assert ban.ends == 3 * DAY


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"written": 1, "closed_by": "", "bans": [{}], "mutes": []}',
     '{"written": 1, "closed_by": "", "bans": [{"name": "a b"}], "mutes": []}',
     '{"written": 1, "closed_by": "", "bans": [{"network": "10"}], "mutes": []}',
     '{"written": 1, "closed_by": 1, "bans": [], "mutes": []}',
     '{"written": "x", "closed_by": "", "bans": [], "mutes": []}',
     '{"written": 1, "closed_by": "", "bans": [{"name": "a", "left": NaN}], "mutes": []}',
     "[" * 100_000],
)  # fmt: skip
def test_what_was_never_written(text: str) -> None:
    """Is refused in words, whatever it is."""
    with pytest.raises(ValueError, match=r".+"):
        Orders.read(text, now=0, wall=0)


class Disk:
    """Off the reactor: what is to be written waits until ``write``."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], None], defer.Deferred[None]]] = []

    def run(self, work: Callable[[], None]) -> "defer.Deferred[None]":
        done: defer.Deferred[None] = defer.Deferred()
        self.waiting.append((work, done))
        return done

    def write(self) -> int:
        count = 0
        while self.waiting:
            work, done = self.waiting.pop(0)
            defer.execute(work).chainDeferred(done)
            count += 1
        return count


class Kept:
    """A file of orders, a disk and a clock."""

    def __init__(self, path: Path, now: float = 0) -> None:
        self.clock, self.disk, self.path = Clock(), Disk(), path
        self.clock.advance(now)
        self.file = OrdersFile(
            str(path), self.disk.run, self.clock.callLater, self.clock.seconds, lambda: 1000.0
        )
        self.orders = self.file.load()

    def ban(self, name: str, ends: float | None = None) -> None:
        self.orders.bans.add(Sanction(name, "", "dani", "", ends))
        self.file.save()


def banned(path: Path) -> list[str]:
    return [one.name for one in Kept(path).orders.bans]


def test_what_is_ordered_is_kept(tmp_path: Path) -> None:
    """For its owner's eyes alone; what comes while it is written is written next, at once."""
    kept = Kept(tmp_path / "orders")
    for name in ("zoe", "bob", "eve"):
        kept.ban(name)
    assert kept.disk.write() == 2
    assert banned(kept.path) == ["zoe", "bob", "eve"]
    assert kept.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["orders"]


def test_a_full_disk(tmp_path: Path) -> None:
    """Is told once, tried again, and what was ordered meanwhile is written then."""
    folder = tmp_path / "gone"
    kept = Kept(folder / "orders")
    with capturedLogs() as log:
        kept.ban("zoe")
        kept.disk.write()
        kept.ban("bob")
        kept.disk.write()
        assert [event["log_level"] for event in log] == [LogLevel.error]
        folder.mkdir()
        kept.clock.advance(AGAIN_SECONDS)
        kept.disk.write()
    assert log[-1]["log_level"] == LogLevel.info
    assert banned(kept.path) == ["zoe", "bob"]


def test_a_broken_file(tmp_path: Path) -> None:
    """Is put aside, not written over, and the log says where it is."""
    path = tmp_path / "orders"
    path.write_bytes(b"\xff not ours")
    with capturedLogs() as log:
        kept = Kept(path)
    assert not kept.orders
    assert log[-1]["log_level"] == LogLevel.error
    kept.ban("zoe")
    kept.disk.write()
    (aside,) = tmp_path.glob("orders.broken-*")
    assert aside.read_bytes() == b"\xff not ours"
    assert banned(path) == ["zoe"]


def test_the_time_that_is_left_is_kept_fresh(tmp_path: Path) -> None:
    """A clock that is set while we run is not believed for longer than an hour."""
    kept = Kept(tmp_path / "orders", now=5)
    kept.ban("zoe", ends=5 + DAY)
    kept.disk.write()
    kept.clock.advance(FRESH_SECONDS)
    assert kept.disk.write() == 1
    (ban,) = Kept(kept.path).orders.bans
    assert ban.ends == DAY - FRESH_SECONDS


def test_stopping(tmp_path: Path) -> None:
    """Waits until all is written; without a file, for nothing."""
    kept = Kept(tmp_path / "orders")
    kept.ban("zoe", ends=DAY)
    kept.clock.advance(10)
    done: list[None] = []
    kept.file.close().addCallback(done.append)
    assert not done
    kept.disk.write()
    assert done
    (ban,) = Kept(kept.path).orders.bans
    assert ban.ends == DAY - 10
    nowhere = OrdersFile("", kept.disk.run, kept.clock.callLater)
    nowhere.save()
    nowhere.close().addCallback(done.append)
    assert len(done) == 2
    assert not kept.disk.waiting
