"""The pictures in docs/pictures: ``python -m tests.window.pictures [FOLDER]``.

A real daemon, a real netcat, the client in tmux and the window, on a screen of its own.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from twisted.internet import defer

from chatd.client.window.remembered import Place
from tests.client.running import CHAT, Daemon, Terminal, close_all
from tests.ports import free_port
from tests.window import crowd
from tests.window.case import ROOMY
from tests.window.staging import Stage, elsewhere, reactor

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
FOR_TWO = ROOMY.replace("max_users = 0", "max_users = 2")


class Pictures:
    """``folder``: where they go. ``dark``: in which theme, and the end of their names."""

    def __init__(self, folder: Path, scratch: Path, dark: bool) -> None:
        self._folder = folder
        self._scratch = scratch
        self._ending = "dark" if dark else "light"
        self._dark = dark

    async def take_all(self) -> None:
        """One after the other."""
        for picture in (self.first_page, self.troubles, self.chat, self.ten_thousand):
            scratch = self._scratch / f"{picture.__name__}-{self._ending}"
            scratch.mkdir()
            stage = Stage(scratch, self._dark)
            stage.fill_the_screen()
            config = FOR_TWO if picture == self.troubles else ROOMY
            daemon = Daemon(scratch, config).start()
            try:
                await picture(stage, daemon)
                await stage.strike()
            finally:
                crowd.close_all()
                close_all()
                daemon.stop()

    async def first_page(self, stage: Stage, _: Daemon) -> None:
        """With rooms used before."""
        for place in (
            Place("chat.example.org", "6697", "dani", tls=True),
            Place("192.168.1.20", "55555", "dani"),
            Place("lab-3.local", "55555", "drew"),
        ):
            stage.remembered.used(place)
        stage.first.rooms.show(stage.remembered.places)
        stage.first.fill(Place("192.168.1.20", "55555", "dani"))
        stage.first.take_focus()
        await self._take(stage, "first-page")

    async def troubles(self, stage: Stage, daemon: Daemon) -> None:
        """Refused, name taken, room full."""
        stage.first.fill(Place("127.0.0.1", str(free_port()), "dani"))
        await self._turned_away(stage, "refused", "refused")
        daemon.nc("drew")
        stage.first.fill(Place("127.0.0.1", str(daemon.port), "Drew"))
        await self._turned_away(stage, "already", "name-taken")
        daemon.nc("eve")
        stage.first.fill(Place("127.0.0.1", str(daemon.port), "dani"))
        await self._turned_away(stage, "full", "room-full")

    async def _turned_away(self, stage: Stage, word: str, name: str) -> None:
        stage.first.submit()
        await stage.until(lambda: word in str(stage.troubles()), lambda: str(stage.troubles()))
        await self._take(stage, name)

    async def chat(self, stage: Stage, daemon: Daemon) -> None:
        """With a netcat and a terminal client; then the server goes, and comes back."""
        await stage.connect(daemon)
        await self._talk(stage, daemon)
        stage.typing.put("it does not: all of them ")
        await self._take(stage, "chat")
        stage.chat.people.chosen("eve")
        await self._take(stage, "private")
        stage.chat.ask_about_link("https://builds.example.org/1207")
        await self._take(stage, "link")
        stage.chat.escape()
        stage.typing.put("")
        await elsewhere(daemon.stop)
        await stage.see_bar("Trying again")
        stage.enter("is anybody there?")
        stage.typing.put("and typed on meanw")
        await self._take(stage, "server-gone")
        await elsewhere(daemon.start)
        await stage.see_bar("unsent")
        await self._take(stage, "server-back")

    async def _talk(self, stage: Stage, daemon: Daemon) -> None:
        drew = crowd.netcat(daemon.port, "drew")
        port = str(daemon.port)
        eve = Terminal(self._scratch, *CHAT, "127.0.0.1", port, "--name", "eve")
        await elsewhere(eve.see, "You are in the chat")
        drew.say("morning, all")
        await stage.see("morning, all")
        await elsewhere(eve.enter, "hi! The new build is at https://builds.example.org/1207")
        await stage.see("1207")
        stage.enter("thanks, trying it")
        await stage.see("You: thanks")
        drew.say("dani, does it still crash on 日本語 file names? 😀")
        await stage.see("file names")
        await elsewhere(eve.enter, "/msg dani between us: I think it does")
        await stage.see("between us")
        stage.enter("/msg eve on it, give me five minutes")
        await stage.see("five minutes")
        drew.say(
            "no hurry. " + "It has been like this since the room moved to the new machine. " * 2
        )
        await stage.see("no hurry")
        crowd.netcat(daemon.port, "zoë")
        await stage.see("zoë joined")

    async def ten_thousand(self, stage: Stage, daemon: Daemon) -> None:
        """All at once; then looked at further up, while more comes."""
        await stage.connect(daemon)
        sent = crowd.flood(daemon.port, "drew", 10_000)
        await stage.see("line 9999")
        stage.press(stage.text, *["<Prior>"] * 3)
        await elsewhere(sent.wait)
        more = crowd.flood(daemon.port, "eve", 3)
        await stage.until(lambda: stage.chat.transcript.unseen, lambda: "no new lines")
        await elsewhere(more.wait)
        stage.window.find()
        stage.chat.finding.field.insert(0, "line 9980")
        stage.press(stage.chat.finding.field, "<Return>")
        await self._take(stage, "ten-thousand")

    async def _take(self, stage: Stage, name: str) -> None:
        await stage.settle()
        stage.picture(self._folder / f"{name}-{self._ending}.png")


async def _take(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for dark in (False, True):
            await Pictures(folder, Path(scratch), dark).take_all()


def main() -> None:
    """Take them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    failed: list[Any] = []

    def start() -> None:
        taken = defer.Deferred.fromCoroutine(_take(folder))
        taken.addErrback(failed.append).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(start)
    reactor.run()
    for failure in failed:
        failure.printTraceback(sys.stderr)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
