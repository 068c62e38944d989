"""Finding what was said, in any script and with whatever stands beside it."""

import tkinter as tk

from tests.window.case import WindowCase


class TestFinding(WindowCase):
    """Ctrl-F."""

    async def test_beside_emoji(self) -> None:
        """Emoji end neither the search nor the program, and the words themselves are marked."""
        await self.stage.connect(self.daemon)
        for line in ("a Needle", "😀👩‍👩‍👧 the needle 😀", "漢字 😀"):
            self.stage.enter(line)
        await self.stage.see("漢字")
        assert self.found("needle") == ["needle", "Needle", "needle"]
        assert self.found("😀") == ["😀", "😀", "😀"]
        assert self.found("nowhere") == ["", "", ""]
        assert self.stage.chat.finding.told.cget("text") == "not found"

    async def test_hidden_times(self) -> None:
        """What is hidden is not found, and what stands behind it is."""
        await self.stage.connect(self.daemon)
        self.stage.enter("hello")
        await self.stage.see("hello")
        self.stage.chat.transcript.show_times(False)
        assert self.found("21:33")[0] == ""
        assert self.found("hello")[0] == "hello"

    def found(self, words: str) -> list[str]:
        """What is marked, after each of three times Enter."""
        self.stage.press(self.stage.typing, "<Control-f>")
        field = self.stage.chat.finding.field
        field.delete(0, "end")
        field.insert(0, words)
        return [self.next_marked(field) for _ in range(3)]

    def next_marked(self, field: tk.Misc) -> str:
        self.stage.press(field, "<Return>")
        ranges = self.stage.text.tag_ranges("found")
        return self.stage.text.get(*map(str, ranges)) if ranges else ""
