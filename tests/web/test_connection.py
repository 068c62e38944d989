"""When the daemon goes, and what was on its way."""

import signal

import pytest

from tests.client.running import Netcat
from tests.web.tab import PHONE, Chromium, Room


def test_back_after_a_restart_with_what_was_missed(
    tmp_path_factory: pytest.TempPathFactory, chromium: Chromium
) -> None:
    """Under the same name, each line once and in its place; what is typed meanwhile stays."""
    folder = tmp_path_factory.mktemp("restart")
    config = f'[limits]\nlines_per_second = 0\n[history]\nlines = 100\nfile = "{folder}/history"\n'
    with Room.opened(folder, chromium, config) as room:
        drew, tab = room.nc("drew"), room.enter("dani", PHONE)
        drew.send("BCST before")
        tab.see("before")
        room.daemon.stop()
        tab.see_wrong("The chat is closing. Next try in", "#bar-text")
        tab.say("meanwhile")
        tab.see_wrong("You are not in the chat just now")
        assert tab.box == "meanwhile"
        room.daemon.start()
        drew = room.nc("drew")
        drew.send("BCST missed", "BCST before")
        drew.until("drew: BCST before")
        tab.page.evaluate("dispatchEvent(new Event('online'))")
        tab.see("Back in the chat as dani.")
        drew.send("BCST after")
        tab.see("after")
        said = [line for line in tab.lines if line in ("before", "missed", "after")]
        assert said == ["before", "missed", "before", "after"]
        assert tab.lines.index("Said while you were away") < tab.lines.index("missed")
        assert tab.box == "meanwhile"
        assert not tab.one("#wrong").inner_text()
        tab.page.press("#text", "Enter")
        drew.until("dani: BCST meanwhile")


def test_lines_on_their_way(tmp_path_factory: pytest.TempPathFactory, chromium: Chromium) -> None:
    """Those that did not arrive are offered; a reload does not lose them."""
    folder = tmp_path_factory.mktemp("unsent")
    with Room.opened(folder, chromium, "[history]\nlines = 100\n") as room:
        tab = room.enter("dani")
        room.daemon.stand_still()
        tab.say("into the dark")
        tab.page.wait_for_selector("#outbox:has-text('1 line on the way')")
        room.daemon.stop(signal.SIGKILL)
        tab.page.wait_for_selector("#outbox:has-text('1 line not known to be sent')")
        assert tab.one("#resend").is_disabled()
        tab.page.click("#unrecord")
        tab.page.click("#ask-yes")
        tab.see_wrong("You are not in the chat just now")  # and nothing was removed
        room.daemon.start()
        tab.page.reload()
        tab.see_status("Here as dani")
        drew = room.nc("drew")
        tab.page.click("#resend:enabled")
        drew.until("dani: BCST into the dark")
        tab.page.wait_for_selector("#outbox", state="hidden")


def test_a_reload_comes_back(room: Room) -> None:
    """Under the same name, with what was half typed, whom it was for, and what was said."""
    room.nc("drew")
    tab = room.enter("dani")
    tab.say("hello")
    tab.see("hello")
    tab.page.click("#names .person")
    tab.page.fill("#text", "half a li")
    tab.page.reload()
    tab.see_status("Here as dani")
    tab.see("hello")
    assert tab.box == "half a li"
    assert tab.one("#to-name").inner_text() == "drew"


def test_a_second_tab_asks_in_place(room: Room) -> None:
    """Two tabs are two people."""
    tab = room.enter("dani")
    other = tab.page.context.new_page()
    other.goto(room.url)
    other.press("#name", "Enter")
    other.wait_for_selector("#name-wrong:has-text('is here already')")
    other.fill("#name", "drew")
    other.press("#name", "Enter")
    tab.see("drew joined")


def test_the_name_is_waited_for(room: Room) -> None:
    """After a lost connection an old one may still have it: it is asked for again, in words."""
    tab = room.enter("dani")
    with tab.without_network():
        tab.see_wrong("Next try", "#bar-text")
        thief = Netcat(room.daemon.port, "dani")
    tab.page.click("#bar-try")
    tab.see_status("Waiting for your name")
    tab.see_wrong("Perhaps it is your old connection", "#bar-text")
    thief.close()
    tab.see_status("Here as dani")


def test_a_page_that_did_not_come_wholly_says_so(room: Room, chromium: Chromium) -> None:
    """Without one of its scripts it does nothing, and after a while it says what to do; a page
    that works never does."""
    said = "getComputedStyle(document.getElementById('status'), '::after').content"
    tab = room.visit()
    assert tab.page.evaluate(said) == "none"
    other = chromium.tab()
    other.page.route("**/room.js", lambda route: route.fulfill(status=503))
    other.page.goto(room.url)
    assert "Please reload" in other.page.evaluate(said)
    other.complaints.clear()


def test_nothing_is_left_for_the_next_at_this_screen(room: Room) -> None:
    """What was between two stays between them when somebody leaves, and another joins."""
    drew, tab = room.nc("drew"), room.enter("dani")
    drew.send("MESG dani between us")
    tab.see("between us")
    tab.say("/reply what was that?")
    tab.page.wait_for_selector(".told.own")
    tab.page.click("#names .person")
    tab.page.fill("#text", "half a li")
    tab.page.click("#quit")
    tab.see_wrong("You have left the chat.", "#door-wrong")
    assert tab.one("#log").is_hidden()
    tab.join("eve")
    tab.see_status("Here as eve")
    tab.see("You are in the chat as eve.")
    assert tab.one(".told").count() == 0
    assert (tab.box, tab.one("#to").is_hidden()) == ("", True)


def test_leaving_and_coming_again(room: Room) -> None:
    """Whoever has left is left alone until they want in again, also after a reload."""
    tab = room.enter("dani")
    tab.page.click("#quit")
    tab.see_wrong("You have left the chat.", "#door-wrong")
    tab.see_status("Not in the chat")
    tab.page.click("#join")
    tab.see_status("Here as dani")
    tab.say("/quit")
    tab.see_status("Not in the chat")
    tab.page.reload()
    tab.see_status("Not in the chat")
