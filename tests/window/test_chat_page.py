"""The chat: with a netcat and a terminal client in the same room."""

from unittest import skipUnless

from chatd.client.window.remembered import Remembered
from tests.client.running import CHAT, TMUX, Terminal
from tests.window.case import WindowCase
from tests.window.crowd import netcat
from tests.window.staging import elsewhere, hears


class TestChat(WindowCase):
    """dani is in, by the window."""

    @skipUnless(TMUX, "tmux is not installed")
    async def test_three_in_a_room(self) -> None:
        """A netcat, a terminal client and the window: all see what each says."""
        await self.stage.connect(self.daemon)
        drew = netcat(self.daemon.port, "drew")
        port = str(self.daemon.port)
        eve = Terminal(self.folder, *CHAT, "127.0.0.1", port, "--name", "eve")
        await elsewhere(eve.see, "You are in the chat as eve")
        drew.say("hello from netcat")
        await self.stage.see("drew: hello from netcat")
        await elsewhere(eve.enter, "hello from the terminal")
        await self.stage.see("eve: hello from the terminal")
        self.stage.type("hello, both/all")
        self.stage.press(self.stage.typing, "<Return>")
        await self.stage.see("21:33 You: hello, both/all\n")
        await elsewhere(eve.see, "dani: hello, both/all")
        await self.stage.until(lambda: "dani: BCST hello, both" in drew.screen(), drew.screen)
        assert self.stage.typing.content == ""
        await self.stage.until(
            lambda: self.stage.chat.people.names == ("dani", "drew", "eve"),
            lambda: str(self.stage.chat.people.names),
        )

    async def test_private(self) -> None:
        """Choosing a name starts a private line, which stands apart on both ends."""
        await self.stage.connect(self.daemon)
        drew = self.daemon.nc("drew")
        eve = self.daemon.nc("eve")
        people = self.stage.chat.people
        await self.stage.until(lambda: len(people.names) == 3, lambda: str(people.names))
        people.list.selection_set(1)
        self.stage.press(people.list, "<Return>")
        assert self.stage.typing.content == "/msg drew "
        self.stage.type("a secret")
        self.stage.press(self.stage.typing, "<Return>")
        await hears(drew, "dani: MESG drew a secret")
        await self.stage.see("[private] You to drew: a secret")
        drew.send("MESG dani another", "BCST that was all")
        await self.stage.see("that was all")
        assert "[private] drew: another" in self.stage.shown
        assert "private-line" in self.stage.tags_at("another")
        assert "private-line" not in self.stage.tags_at("that was all")
        assert not [
            line for line in await hears(eve, "drew: BCST that was all") if "secret" in line
        ]
        self.stage.press(self.stage.typing, "<Control-r>")
        assert self.stage.typing.content == "/msg drew "

    async def test_double_click(self) -> None:
        """A double click does the same."""
        await self.stage.connect(self.daemon)
        people = self.stage.chat.people
        await self.stage.until(lambda: people.names == ("dani",), lambda: str(people.names))
        for event in ("<Button-1>", "<ButtonRelease-1>") * 2:
            people.list.event_generate(event, x=20, y=10)
        self.stage.root.update()
        assert self.stage.typing.content == "/msg dani "

    async def test_history_and_tab(self) -> None:
        """Up brings back what was typed, Down what was begun, and Tab makes names whole."""
        await self.stage.connect(self.daemon)
        self.daemon.nc("drew")
        await self.stage.see("drew joined")
        for line in ("first", "second"):
            self.stage.enter(line)
        self.stage.typing.put("begun")
        seen = []
        for key in ("<Up>", "<Up>", "<Up>", "<Down>", "<Down>"):
            self.stage.press(self.stage.typing, key)
            seen.append(self.stage.typing.content)
        assert seen == ["second", "first", "first", "second", "begun"]
        self.stage.typing.put("dr")
        self.stage.press(self.stage.typing, "<Tab>")
        assert self.stage.typing.content == "drew: "

    async def test_several_lines(self) -> None:
        """Shift-Enter begins a new line, and each is sent as a line of its own."""
        await self.stage.connect(self.daemon)
        drew = self.daemon.nc("drew")
        self.stage.type("one")
        self.stage.press(self.stage.typing, "<Shift-Return>")
        self.stage.type("two")
        assert int(str(self.stage.typing.cget("height"))) == 2
        self.stage.press(self.stage.typing, "<Return>")
        assert (await hears(drew, "dani: BCST two"))[-2] == "dani: BCST one"

    async def test_pasted_commands_are_asked_about(self) -> None:
        """A paste of commands is not said before somebody has agreed."""
        await self.stage.connect(self.daemon)
        drew = self.daemon.nc("drew")
        self.stage.root.clipboard_clear()
        self.stage.root.clipboard_append("/msg eve x\r\nmore\r\n")
        self.stage.typing.focus_force()
        self.stage.typing.event_generate("<<Paste>>")
        assert self.stage.typing.content == "/msg eve x\nmore"
        self.stage.press(self.stage.typing, "<Return>")
        await self.stage.see_bar("Say these 2 lines to everyone, commands and all?")
        self.stage.chat.notice.answer(1)
        self.stage.enter("after")
        said = await hears(drew, "dani: BCST after")
        assert not [line for line in said if "more" in line]
        await self.stage.see("lines were not said")

    async def test_the_limit_is_shown(self) -> None:
        """Near the limit one sees what is left; a line that is too long is told, and not lost."""
        await self.stage.connect(self.daemon)
        told = self.stage.chat.limit
        self.stage.typing.put("x" * 500)
        assert told.cget("text") == ""
        self.stage.typing.put("é" * 500)
        assert told.cget("text") == "bytes left: 19"
        self.stage.typing.put("x" * 1020)
        assert told.cget("text") == "bytes too long: 1"
        self.stage.press(self.stage.typing, "<Return>")
        await self.stage.see("xx…”: ")
        self.stage.press(self.stage.typing, "<Up>")
        assert self.stage.typing.content == "x" * 1020

    async def test_unseen(self) -> None:
        """Who has scrolled up stays there, and is told how many lines wait."""
        await self.stage.connect(self.daemon)
        drew = self.daemon.nc("drew")
        drew.send(*(f"BCST line {number}" for number in range(200)))
        await self.stage.see("line 199")
        text = self.stage.text
        self.stage.press(text, "<Prior>", "<Prior>")
        at = text.get("@0,0 linestart", "@0,0 lineend")
        drew.send("BCST more", "BCST and more")
        more = self.stage.chat.transcript.more
        await self.stage.until(
            lambda: more.winfo_ismapped() and more.cget("text") == "2 new lines ↓",
            lambda: str(more.cget("text")),
        )
        assert text.get("@0,0 linestart", "@0,0 lineend") == at
        more.invoke()
        await self.stage.until(
            lambda: text.yview()[1] == 1.0 and not more.winfo_ismapped(),
            lambda: f"at {text.yview()}, {more.cget('text')}",
        )

    async def test_find(self) -> None:
        """Ctrl-F finds, from the newest to the oldest and round."""
        await self.stage.connect(self.daemon)
        for line in ("a needle", "hay", "another Needle"):
            self.stage.enter(line)
        await self.stage.see("another Needle")
        self.stage.press(self.stage.typing, "<Control-f>")
        finding = self.stage.chat.finding
        await self.stage.see_focus(finding.field)
        finding.field.insert(0, "needle")
        found = []
        for _ in range(3):
            self.stage.press(finding.field, "<Return>")
            first, last = (str(index) for index in self.stage.text.tag_ranges("found"))
            found.append(self.stage.text.get(f"{first} linestart", last)[6:])
        assert found == ["You: another Needle", "You: a needle", "You: another Needle"]
        self.stage.press(finding.field, "<Escape>")
        assert not finding.is_open
        await self.stage.see_focus(self.stage.typing)

    async def test_links(self) -> None:
        """A link is opened only after it was shown where it leads."""
        await self.stage.connect(self.daemon)
        drew = self.daemon.nc("drew")
        drew.send("BCST see https://bank.example@evil.example/x, or javascript:alert(1) file:///x")
        await self.stage.see("evil.example")
        assert self.stage.chat.transcript.links() == ["https://bank.example@evil.example/x"]
        await self.stage.settle()
        text = self.stage.text
        box = text.bbox(str(text.tag_ranges("link")[0]))
        assert box is not None
        for event in ("<Motion>", "<ButtonPress-1>", "<ButtonRelease-1>"):
            text.event_generate(event, x=box[0] + 2, y=box[1] + 5, warp=event == "<Motion>")
            self.stage.root.update()
        await self.stage.see_bar("Leads to evil.example:")
        assert self.stage.browsed == []
        self.stage.press(self.stage.chat.notice.buttons[0], "<Return>")
        assert self.stage.browsed == ["https://bank.example@evil.example/x"]

    async def test_links_by_keyboard(self) -> None:
        """Ctrl-O takes the newest link, and can copy it."""
        await self.stage.connect(self.daemon)
        self.stage.enter("http://one.example/ and http://two.example/")
        await self.stage.see("two.example")
        self.stage.press(self.stage.typing, "<Control-o>")
        assert self.stage.bar.startswith("Leads to two.example:")
        self.stage.chat.notice.answer(1)
        assert self.stage.root.clipboard_get() == "http://two.example/"

    async def test_names_are_called(self) -> None:
        """My name, and a private line, ring, and count in the title while I look elsewhere."""
        await self.stage.connect(self.daemon)
        drew = self.daemon.nc("drew")
        await self.stage.see("drew joined")
        self.stage.window.looked_at(False)
        drew.send("BCST hello", "BCST ho, Dani!")
        await self.stage.see("ho, Dani!")
        assert self.stage.title == "(2!) dani at 127.0.0.1"
        assert self.stage.rang == 1
        assert "call-line" in self.stage.tags_at("ho, Dani!")
        self.stage.window.looked_at(True)
        assert self.stage.title == "dani at 127.0.0.1"

    async def test_odd_letters(self) -> None:
        """Emoji, other scripts and piles of marks arrive, and none of it is more than text."""
        await self.stage.connect(self.daemon)
        drew = self.daemon.nc("drew")
        said = "😀👩‍👩‍👧 日本語 한국어 עברית العربية e\u0301 {x} [exec ls] $y %s \\ tag"
        drew.send(f"BCST {said}", "BCST esc \x1b[31mred\x1b[0m \u202eover", "BCST " + "ｗ" * 330)
        await self.stage.see("ｗ" * 330)
        assert f"drew: {said}" in self.stage.shown
        assert "drew: esc red over" in self.stage.shown
        self.stage.type("日本😀")
        self.stage.press(self.stage.typing, "<BackSpace>", "<Return>")
        await hears(drew, "dani: BCST 日本")

    async def test_a_server_that_lies(self) -> None:
        """Names that no honest server sends are shown as text, and nobody is taken for me."""
        await self.stage.connect(self.daemon)
        visit = self.stage.window.visit
        assert visit is not None
        people = self.stage.chat.people
        await self.stage.until(lambda: people.names == ("dani",), lambda: str(people.names))
        visit.session.received(b"Online: dani, \x1b[2J, {a b}, $x, You, \xff\r\n")
        visit.session.received(b"Online: dani, You, {a b}, $x\r\nYou: BCST hi\r\n")
        await self.stage.see("~You: hi")
        await self.stage.until(
            lambda: "You" in self.stage.chat.people.names,
            lambda: str(self.stage.chat.people.names),
        )
        shown: tuple[str, ...] = self.stage.chat.people.list.get(0, "end")
        assert " ~You" in shown

    async def test_copy(self) -> None:
        """What is copied is the text that one sees, and nothing else."""
        await self.stage.connect(self.daemon)
        self.stage.enter("hello 😀")
        await self.stage.see("hello 😀")
        self.stage.window.select_all()
        self.stage.press(self.stage.text, "<<Copy>>")
        copied = self.stage.root.clipboard_get()
        assert copied.endswith("21:33 You: hello 😀\n")
        assert copied.startswith("21:33 You are in the chat as dani.")

    async def test_commands(self) -> None:
        """The commands of the terminal client work, and stand in the menus."""
        await self.stage.connect(self.daemon)
        self.stage.enter("/help")
        await self.stage.see("/msg NAME TEXT\tsay it to one person")
        self.stage.choose("Chat", "Who is here")
        await self.stage.see("Online: dani")
        self.stage.enter("/clear")
        await self.stage.until(lambda: self.stage.shown == "", lambda: self.stage.shown)
        self.stage.enter("/nonsense")
        await self.stage.see("There is no command /nonsense")
        self.stage.choose("Chat", "Leave the room")
        await self.stage.until(lambda: not self.stage.window.is_inside, lambda: "still inside")

    async def test_size_and_theme(self) -> None:
        """Text grows and shrinks within limits, and that and the theme are remembered."""
        await self.stage.connect(self.daemon)
        for _ in range(30):
            self.stage.press(self.stage.typing, "<Control-plus>")
        assert self.stage.window.looks.size == 28
        self.stage.press(self.stage.typing, "<Control-minus>")
        self.stage.choose("View", "Dark")
        again = Remembered.at(self.folder / "window.json")
        assert (again.size, again.theme) == (27, "dark")
        self.stage.press(self.stage.typing, "<Control-0>")
        assert self.stage.window.looks.size == 11
