"""Stands for the reactor where all that counts is what is done in the next turn."""

from collections.abc import Callable


class Turns:
    """``soon`` puts something off to the next ``turn``."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def soon(self, call: Callable[[], None]) -> None:
        self.waiting.append(call)

    def turn(self) -> None:
        waiting = self.waiting[:]
        self.waiting.clear()
        for call in waiting:
            call()
