"""A screen is needed for all that is here."""

import importlib.util
import shutil
from collections.abc import Iterator

import pytest

from tests.client.running import close_all
from tests.window import crowd

collect_ignore: list[str] = []
HAS_TK = importlib.util.find_spec("_tkinter") is not None


@pytest.fixture(autouse=True)
def _screen() -> Iterator[None]:
    """Nobody is left in the room for the next test."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed, and a window needs a screen")
    yield
    crowd.close_all()
    close_all()
