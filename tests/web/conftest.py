"""A browser is needed for all that is here."""

from collections.abc import Iterator

import pytest

from tests.client.running import close_all
from tests.web.tab import Chromium, Room


@pytest.fixture(scope="package")
def chromium() -> Iterator[Chromium]:
    """One for all tests of this folder, and gone after them: while Playwright's loop is there,
    no other test could run one of its own."""
    with Chromium.launched() as one:
        yield one


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, chromium: Chromium) -> Iterator[Room]:
    """A room that keeps a history, shared by the tests of a module."""
    with Room.opened(tmp_path_factory.mktemp("room"), chromium) as one:
        yield one


@pytest.fixture
def room(shared: Room) -> Room:
    """The same, when everybody has left who was there for the test before."""
    shared.wait_until_empty()
    return shared


@pytest.fixture(autouse=True)
def _tidy(chromium: Chromium) -> Iterator[None]:
    """Nobody is left in the room for the next test; and a page that complains has failed it."""
    yield
    complaints = chromium.close_tabs()
    close_all()
    assert not complaints
