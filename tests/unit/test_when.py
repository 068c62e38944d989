"""Times as people write them."""

from datetime import datetime

import pytest

from chatd.when import when

NOW = datetime(2026, 11, 20, 21, 33, 1)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("21:00", datetime(2026, 11, 20, 21)),
        ("9:05", datetime(2026, 11, 20, 9, 5)),
        ("21:33:02", datetime(2026, 11, 19, 21, 33, 2)),
        ("today", datetime(2026, 11, 20)),
        (" Yesterday ", datetime(2026, 11, 19)),
        ("2026-11-01", datetime(2026, 11, 1)),
        ("2026-11-01 21:00", datetime(2026, 11, 1, 21)),
        ("2026-11-01t21:00:05", datetime(2026, 11, 1, 21, 0, 5)),
        ("90m", datetime(2026, 11, 20, 20, 3, 1)),
        ("2h ago", datetime(2026, 11, 20, 19, 33, 1)),
        ("3d", datetime(2026, 11, 17, 21, 33, 1)),
        ("1w", datetime(2026, 11, 13, 21, 33, 1)),
    ],
)
def test_local_times(text: str, local: datetime) -> None:
    """A time of day, a day, both, or so long ago."""
    assert when(text, NOW) == local.astimezone()


@pytest.mark.parametrize("text", ["2026-11-01T21:00Z", "2026-11-01t23:00+02:00"])
def test_times_with_a_zone(text: str) -> None:
    """What says its zone means the same everywhere."""
    assert f"{when(text, NOW):%Y-%m-%dT%H:%MZ}" == "2026-11-01T21:00Z"


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "2026-13-01", "999999w", "0001-01-01T00:00+14:00", "5", "-3d"]
)
def test_no_times(text: str) -> None:
    """What is no time is refused, with examples of what is."""
    with pytest.raises(ValueError, match="Write it as 21:00, yesterday"):
        when(text, NOW)
