"""A short form of ``python -m tests.fuzz``."""

import pytest

from tests.fuzz import targets
from tests.fuzz.targets import TARGETS
from tests.fuzz.throwing import throw


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_does_harm(target: str, seed: int) -> None:
    """Whatever is sent, and however it is cut, it does what it would do whole, and no harm."""
    assert throw(target, seed) > 50_000


def test_a_fault_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader for whom it matters how the bytes were cut does not get through."""
    monkeypatch.setattr(targets, "_understood", lambda parts: (list(parts), b""))
    with pytest.raises(AssertionError):
        throw("wire", 0)
