"""How fast one person may go."""

from hypothesis import given
from hypothesis import strategies as st

from chatd.pace import Pace


def test_a_burst_and_then_a_rate() -> None:
    """Twenty lines at once, then five a second."""
    pace = Pace(5, 20, now=0)
    assert pace.allows(0, 1000) == 20
    pace.spend(20)
    assert pace.allows(0, 1000) == 0
    assert pace.wait() == 0.2
    assert pace.allows(0.2, 1000) == 1
    pace.spend(1)
    assert pace.allows(100, 1000) == 20
    assert pace.allows(100, 7) == 7


def test_no_limit() -> None:
    """A rate of 0 lets everything through."""
    pace = Pace(0, 20, now=0)
    pace.spend(10**6)
    assert pace.allows(0, 1000) == 1000
    assert pace.wait() == 0


@given(st.floats(0.1, 1000), st.integers(0, 50), st.lists(st.floats(0, 10), max_size=50))
def test_waiting_as_told_is_enough(rate: float, burst: int, delays: list[float]) -> None:
    """Whoever waits as long as told may send a line then, and never goes faster than allowed."""
    now = 0.0
    pace, spent = Pace(rate, burst, now), 0
    for delay in delays:
        now += delay + pace.wait()
        allowed = pace.allows(now, 10**9)
        assert allowed >= 1
        pace.spend(allowed)
        spent += allowed
    assert spent <= max(burst, 1) + now * rate + 1e-3


def test_another_pace() -> None:
    """Holds at once; what had been saved up stays, as far as the new burst goes."""
    pace = Pace(1, 20, now=0)
    pace.spend(15)
    pace.change(100, 20, now=1)
    assert pace.allows(1, 1000) == 6
    assert pace.allows(1.1, 1000) == 16
    pace.change(100, 3, now=1.1)
    assert pace.allows(1.1, 1000) == 3
    pace.change(0, 3, now=5)
    assert pace.allows(5, 1000) == 1000
    pace.change(2, 3, now=9)
    assert pace.allows(9, 1000) == 3
