"""How the window looks and sounds, as somebody has chosen it, and as the desktop does."""

from collections.abc import Callable

from chatd.client.window.looks import Looks
from chatd.client.window.remembered import NORMAL_SIZE, Remembered
from chatd.client.window.surroundings import Surroundings
from chatd.client.window.transcript import Transcript

ASK_DESKTOP_SECONDS = 10.0
"""How often, at most, it is looked whether the desktop has become dark: whenever the window
comes to the front."""


class Appearance:
    """What is chosen is remembered. ``is_open``: whether the window still is."""

    def __init__(
        self,
        looks: Looks,
        transcript: Transcript,
        remembered: Remembered,
        surroundings: Surroundings,
        is_open: Callable[[], bool],
    ) -> None:
        self._looks = looks
        self._transcript = transcript
        self._remembered = remembered
        self._around = surroundings
        self._is_open = is_open
        self._asked_at = -ASK_DESKTOP_SECONDS
        self.set_theme(remembered.theme)
        self.set_times(remembered.times)

    def resize_by(self, points: int) -> None:
        """The size of all text; 0 for the normal one."""
        self._looks.resize(self._looks.size + points if points else NORMAL_SIZE)
        self._remembered.size = self._looks.size
        self._remembered.save()

    def set_theme(self, theme: str) -> None:
        """One of remembered.THEMES."""
        if theme != self._remembered.theme:
            self._remembered.theme = theme
            self._remembered.save()
        if theme == "desktop":
            self._asked_at = self._around.reactor.seconds()
            self._around.is_dark(self._desktop_is)
        else:
            self._looks.wear(theme == "dark")

    def set_times(self, shown: bool) -> None:
        """Whether lines begin with their time."""
        self._transcript.show_times(shown)
        if shown != self._remembered.times:
            self._remembered.times = shown
            self._remembered.save()

    def set_bell(self, rings: bool) -> None:
        """Whether a bell rings when somebody calls us."""
        self._remembered.bell = rings
        self._remembered.save()

    def looked_at(self) -> None:
        """The window has come to the front: is the desktop as it was?"""
        since = self._around.reactor.seconds() - self._asked_at
        if self._remembered.theme == "desktop" and since >= ASK_DESKTOP_SECONDS:
            self.set_theme("desktop")

    def _desktop_is(self, dark: bool) -> None:
        if self._remembered.theme == "desktop" and self._is_open():
            self._looks.wear(dark)
