"""Colours, as they are on the screen."""

import re

from chatd.client.window.theme import LEAST_CONTRAST, distance
from tests.window.case import WindowCase

GROUNDS = ("", "private-line", "call-line")


class TestContrast(WindowCase):
    """Of every text with what is behind it, in both themes."""

    async def test_what_is_said(self) -> None:
        """Whatever stands in the chat can be read on each ground that it may stand on."""
        text = self.stage.text
        for dark in (False, True):
            self.stage.window.looks.wear(dark)
            grounds = [str(text.cget("background"))]
            grounds += [str(text.tag_cget(kind, "background")) for kind in GROUNDS if kind]
            for tag in text.tag_names():
                colour = str(text.tag_cget(tag, "foreground"))
                behind = str(text.tag_cget(tag, "background"))
                for ground in [behind] if behind else grounds:
                    self.readable(colour or str(text.cget("foreground")), ground, f"{tag} {dark}")

    async def test_what_is_around(self) -> None:
        """So can fields, buttons, labels, lists and menus, whatever is being done with them."""
        style, window = self.stage.window.looks.style, self.stage.window
        for dark in (False, True):
            window.looks.wear(dark)
            for name in (
                *("TLabel", "Quiet.TLabel", "Alarm.TLabel", "Title.TLabel", "Notice.TLabel"),
                *("TButton", "Accent.TButton", "TCheckbutton", "Heading.TLabel"),
            ):
                for state in ([], ["active"], ["disabled"], ["focus"]):
                    self.readable(
                        str(style.lookup(name, "foreground", state)),
                        str(style.lookup(name, "background", state)),
                        f"{name} {state} {dark}",
                    )
            for widget in (window.chat.typing, window.chat.people.list, window.first.rooms.list):
                ground = str(widget.cget("background"))
                self.readable(str(widget.cget("foreground")), ground, str(widget))
                selected = str(widget.cget("selectbackground"))
                self.readable(str(widget.cget("selectforeground")), selected, str(widget))
            bar = window.menus.bar
            ground = str(bar.cget("background"))
            self.readable(str(bar.cget("foreground")), ground, "menu")
            self.readable(str(bar.cget("disabledforeground")), ground, "menu")
            active = str(bar.cget("activebackground"))
            self.readable(str(bar.cget("activeforeground")), active, "menu")

    async def test_what_is_marked_in_a_field(self) -> None:
        """What is marked can be read, in the field where one types and in all others."""
        style = self.stage.window.looks.style
        for dark in (False, True):
            self.stage.window.looks.wear(dark)
            for state in (["focus"], ["!focus"]):
                colour = str(style.lookup("TEntry", "selectforeground", state))
                ground = str(style.lookup("TEntry", "selectbackground", state))
                self.readable(colour, ground, f"{state} {dark}")

    async def test_people(self) -> None:
        """The names at the right, too."""
        await self.stage.connect(self.daemon)
        for name in ("drew", "eve", "李小龙", "zoë", "bob", "ann"):
            self.daemon.nc(name)
        people = self.stage.chat.people
        await self.stage.until(lambda: len(people.names) == 7, lambda: str(people.names))
        for dark in (False, True):
            self.stage.window.looks.wear(dark)
            for index in range(7):
                colour = str(people.list.itemcget(index, "foreground"))
                self.readable(colour, str(people.list.cget("background")), people.names[index])

    async def test_following_the_desktop(self) -> None:
        """When the desktop turns dark, so does the window, unless it was told otherwise."""
        assert not self.is_dark()
        self.stage.dark = True
        self.stage.choose("View", "As the desktop")
        assert self.is_dark()
        self.stage.choose("View", "Light")
        assert not self.is_dark()

    def is_dark(self) -> bool:
        return distance(str(self.stage.text.cget("background")), "#000000") < 3

    def readable(self, colour: str, ground: str, what: str) -> None:
        assert re.fullmatch("#[0-9a-f]{6}", colour), (what, colour)
        found = distance(colour, ground)
        assert found >= LEAST_CONTRAST, f"{what}: {colour} on {ground} has {found:.2f}"
