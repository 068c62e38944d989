"""Saying something, and reading it."""

from tests.web.tab import PHONE, Room


def test_lines_in_a_row_are_one_group(room: Room) -> None:
    """A name stands before the first of them."""
    drew, tab = room.nc("drew"), room.enter("dani")
    drew.send("BCST one", "BCST two")
    tab.see("two")
    tab.say("three")
    tab.see("three")
    names = tab.page.eval_on_selector_all(".line .name", "all => all.map(one => one.textContent)")
    assert names == ["drew", "You"]


def test_text_is_text(room: Room) -> None:
    """Markup is shown as it was typed, and so are tabs, blanks and long words."""
    typed = "<img src=x onerror=alert(1)> <b>a</b>\t&amp;  b " + "w" * 300
    drew, tab = room.nc("drew"), room.enter("dani", PHONE)
    drew.send(f"BCST {typed}")
    tab.until(lambda: typed in tab.lines, lambda: str(tab.lines))
    assert tab.one("#log img, #log b").count() == 0
    assert not tab.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_links_and_calls(room: Room) -> None:
    """Addresses of the web are links that tell nothing of us; a line with our name stands out."""
    drew, tab = room.nc("drew"), room.enter("dani")
    drew.send("BCST see (https://example.org/a_(b)), Dani; not javascript:alert(1) or danielle")
    tab.page.wait_for_selector(".said.call")
    link = tab.one("#log a")
    assert link.get_attribute("href") == "https://example.org/a_(b)"
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"
    assert tab.one("#log mark").all_text_contents() == ["Dani"]


def test_private_lines(room: Room) -> None:
    """They are marked, answered by a button, and everyone else sees nothing of them."""
    drew, tab = room.nc("drew"), room.enter("dani")
    drew.send("MESG dani between us")
    tab.page.click(".told .reply")
    assert tab.page.get_attribute("#text", "placeholder") == "Private line to drew"
    tab.say("on it")
    tab.page.wait_for_selector(".told.own")
    tab.page.fill("#text", "and this")
    tab.page.keyboard.press("Escape")  # what was meant for one stays so
    tab.page.press("#text", "Enter")
    drew.until("dani: MESG drew on it")
    drew.until("dani: MESG drew and this")
    tab.until(lambda: not tab.box)
    tab.page.keyboard.press("Escape")
    tab.say("to all")
    assert drew.until("dani: BCST to all") == ["dani: BCST to all"]


def test_an_answer_is_for_who_had_written_when_it_was_begun(room: Room) -> None:
    """Not for somebody who writes while it is typed; the next one is."""
    drew, eve, tab = room.nc("drew"), room.nc("eve"), room.enter("dani")
    drew.send("MESG dani by drew")
    tab.see("by drew")
    tab.page.fill("#text", "/reply to d")
    eve.send("MESG dani by eve")
    tab.see("by eve")
    tab.page.press("#text", "End")
    tab.page.keyboard.type("rew")
    tab.page.keyboard.press("Enter")
    drew.until("dani: MESG drew to drew")
    tab.until(lambda: not tab.box)
    tab.say("/reply to eve")
    eve.until("dani: MESG eve to eve")


def test_an_answer_that_was_begun_before_a_reload(room: Room) -> None:
    """Is still for whom it was."""
    drew, eve, tab = room.nc("drew"), room.nc("eve"), room.enter("dani")
    eve.send("MESG dani by eve")
    tab.see("by eve")
    tab.page.fill("#text", "/reply to eve")
    tab.page.reload()
    tab.see_status("Here as dani")
    drew.send("MESG dani by drew")
    tab.see("by drew")
    tab.page.press("#text", "Enter")
    eve.until("dani: MESG eve to eve")


def test_somebody_in_the_list(room: Room) -> None:
    """A click on a name begins a private line; another ignores them, also by a lost connection."""
    drew, tab = room.nc("drew"), room.enter("dani", PHONE)
    tab.page.click("#people:text-is('2 here')")
    tab.page.click("#names .ignore")
    tab.page.wait_for_selector("#names .ignored")
    tab.page.keyboard.press("Escape")
    assert tab.focus == "people"
    tab.see("you see no more of what drew says")
    drew.send("BCST unheard")
    tab.page.reload()
    tab.see_status("Here as dani")
    drew.send("BCST unheard, too")
    tab.page.click("#people:text-is('2 here')")
    tab.page.click("#names .person")
    assert tab.focus == "text"
    tab.say("/unignore drew")
    tab.page.wait_for_selector("#names .ignored", state="detached")
    drew.send("BCST heard")
    tab.see("heard", times=1)
    assert not [line for line in tab.lines if line.startswith("unheard")]


def test_what_looks_like_a_command_is_never_said(room: Room) -> None:
    """It is explained in place, and the text stays; two slashes say one."""
    drew, tab = room.nc("drew"), room.enter("dani")
    for typed in ("/mgs drew secret", "  /mgs drew secret", "PASS secret", "/ drew secret"):
        tab.say(typed)
        tab.see_wrong("obody has seen")
        assert tab.box == typed
        assert tab.page.get_attribute("#text", "aria-invalid") == "true"
    tab.say("//mgs is no command")
    assert drew.until("dani: BCST /mgs is no command")[-1:] == ["dani: BCST /mgs is no command"]
    tab.say("  /msg drew secret")
    assert drew.until("dani: MESG drew secret") == ["dani: MESG drew secret"]


