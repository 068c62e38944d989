"""When to ask once more for what a fault of the history has kept from us."""

from collections.abc import Callable

FIRST_SECONDS = 5.0
"""Until the first time; each after it is twice as long in coming."""
TRIES = 7
"""Some ten minutes: a history that is off by then is no passing fault."""


class Again:
    """``clock``: seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tries = 0
        self._at: float | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether something is missing that shall still be asked for."""
        return self._tries > 0

    @property
    def is_due(self) -> bool:
        """Whether to ask now."""
        return self._at is not None and self._clock() >= self._at

    def refused(self) -> bool:
        """Ask later; or not any more, after so many times."""
        if self._tries == TRIES:
            self.over()
            return False
        self._at = self._clock() + FIRST_SECONDS * 2**self._tries
        self._tries += 1
        return True

    def asked(self) -> None:
        """The answer is awaited, or there is nobody to ask just now."""
        self._at = None

    def over(self) -> None:
        """Nothing is missing, or nothing can be done about it."""
        self._tries, self._at = 0, None
