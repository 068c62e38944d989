"""What keys do that Tk would do otherwise, or badly."""

from chatd.client.window.remembered import Place
from tests.window.case import WindowCase


class TestKeyboard(WindowCase):
    """Without a mouse."""

    async def test_menus(self) -> None:
        """F10 and Escape lead into the menus and out of them, without a word on the terminal."""
        await self.stage.connect(self.daemon)
        self.stage.press(self.stage.typing, "<F10>")
        await self.stage.until(lambda: "menu" in self.focus(), self.focus)
        self.stage.root.tk.call("event", "generate", self.focus(), "<Escape>")
        await self.stage.until(lambda: "menu" not in self.focus(), self.focus)
        assert not self.stage.faults

    def focus(self) -> str:
        return str(self.stage.root.tk.call("focus"))

    async def test_select_all(self) -> None:
        """Ctrl-A marks all of a field, so that what is typed next replaces it."""
        self.stage.first.fill(Place("127.0.0.1", "55555", "dani"))
        port = self.stage.first.field("port")
        self.stage.press(port, "<Control-a>")
        self.stage.type("6000", port)
        assert port.get() == "6000"
