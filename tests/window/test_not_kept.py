"""Whether the room keeps what one says, to be seen as long as it does not."""

from tests.window.case import ROOMY, WindowCase


class TestNotKept(WindowCase):
    """In a room that keeps a history."""

    config = ROOMY + "[history]\nlines = 100\n"

    async def test_it_is_seen(self) -> None:
        """While nothing is kept, it stands under where one types, typing or not."""
        await self.stage.connect(self.daemon)
        await self.kept("")
        self.stage.choose("History", "Keep nothing of it")
        await self.kept("What you say is not kept.")
        self.stage.type("between us")
        await self.kept("What you say is not kept.")
        self.stage.choose("History", "Keep what I say")
        await self.kept("")

    async def kept(self, words: str) -> None:
        label = self.stage.chat.kept
        await self.stage.until(
            lambda: str(label.cget("text")).strip() == words, lambda: str(label.cget("text"))
        )
