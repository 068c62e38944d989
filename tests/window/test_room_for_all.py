"""Nothing is pushed out of the window, however narrow it is, and however large the text."""

from tests.window.case import WindowCase

NARROW = 600


class TestRoomForAll(WindowCase):
    """In the chat."""

    async def test_buttons_of_the_bar(self) -> None:
        """A question after a shorter one has all of its buttons inside the window."""
        await self.stage.connect(self.daemon)
        await self.make_narrow()
        self.stage.typing.put("unsent")
        self.stage.window.close()
        await self.stage.see_bar("1 line is unsent.")
        self.stage.chat.ask(None)
        self.stage.chat.ask_about_link("https://example.org/" + "a/b " * 20)
        await self.stage.settle()
        last, root = self.stage.chat.notice.buttons[-1], self.stage.root
        await self.stage.until(
            lambda: last.winfo_rootx() + last.winfo_reqwidth() <= root.winfo_rootx() + NARROW,
            lambda: f"at {last.winfo_rootx() - root.winfo_rootx()}, {last.winfo_reqwidth()} wide",
        )

    async def test_large_text(self) -> None:
        """With the largest text in a small window, most of it is for what is said."""
        await self.stage.connect(self.daemon)
        await self.make_narrow()
        for _ in range(20):
            self.stage.press(self.stage.typing, "<Control-plus>")
        await self.stage.settle()
        assert self.stage.text.winfo_width() > 300
        self.stage.enter("/help")
        await self.stage.settle()
        indent = int(str(self.stage.text.tag_cget("help-line", "lmargin2")))
        assert indent < self.stage.text.winfo_width() * 2 / 3

    async def make_narrow(self) -> None:
        root = self.stage.root
        root.geometry(f"{NARROW}x400")
        await self.stage.until(
            lambda: root.winfo_width() == NARROW, lambda: f"{root.winfo_width()} wide"
        )
