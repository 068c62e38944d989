"""The pictures docs/pictures/web-*.png: ``python -m tests.web.pictures [FOLDER]``.

A real daemon, somebody with netcat, and the page in a real browser, on a phone and on a desk.
"""

import sys
import tempfile
from pathlib import Path

from tests.client.running import Netcat, close_all
from tests.web.tab import PHONE, Chromium, Room, Tab

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
DESK = (1100, 760)
CONFIG = """
[limits]
lines_per_second = 0
[history]
lines = 1000
"""


class Pictures:
    """``folder``: where they go."""

    def __init__(self, folder: Path, chromium: Chromium) -> None:
        self._folder = folder
        self._chromium = chromium

    def take_all(self) -> None:
        """In each theme, from the form to a lost connection."""
        for theme in ("light", "dark"):
            for size, where in ((PHONE, "phone"), (DESK, "desk")):
                with tempfile.TemporaryDirectory() as scratch:
                    with Room.opened(Path(scratch), self._chromium, CONFIG) as room:
                        self._visit(room, size, f"{where}-{theme}", theme)
                    close_all()
                    self._chromium.close_tabs()

    def _visit(self, room: Room, size: tuple[int, int], ending: str, theme: str) -> None:
        drew, eve = room.nc("drew"), room.nc("eve")
        drew.send("BCST morning, all")
        tab = room.visit(size, theme, locale="en-GB")
        tab.page.fill("#name", "dani")
        is_phone = size == PHONE
        if is_phone:
            self._take(tab, f"form-{ending}")
        tab.join("dani")
        tab.see("You are in the chat as dani.")
        self._talk(tab, drew, eve)
        zoe = room.nc("zoë")
        tab.page.fill("#text", "it does not: all of them ")
        tab.see("zoë joined")
        self._take(tab, f"chat-{ending}")
        zoe.close()
        if not is_phone:
            return
        tab.page.click("#people")
        self._take(tab, f"people-{ending}")
        tab.page.keyboard.press("Escape")
        self._lose(room, tab)
        self._take(tab, f"away-{ending}")

    def _talk(self, tab: Tab, drew: Netcat, eve: Netcat) -> None:
        eve.send("BCST hi! The new build is at https://builds.example.org/1207")
        tab.see("hi! The new build")
        tab.say("thanks, trying it")
        tab.see("thanks, trying it")
        drew.send("BCST dani, does it still crash on 日本語 file names? 😀")
        tab.page.wait_for_selector(".call")
        eve.send("MESG dani between us: I think it does")
        tab.page.click(".reply")
        tab.say("on it, give me five minutes")
        tab.page.wait_for_selector(".told.own")
        tab.page.keyboard.press("Escape")
        drew.send("BCST no hurry", "BCST it has been like this since the room moved")
        tab.see("it has been like this")

    def _lose(self, room: Room, tab: Tab) -> None:
        room.daemon.stand_still()
        tab.say("is anybody there?")
        room.daemon.stop(9)
        tab.page.evaluate("isCut = true")
        tab.page.wait_for_selector("#outbox:visible")
        tab.page.fill("#text", "and typed on meanwhile")

    def _take(self, tab: Tab, name: str) -> None:
        tab.page.wait_for_timeout(300)  # until nothing moves
        tab.page.screenshot(path=self._folder / f"web-{name}.png")


def main() -> None:
    """Take them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    with Chromium.launched() as chromium:
        Pictures(folder, chromium).take_all()


if __name__ == "__main__":
    main()
