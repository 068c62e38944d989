"""How fast people from one address may come in."""

from chatd.limits import Limits
from chatd.turnstile import Turnstile

HERE, THERE = "10.0.0.1", "10.0.0.2"


def turnstile(rate: float = 5, burst: int = 2, unlimited: tuple[str, ...] = ()) -> Turnstile:
    return Turnstile(Limits(lines_per_second=rate, burst_lines=burst, unlimited=unlimited))


def test_a_few_at_once_and_then_one_after_the_other() -> None:
    """Each is told when their turn will be, and then it is."""
    gate = turnstile()
    assert [gate.wait(who, HERE, 0) for who in "abcd"] == [0, 0, 0.2, 0.4]
    assert gate.wait("c", HERE, 0.2) == 0
    assert gate.wait("d", HERE, 0.4) == 0
    assert gate.wait("e", HERE, 0.4) == 0.2


def test_in_the_order_of_asking() -> None:
    """Whoever asks later does not come in before, though there would be room."""
    gate = turnstile()
    for who in "abcd":
        gate.wait(who, HERE, 0)
    assert gate.wait("e", HERE, 10) > 0
    assert gate.wait("d", HERE, 10) > 0
    assert [gate.wait(who, HERE, 10) for who in "cd"] == [0, 0]


def test_who_gives_up_holds_nobody_up() -> None:
    """Those behind move on."""
    gate = turnstile()
    for who in "abcd":
        gate.wait(who, HERE, 0)
    gate.give_up("c", HERE)
    gate.give_up("nobody", HERE)
    gate.give_up("c", THERE)
    assert gate.wait("d", HERE, 0.2) == 0


def test_other_addresses_do_not_wait() -> None:
    """Nor those that are exempt, nor anybody where nobody is slowed down."""
    gate = turnstile(unlimited=("10.0.0.2/32",))
    for who in range(100):
        gate.wait(who, HERE, 0)
    assert gate.wait("x", "10.0.0.3", 0) == 0
    assert [gate.wait(who, THERE, 0) for who in range(100)] == [0] * 100
    gate = turnstile(rate=0)
    assert [gate.wait(who, HERE, 0) for who in range(100)] == [0] * 100


def test_limits_that_change() -> None:
    """Hold for those who wait already, too."""
    gate = turnstile(rate=0.001)
    assert [gate.wait(who, HERE, 0) for who in "abc"] == [0, 0, 1000]
    gate.take_limits(Limits(lines_per_second=10, burst_lines=2), 1)
    assert 0 < gate.wait("c", HERE, 1) <= 0.1
    gate.take_limits(Limits(lines_per_second=0), 1)
    assert gate.wait("c", HERE, 1) == 0


def test_addresses_are_forgotten() -> None:
    """A stranger with a million addresses costs no memory for longer than it matters."""
    gate = turnstile(rate=5, burst=20)
    for number in range(1000):
        gate.wait(number, f"10.0.{number // 250}.{number % 250}", number)
    assert len(gate) < 5
