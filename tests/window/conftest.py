"""A screen is needed for all that is here."""

from collections.abc import Iterator

import pytest

from tests.client.running import close_all
from tests.tools import needed
from tests.window import crowd


@pytest.fixture(autouse=True)
def _screen() -> Iterator[None]:
    """Nobody is left in the room for the next test."""
    needed("Xvfb")  # a window needs a screen
    yield
    crowd.close_all()
    close_all()
