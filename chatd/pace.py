"""How fast one person may go: a token bucket, without a clock of its own."""

import math


class Pace:
    """``rate``: lines a second (0: no limit). ``burst``: lines that may come at once.

    Every method is given the time, in seconds of a clock that never goes back.
    """

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = max(burst, 1)
        self._tokens = float(self._burst)
        self._at = now

    def change(self, rate: float, burst: int, now: float) -> None:
        """Go by these from now on; what could have gone already still may, up to ``burst``."""
        self.allows(now, 0)
        self._rate = rate
        self._burst = max(burst, 1)
        self._tokens = min(self._tokens, float(self._burst))
        self._at = now

    def allows(self, now: float, most: int) -> int:
        """How many lines may go now, at most ``most``."""
        if not self._rate:
            return most
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return min(most, math.floor(self._tokens + 1e-6))

    def take(self, now: float, lines: int) -> bool:
        """Whether so many may go now; if so, they went."""
        if not self._rate:
            return True
        if self.allows(now, lines) < lines:
            return False
        self._tokens -= lines
        return True

    def spend(self, lines: int) -> None:
        """They went."""
        if self._rate:
            self._tokens -= lines

    def wait(self) -> float:
        """Seconds until the next line may go; 0 if one may go now."""
        return max(0.0, (1 - self._tokens) / self._rate) if self._rate else 0.0
