"""The first page: getting in, and what stands in the way."""

import socket

from chatd.client.window.remembered import Place, Remembered
from tests.ports import free_port
from tests.window.case import ROOMY, WindowCase
from tests.window.staging import hears


class TestGettingIn(WindowCase):
    """Into a room with places."""

    async def test_enter_connects(self) -> None:
        """Host, port and name are typed, Enter leads into the chat, and others see it."""
        drew = self.daemon.nc("drew")
        first = self.stage.first
        first.fill(Place("", "", ""))
        for key, word in (("host", "127.0.0.1"), ("port", str(self.daemon.port)), ("name", "dani")):
            self.stage.type(word, first.field(key))
        self.stage.press(first.field("name"), "<Return>")
        await hears(drew, "SERVER: dani joined the chat!")
        await self.stage.see("You are in the chat as dani.")
        assert self.stage.title == "dani at 127.0.0.1"

    async def test_remembered(self) -> None:
        """A room that was entered is in the list the next time, and Enter there goes to it."""
        await self.stage.connect(self.daemon)
        self.stage.window.leave()
        await self.stage.until(lambda: not self.stage.window.is_inside, lambda: "still inside")
        again = Remembered.at(self.folder / "window.json")
        assert again.places == [Place("127.0.0.1", str(self.daemon.port), "dani")]
        self.stage.first.fill(Place("elsewhere", "1", "x"))
        self.stage.press(self.stage.first.rooms.list, "<Return>")
        await self.stage.until(lambda: self.stage.window.is_inside, lambda: "not inside")

    async def test_a_room_is_taken_off_the_list(self) -> None:
        """Delete forgets a room."""
        self.stage.remembered.used(Place("h", "1", "n"))
        self.stage.first.rooms.show(self.stage.remembered.places)
        self.stage.press(self.stage.first.rooms.list, "<Delete>")
        assert self.stage.first.rooms.places == []
        assert Remembered.at(self.folder / "window.json").places == []

    async def test_name_taken(self) -> None:
        """It is said beside the name, which can be changed at once; the rest stays."""
        self.daemon.nc("drew")
        self.stage.first.fill(Place("127.0.0.1", str(self.daemon.port), "Drew"))
        self.stage.press(self.stage.first.field("name"), "<Return>")
        await self.trouble("name", "here already")
        assert self.stage.first.field("host").get() == "127.0.0.1"
        assert self.stage.first.field("name").get() == "Drew"
        await self.stage.until(lambda: self.stage.window.visit is None, lambda: "not over")
        self.stage.type("dani", self.stage.first.field("name"))  # it is marked: typing replaces it
        self.stage.press(self.stage.first.field("name"), "<Return>")
        await self.stage.see("You are in the chat as dani.")

    async def test_bad_name(self) -> None:
        """A name that can't be one is explained beside it."""
        self.stage.first.fill(Place("127.0.0.1", str(self.daemon.port), "da ni"))
        self.stage.press(self.stage.first.field("name"), "<Return>")
        await self.trouble("name", "name")

    async def test_guest(self) -> None:
        """Without a name one is a guest."""
        await self.stage.connect(self.daemon, "")
        await self.stage.see("You are in the chat as <127.0.0.1>.")

    async def test_refused(self) -> None:
        """Nobody listening is said beside host and port."""
        self.stage.first.fill(Place("127.0.0.1", str(free_port()), "dani"))
        self.stage.press(self.stage.first.connect_button, "<Return>")
        await self.trouble("place", "Connection refused")

    async def test_unknown_host(self) -> None:
        """A host that is not known is said beside it."""
        self.stage.first.fill(Place("no-such-host.invalid", "55555", "dani"))
        self.stage.press(self.stage.first.field("host"), "<Return>")
        await self.trouble("place", "There is no host of that name")

    async def test_no_port(self) -> None:
        """What is no port is said before anything is tried."""
        for port in ("", "0", "65536", "http", "-1"):
            self.stage.first.fill(Place("127.0.0.1", port, "dani"))
            self.stage.press(self.stage.first.field("port"), "<Return>")
            assert "is not a port" in self.stage.first.trouble_with("place")
            await self.stage.see_focus(self.stage.first.field("port"))
            assert self.stage.window.visit is None

    async def test_no_host(self) -> None:
        """So is an empty host, and an endpoint string that is none."""
        for host, told in (("", "Where is the room?"), ("gopher:x", "not a place to connect to")):
            self.stage.first.fill(Place(host, "55555", "dani"))
            self.stage.press(self.stage.first.field("host"), "<Return>")
            assert told in self.stage.first.trouble_with("place")

    async def test_cancel(self) -> None:
        """Connecting to what does not answer can be called off, and tried again."""
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen()
            self.stage.first.fill(Place("127.0.0.1", str(deaf.getsockname()[1]), "dani"))
            self.stage.press(self.stage.first.field("host"), "<Return>")
            assert self.stage.first.is_busy
            self.stage.press(self.stage.first.cancel_button, "<Escape>")
            await self.stage.until(lambda: not self.stage.first.is_busy, lambda: "still busy")
        assert self.stage.first.field("name").get() == "dani"
        await self.stage.connect(self.daemon)

    async def test_closed_while_connecting(self) -> None:
        """The window can be closed at any time."""
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen()
            self.stage.first.fill(Place("127.0.0.1", str(deaf.getsockname()[1]), "dani"))
            self.stage.press(self.stage.first.field("host"), "<Return>")
            self.stage.window.close()
            await self.stage.until(lambda: self.stage.is_closed, lambda: "not closed")

    async def test_the_keyboard_reaches_everything(self) -> None:
        """Tab goes from field to field in the order in which one reads, and round."""
        self.stage.remembered.used(Place("h", "1", "n"))
        self.stage.first.rooms.show(self.stage.remembered.places)
        first = self.stage.first
        first.field("host").focus_force()
        self.stage.root.update()
        seen = []
        for _ in range(7):
            seen.append(self.stage.root.focus_get())
            self.stage.press(seen[-1], "<Tab>")  # type: ignore[arg-type]
        fields = [first.field(key) for key in ("host", "port")]
        assert seen[:2] == fields
        assert seen[3:6] == [first.field("name"), first.connect_button, first.rooms.list]
        assert seen[6] is fields[0]

    async def trouble(self, what: str, words: str) -> None:
        await self.stage.until(
            lambda: words in self.stage.first.trouble_with(what), lambda: str(self.stage.troubles())
        )
        assert not self.stage.first.is_busy


class TestFullRoom(WindowCase):
    """A room for one."""

    config = ROOMY.replace("max_users = 0", "max_users = 1")

    async def test_room_full(self) -> None:
        """It is said, and when somebody has left, Connect works."""
        drew = self.daemon.nc("drew")
        self.stage.first.fill(Place("127.0.0.1", str(self.daemon.port), "dani"))
        self.stage.first.submit()
        await self.stage.until(
            lambda: "full" in self.stage.first.trouble_with("place"),
            lambda: str(self.stage.troubles()),
        )
        drew.send("QUIT")
        await self.stage.until(self.is_in, lambda: str(self.stage.troubles()))

    def is_in(self) -> bool:
        # Until the server has noticed that drew is gone.
        if not self.stage.first.is_busy and self.stage.window.visit is None:
            self.stage.first.submit()
        return self.stage.window.is_inside
