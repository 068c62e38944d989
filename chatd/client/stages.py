"""How far in we are, and since when."""

from collections.abc import Callable

from chatd.client.effects import Stage
from chatd.client.patience import SETTLED_SECONDS


class Stages:
    """``clock``: seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.now = clock
        self.enter(Stage.AWAY)

    def enter(self, stage: Stage) -> None:
        """From now on."""
        self.stage = stage
        self._entered_at = self.now()

    @property
    def age(self) -> float:
        """Seconds in this stage."""
        return self.now() - self._entered_at

    @property
    def is_in(self) -> bool:
        """Whether what we say is heard."""
        return self.stage is Stage.IN

    @property
    def is_settled(self) -> bool:
        """Whether we have been in for a while."""
        return self.is_in and self.age >= SETTLED_SECONDS

    @property
    def is_joining(self) -> bool:
        """Whether we have asked to be let in."""
        return self.stage is Stage.JOINING
