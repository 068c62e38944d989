"""Daemons for the tests that need nothing special of them."""

from collections.abc import Iterator

import pytest

from tests.integration.daemon import Daemon, running


@pytest.fixture(scope="module")
def shared_daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """One daemon with the default config, save that nobody is slowed down."""
    with running(tmp_path_factory.mktemp("daemon")) as daemon:
        yield daemon


@pytest.fixture
def daemon(shared_daemon: Daemon) -> Iterator[Daemon]:
    """The same daemon, with nobody in it."""
    yield shared_daemon
    shared_daemon.everyone_out()
