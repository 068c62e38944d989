"""A screen is needed for all that is here."""

import shutil
from collections.abc import Iterator

import pytest

from tests.client.running import close_all
from tests.window import crowd


@pytest.fixture(autouse=True)
def _screen() -> Iterator[None]:
    """Nobody is left in the room for the next test."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed, and a window needs a screen")
    yield
    crowd.close_all()
    close_all()
