"""A short form of ``python -m tests.soak``."""

from pathlib import Path

import pytest

from tests.soak.soaking import soak


@pytest.mark.slow
def test_a_minute(tmp_path: Path) -> None:
    """In a busy room nothing is lost, doubled, moved or kept."""
    assert not [str(figure) for figure in soak(tmp_path, 0.6) if not figure.ok]
