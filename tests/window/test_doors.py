"""Rooms that want a password, speak TLS, or remember."""

import tempfile
from pathlib import Path

import pytest

from chatd.client.window.remembered import Place
from tests.client.running import Daemon
from tests.passwords import passwd
from tests.window.case import ROOMY, WindowCase

pytest.importorskip("OpenSSL", reason="pyOpenSSL is not installed")

from tests.client.test_tls import Room


class TestPassword(WindowCase):
    """A room with a password."""

    def setUp(self) -> None:
        super().setUp()
        self.guarded = Daemon(self.folder, ROOMY + 'password_file = "room.hash"\n')
        passwd(self.folder, "open sesame", "--file", "room.hash")
        self.guarded.start()
        self.addCleanup(self.guarded.stop)

    async def test_asked_for(self) -> None:
        """The field is there when the room wants it; a wrong password is told beside it."""
        first = self.stage.first
        first.fill(Place("127.0.0.1", str(self.guarded.port), "dani"))
        assert not first.field("password").winfo_ismapped()
        self.stage.press(first.field("name"), "<Return>")
        await self.trouble("A password is needed here.")
        await self.stage.see_widget(first.field("password"))
        await self.stage.see_focus(first.field("password"))
        self.stage.type("sesame", first.field("password"))
        self.stage.press(first.field("password"), "<Return>")
        await self.trouble("That is not the password.")
        first.field("password").delete(0, "end")
        self.stage.type("open sesame", first.field("password"))
        self.stage.press(first.field("password"), "<Return>")
        await self.stage.see("You are in the chat as dani.")
        assert "sesame" not in (self.folder / "window.json").read_text(encoding="utf-8")

    async def trouble(self, words: str) -> None:
        await self.stage.until(
            lambda: (
                words in self.stage.first.trouble_with("password")
                and self.stage.window.visit is None
            ),
            lambda: str(self.stage.troubles()),
        )


class TestCertificate(WindowCase):
    """A room with a certificate of its own."""

    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.room = Room(Path(folder.name))
        self.addCleanup(self.room.daemon.stop)

    async def test_asked_once(self) -> None:
        """Its fingerprint is shown; who agrees gets in, and is not asked again."""
        await self.ask()
        assert self.room.fingerprint in self.bar()
        self.stage.first.notice.answer(1)
        await self.stage.see("You are in the chat as dani.")
        self.stage.window.leave()
        await self.stage.until(lambda: self.stage.window.visit is None, lambda: "still inside")
        self.stage.first.submit()
        await self.stage.until(lambda: self.stage.window.is_inside, self.bar)

    async def test_no_is_no(self) -> None:
        """Enter alone trusts nobody, and leads back to the fields."""
        await self.ask()
        self.stage.press(self.stage.first.notice.buttons[0], "<Return>")
        await self.stage.until(lambda: self.stage.window.visit is None, lambda: "not over")
        assert not self.stage.first.is_busy
        assert self.stage.first.notice.shown is None

    async def ask(self) -> None:
        self.stage.first.fill(Place("127.0.0.1", str(self.room.port), "dani", tls=True))
        self.stage.first.submit()
        await self.stage.until(self.bar, lambda: str(self.stage.troubles()))

    def bar(self) -> str:
        shown = self.stage.first.notice.shown
        return shown.text if shown else ""


class TestHistory(WindowCase):
    """A room that remembers."""

    config = ROOMY + "[history]\nlines = 100\n"

    async def test_what_was_said_before(self) -> None:
        """It is shown, set apart; the menu searches, and turns keeping off and on."""
        drew = self.daemon.nc("drew")
        drew.send("BCST about tea", "BCST about milk")
        drew.until("drew: BCST about milk")
        await self.stage.connect(self.daemon)
        await self.stage.see("| drew: about milk")
        assert "past" in self.stage.tags_at("| drew: about tea")
        self.stage.choose("History", "Search…")
        assert self.stage.typing.content == "/search "
        self.stage.type("tea")
        self.stage.press(self.stage.typing, "<Return>")
        await self.stage.see("1 line found.")
        self.stage.choose("History", "Keep nothing of it")
        await self.stage.until(self.is_off, lambda: self.stage.shown)

    def is_off(self) -> bool:
        visit = self.stage.window.visit
        return visit is not None and visit.session.core.recording.is_off
