"""Finding words in lines."""

from chatd.client.window.seeking import seek

LINES = ["a Needle, a needle", "hay", "NEEDLE", ""]


def test_up_and_round() -> None:
    """From the end to the beginning, each place once, and round."""
    assert seek(LINES, "needle", (3, 0), True) == (2, 0, 6)
    assert seek(LINES, "needle", (2, 0), True) == (0, 12, 18)
    assert seek(LINES, "needle", (0, 12), True) == (0, 2, 8)
    assert seek(LINES, "needle", (0, 2), True) == (2, 0, 6)


def test_down_and_round() -> None:
    """The other way, too."""
    assert seek(LINES, "needle", (0, 0), False) == (0, 2, 8)
    assert seek(LINES, "needle", (0, 8), False) == (0, 12, 18)
    assert seek(LINES, "needle", (2, 6), False) == (0, 2, 8)


def test_only_one() -> None:
    """The only place is found again and again; what is nowhere is not, and dots are dots."""
    assert seek(LINES, "hay", (1, 0), True) == (1, 0, 3)
    assert seek(LINES, "hay", (1, 3), False) == (1, 0, 3)
    assert seek(LINES, "h.y", (1, 3), False) is None
