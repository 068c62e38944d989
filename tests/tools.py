"""Programs that tests talk through."""

import shutil

import pytest


def needed(program: str) -> str:
    """Its path. A developer may lack it, and then the test is skipped, by the program's name;
    .ci/run installs them all, and a skip fails there (CHATD_NO_SKIPS in tests/conftest.py)."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path
