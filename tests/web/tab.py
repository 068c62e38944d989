"""A browser, rooms with a web door, and tabs in which people are: as they see and use them."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.client.running import Daemon, Netcat
from tests.ports import free_port
from tests.tools import needed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PATIENCE_MS = 20_000
WORDS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = (390, 844)
SMALLEST = (320, 640)
DESKTOP = (1440, 900)
FOREVER_UP = "[limits]\nlines_per_second = 0\nconnections_per_address = 0\n"


CUT = """
    window.WebSocket = class extends WebSocket {
        constructor(url) {
            super(window.isCut ? `${url}-is-nowhere` : url);
            window.socket = this;
        }
    };
"""
"""So that a connection can be cut, and none be made, while others can."""


class Stoppable(Daemon):
    """A daemon that can be made to stand still."""

    def stand_still(self) -> None:
        """It takes what is sent, and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It answers what it was sent meanwhile."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


class Chromium:
    """Its tabs are strangers to each other: each has a storage of its own."""

    def __init__(self, browser: "Browser") -> None:
        self._browser = browser
        self._tabs: list[Tab] = []

    @staticmethod
    @contextlib.contextmanager
    def launched() -> Iterator["Chromium"]:
        """The system's Chromium, by Playwright."""
        path = needed("chromium")
        sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(WORDS))
            try:
                yield Chromium(browser)
            finally:
                browser.close()

    def tab(self, size: tuple[int, int] = DESKTOP, theme: str = "light", **more: Any) -> "Tab":
        """A new one, with nothing in it."""
        viewport = {"width": size[0], "height": size[1]}
        context = self._browser.new_context(viewport=viewport, color_scheme=theme, **more)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(CUT)
        tab = Tab(context.new_page())
        self._tabs.append(tab)
        return tab

    def close_tabs(self) -> list[str]:
        """All of them; gives what they had to complain about."""
        complaints = [one for tab in self._tabs for one in tab.complaints]
        for tab in self._tabs:
            tab.page.context.close()
        self._tabs.clear()
        return complaints


class Room:
    """A daemon with both doors."""

    def __init__(self, folder: Path, chromium: Chromium, config: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        web = f'[web]\nlisten = ["tcp:{port}:interface=127.0.0.1"]\n'
        self.daemon = Stoppable(folder, f"{web}{config}")
        self._chromium = chromium

    @staticmethod
    @contextlib.contextmanager
    def opened(folder: Path, chromium: Chromium, config: str = "") -> Iterator["Room"]:
        """``config``: instead of a history, and no limits."""
        config = config or f"{FOREVER_UP}[history]\nlines = 10000\n"
        room = Room(folder, chromium, config)
        room.daemon.start()
        try:
            yield room
        finally:
            room.daemon.stop()

    def nc(self, name: str) -> Netcat:
        """Somebody by the other door."""
        return self.daemon.nc(name)

    def wait_until_empty(self) -> None:
        """Nobody has a name that somebody may want now."""
        usher = self.nc("usher")
        usher.send("LIST", "PING end")
        while "Online: usher" not in usher.until("PONG end"):
            usher.send("LIST", "PING end")
        usher.send("QUIT")

    def visit(self, size: tuple[int, int] = DESKTOP, theme: str = "light", **more: Any) -> "Tab":
        """A tab at the form."""
        tab = self._chromium.tab(size, theme, **more)
        tab.page.goto(self.url)
        tab.see_status("Not in the chat")
        return tab

    def enter(
        self, name: str, size: tuple[int, int] = DESKTOP, theme: str = "light", **more: Any
    ) -> "Tab":
        """A tab in which somebody is in the chat."""
        tab = self.visit(size, theme, **more)
        tab.join(name)
        tab.see_status(f"Here as {name}")
        return tab


class Tab:
    """What somebody does in it, and sees."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: dialog.accept())

    def _console(self, kind: str, text: str) -> None:
        # A browser says itself that nobody answers, while the daemon is away.
        if kind in ("error", "warning") and "WebSocket connection to" not in text:
            self.complaints.append(text)

    def one(self, selector: str) -> "Locator":
        return self.page.locator(selector)

    def join(self, name: str, password: str = "") -> None:
        self.page.fill("#name", name)
        if password:
            self.page.fill("#password", password)
        self.page.press("#name", "Enter")

    def say(self, text: str) -> None:
        """Type it, and Enter."""
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")

    @property
    def box(self) -> str:
        return self.page.input_value("#text")

    @property
    def lines(self) -> list[str]:
        """The texts in the conversation, notes and all."""
        text = "one => (one.querySelector('.text') ?? one).textContent"
        return list(self.page.eval_on_selector_all("#log > *", f"all => all.map({text})"))

    @property
    def focus(self) -> str:
        return str(self.page.evaluate("document.activeElement.id"))

    def see(self, text: str, where: str = "#log", times: int = 1) -> None:
        """Wait until it stands there, so many times."""
        found = self.one(f"{where} >> text={text}")
        self.until(lambda: found.count() == times, lambda: f"{text!r} in {self.lines[-20:]}")

    @contextlib.contextmanager
    def without_network(self) -> Iterator[None]:
        """Its connection is lost, and none can be made."""
        self.page.evaluate("isCut = true; socket.close()")
        yield
        self.page.evaluate("isCut = false")

    def see_status(self, text: str) -> None:
        self.page.wait_for_selector(f"#status:text-is('{text}')")

    def see_wrong(self, text: str, where: str = "#wrong") -> None:
        self.page.wait_for_selector(f"{where}:has-text('{text}')")

    def until(self, true: Any, what: Any = lambda: "") -> None:
        """Look again whenever the page has drawn itself."""
        for _ in range(600):
            if true():
                return
            self.page.evaluate("new Promise(requestAnimationFrame)")
            self.page.wait_for_timeout(10)
        raise AssertionError(what())
