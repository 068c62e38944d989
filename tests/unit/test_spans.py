"""How long something lasts, for people."""

import pytest

from chatd.spans import span


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (1.5, "2 seconds"),
        (59.5, "1 minute"),
        (90, "90 seconds"),
        (600, "10 minutes"),
        (599.9, "10 minutes"),
        (3600, "1 hour"),
        (5000, "84 minutes"),
        (7199, "2 hours"),
        (90_000, "25 hours"),
        (2 * 86400 - 1, "2 days"),
        (1e9, "11575 days"),
    ],
)
def test_in_the_unit_that_people_would_choose(seconds: float, words: str) -> None:
    """Whoever comes a moment later is told of 2 days, not of 48 hours."""
    assert span(seconds) == words
