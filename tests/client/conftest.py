"""A daemon for each module of tests, and one without a flood limit."""

from collections.abc import Iterator

import pytest

from tests.client.running import Daemon, close_all, running

UNLIMITED = "[limits]\nlines_per_second = 0\n[room]\nmax_users = 0\n"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A room without limits, shared by the tests of a module."""
    with running(tmp_path_factory.mktemp("daemon"), UNLIMITED) as one:
        yield one


@pytest.fixture(autouse=True)
def _tidy() -> Iterator[None]:
    """Nobody is left in the room for the next test."""
    yield
    close_all()
