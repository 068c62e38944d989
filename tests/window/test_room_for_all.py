"""Nothing is pushed out of the window, however narrow it is, and however large the text."""

from tests.window.case import WindowCase


class TestRoomForAll(WindowCase):
    """In the chat."""

    async def test_buttons_of_the_bar(self) -> None:
        """A question after a shorter one has all of its buttons inside the window."""
        await self.stage.connect(self.daemon)
        self.stage.root.geometry("600x400")
        self.stage.typing.put("unsent")
        self.stage.window.close()
        await self.stage.see_bar("1 line is unsent.")
        self.stage.chat.ask(None)
        self.stage.chat.ask_about_link("https://example.org/" + "a/b " * 20)
        await self.stage.settle()
        last = self.stage.chat.notice.buttons[-1]
        right = last.winfo_rootx() + last.winfo_reqwidth()
        assert right <= self.stage.root.winfo_rootx() + 600

    async def test_large_text(self) -> None:
        """With the largest text in a small window, most of it is for what is said."""
        await self.stage.connect(self.daemon)
        self.stage.root.geometry("600x400")
        for _ in range(20):
            self.stage.press(self.stage.typing, "<Control-plus>")
        await self.stage.settle()
        assert self.stage.text.winfo_width() > 300
        self.stage.enter("/help")
        await self.stage.settle()
        indent = int(str(self.stage.text.tag_cget("help-line", "lmargin2")))
        assert indent < self.stage.text.winfo_width() * 2 / 3