def test_a_private_line_to_nobody(room: Room) -> None:
    """It is refused, kept, and can be sent again or forgotten."""
    tab = room.enter("dani")
    tab.say("/msg nobody secret")
    tab.page.wait_for_selector("#outbox:has-text('1 line not sent')")
    assert "to nobody: secret" in tab.one("#outbox-lines").inner_text()
    nobody = room.nc("nobody")
    tab.page.click("#resend")
    nobody.until("dani: MESG nobody secret")
    tab.page.wait_for_selector(".told.own")
    assert tab.one("#outbox").is_hidden()


def test_several_lines(room: Room) -> None:
    """Shift-Enter begins another, and each is sent as a line; many are said after a question."""
    drew, tab = room.nc("drew"), room.enter("dani")
    tab.page.focus("#text")
    for key in ("a", "Shift+Enter", "Shift+Enter", "b", "Enter"):
        tab.page.keyboard.press(key)
    assert drew.until("dani: BCST b")[-2:] == ["dani: BCST a", "dani: BCST b"]
    pasted = "\n".join(f"line {number}" for number in range(40))
    tab.say(pasted)
    tab.page.click("#ask-no")
    assert tab.box == pasted
    tab.page.press("#text", "Enter")
    tab.page.click("#ask-yes:text-is('Say them')")
    assert drew.until("dani: BCST line 39")[-40:] == [
        f"dani: BCST line {number}" for number in range(40)
    ]
    tab.say("hello\n/msg drew secret")
    tab.see_wrong("even what looks like a command", "#ask-text")
    tab.page.keyboard.press("Escape")
    assert tab.box == "hello\n/msg drew secret"
    tab.page.press("#text", "Enter")
    tab.page.click("#ask-yes")
    drew.until("dani: BCST /msg drew secret")
    assert tab.page.get_attribute("#text", "rows") == "1"


def test_enter_while_a_word_is_chosen(room: Room) -> None:
    """In an input method's window it sends nothing."""
    tab = room.enter("dani")
    tab.page.fill("#text", "日本")
    tab.page.evaluate(
        "document.getElementById('text').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert tab.box == "日本"


def test_a_line_that_is_too_long(room: Room) -> None:
    """It is told by how many bytes before it is sent, and stays."""
    tab = room.enter("dani")
    tab.page.fill("#text", "é" * 510)
    tab.see_wrong("Too long by 1 bytes.")
    tab.page.press("#text", "Enter")
    assert tab.box == "é" * 510
    tab.say("é" * 509)
    tab.see("é" * 509)


def test_history(room: Room) -> None:
    """What was said before is there for a newcomer, and can be looked through."""
    drew = room.nc("drew")
    drew.send("BCST tea with milk", "BCST milk alone", "BCST after all")
    drew.until("drew: BCST after all")
    tab = room.enter("dani")
    tab.see("tea with milk")
    assert tab.lines.index("tea with milk") < tab.lines.index("You are in the chat as dani.")
    tab.page.click("#find")
    tab.page.fill("#words", "Milk tea")
    tab.page.press("#words", "Enter")
    tab.see_wrong("1 line with “Milk tea”", "#found-title")
    assert tab.one("#results mark").all_text_contents() == ["tea", "milk"]
    tab.page.keyboard.press("Escape")
    assert tab.focus == "text"
    tab.say("/hist 2")
    tab.see_wrong("2 lines", "#found-title")
    assert tab.one("#results .text").all_text_contents() == ["milk alone", "after all"]


def test_a_late_answer_takes_no_keys(room: Room) -> None:
    """The panel opens when it is asked for, and is not opened again by what comes then; what lies
    under it can't be typed to."""
    room.nc("drew")
    tab = room.enter("dani")
    tab.say("asked for later")
    tab.see("asked for later")
    room.daemon.stand_still()
    try:
        tab.say("/hist 5")
        tab.page.wait_for_selector("#results:focus")
        tab.page.keyboard.type("blind")
        assert tab.page.evaluate("document.getElementById('compose').inert")
        tab.page.keyboard.press("Escape")
        tab.page.keyboard.type("I go on ")
    finally:
        room.daemon.go_on()
    tab.page.wait_for_selector("#results .text", state="attached")
    tab.page.keyboard.type("typing")
    assert tab.box == "I go on typing"
    assert tab.one("#found").is_hidden()
    tab.page.click("#find")
    tab.page.click("#names .person")
    assert (tab.focus, tab.box) == ("text", "I go on typing")


def test_the_record(room: Room) -> None:
    """It is shown while nothing is kept, and what was kept is removed after a question."""
    tab = room.enter("dani")
    tab.say("kept for a while")
    tab.see("kept for a while")
    tab.page.uncheck("#record")
    tab.page.wait_for_selector("#kept:visible")
    tab.say("never kept")
    tab.see("never kept")
    tab.page.click("#unrecord")
    tab.page.click("#ask-yes:text-is('Remove it')")
    tab.until(lambda: "emoved" in tab.lines[-1], lambda: tab.lines[-1])
    tab.say("/search kept")
    tab.see_wrong("No line with “kept”", "#found-title")
    tab.page.keyboard.press("Escape")
    tab.say("/record on")
    tab.page.wait_for_selector("#kept", state="hidden")
    assert tab.page.is_checked("#record")
