"""Servers that go, floods, and closing."""

from itertools import pairwise

from twisted.internet import task

from tests.window.case import ROOMY, WindowCase
from tests.window.crowd import flood
from tests.window.staging import elsewhere, hears, reactor

LONGEST_PAUSE = 1.0
"""Seconds without a turn for keys and drawing; the figure of a quiet machine stands in
docs/window.md, and this is what nobody would call frozen on a busy one."""


class TestSteady(WindowCase):
    """What happens to a window over the years."""

    async def test_the_server_goes_and_comes_back(self) -> None:
        """A bar says so, what is typed stays and is kept, and the window comes back by itself."""
        await self.stage.connect(self.daemon)
        self.stage.typing.put("half a line")
        await elsewhere(self.daemon.stop)
        await self.stage.see_bar("The server has gone: the chat is closing. Trying again")
        assert self.stage.typing.content == "half a line"
        self.stage.press(self.stage.typing, "<Return>")
        await self.stage.see("[unsent] You: half a line")
        await elsewhere(self.daemon.start)
        await self.stage.see_bar("1 line is unsent.")
        await self.stage.see("Back in the chat as dani.")
        drew = self.daemon.nc("drew")
        self.stage.chat.notice.answer(0)
        await hears(drew, "dani: BCST half a line")
        await self.stage.until(lambda: self.stage.bar == "", lambda: self.stage.bar)

    async def test_another_name_after_coming_back(self) -> None:
        """If my name was taken meanwhile, I am asked for another in the bar."""
        await self.stage.connect(self.daemon)
        visit = self.stage.window.visit
        assert visit is not None
        await elsewhere(self.daemon.stop)
        await self.stage.see_bar("Trying again")
        visit.session._connection.hang_up()  # so that somebody else is there sooner
        await elsewhere(self.daemon.start)
        self.daemon.nc("dani")
        visit.session._connection.open()
        await self.stage.see_bar("Another name:")
        await self.stage.see_focus(self.stage.chat.notice.field)
        self.stage.chat.notice.field.insert(0, "dani2")
        self.stage.press(self.stage.chat.notice.field, "<Return>")
        await self.stage.see("Back in the chat as dani2.")

    async def test_ten_thousand_lines(self) -> None:
        """The window answers all the while, shows the newest, and keeps five thousand."""
        await self.stage.connect(self.daemon)
        turns: list[float] = []
        beat = task.LoopingCall(lambda: turns.append(reactor.seconds()))
        beat.start(0.005)
        flooding = flood(self.daemon.port, "drew", 10_000)
        self.addCleanup(flooding.wait)
        self.stage.type("typed meanwhile")
        await self.stage.see("drew: line 9999 ")
        beat.stop()
        longest = max(later - sooner for sooner, later in pairwise(turns))
        print(f"longest pause: {longest * 1000:.0f} ms")
        assert longest < LONGEST_PAUSE
        await self.stage.see("drew has left the chat")
        lines = self.stage.shown.splitlines()
        assert len(lines) == 5000
        numbers = [int(line.split()[3]) for line in lines if ": line " in line]
        assert numbers == list(range(10_000 - len(numbers), 10_000))
        assert self.stage.typing.content == "typed meanwhile"
        await self.stage.until(
            lambda: self.stage.text.yview()[1] == 1.0, lambda: str(self.stage.text.yview())
        )

    async def test_very_long_lines(self) -> None:
        """A line of a hundred thousand letters is there whole."""
        await self.stage.connect(self.daemon)
        visit = self.stage.window.visit
        assert visit is not None
        visit.session.received(b"drew: BCST " + b"long " * 20_000 + b"\r\n")
        await self.stage.until(
            lambda: self.stage.shown.count("long") == 20_000, lambda: self.stage.shown[:100]
        )

    async def test_closing(self) -> None:
        """Closing asks nothing if there is nothing to lose, and the others see us leave."""
        await self.stage.connect(self.daemon)
        drew = self.daemon.nc("drew")
        self.stage.window.close()
        await self.stage.until(lambda: self.stage.is_closed, lambda: "not closed")
        await hears(drew, "dani has left the chat")

    async def test_closing_with_unsent_text(self) -> None:
        """Closing asks if something typed would be lost."""
        await self.stage.connect(self.daemon)
        self.stage.type("wait")
        self.stage.press(self.stage.typing, "<Control-q>")
        assert self.stage.bar == "1 line is unsent."
        self.stage.press(self.stage.chat.notice.buttons[0], "<Escape>")
        assert (self.stage.bar, self.stage.is_closed) == ("", False)
        await self.stage.see_focus(self.stage.typing)
        self.stage.press(self.stage.typing, "<Control-q>")
        self.stage.press(self.stage.chat.notice.buttons[0], "<Return>")
        await self.stage.until(lambda: self.stage.is_closed, lambda: "not closed")


class TestPatient(WindowCase):
    """A server that slows senders down."""

    config = ROOMY.replace("lines_per_second = 0", "lines_per_second = 5")

    async def test_closing_with_lines_on_their_way(self) -> None:
        """Lines that the server has not taken yet are unsent, too."""
        await self.stage.connect(self.daemon)
        self.stage.enter("\n".join(f"line {number}" for number in range(60)))
        await self.stage.see_bar("Say these 60 lines")
        self.stage.chat.notice.answer(0)
        await self.stage.see("You: line 0")
        self.stage.window.close()
        assert "unsent" in self.stage.bar
        assert not self.stage.is_closed
