"""The form by which one comes in."""

from pathlib import Path

from tests.passwords import passwd
from tests.web.tab import PHONE, Chromium, Room


def test_in_with_a_name_that_is_remembered(room: Room) -> None:
    """Whoever types a name and Enter is in, with the box for the first line under the fingers."""
    tab = room.enter("dani")
    assert tab.focus == "text"
    tab.say("/quit")
    tab.see_wrong("You have left the chat.", "#door-wrong")
    again = tab.page.context.new_page()
    again.goto(room.url)
    assert again.input_value("#name") == "dani"


def test_what_is_wrong_is_said_where_it_is(room: Room) -> None:
    """Beside the field, which is told to be invalid and has the focus; what was typed stays."""
    room.nc("drew")
    tab = room.visit(PHONE)
    for typed, words in (
        ("", "Please choose a name."),
        ("two words", "without spaces"),
        ("Drew", "is here already"),
        ("x" * 2000, "at most 1024 bytes"),
    ):
        tab.join(typed)
        tab.see_wrong(words, "#name-wrong")
        assert tab.page.input_value("#name") == typed
        assert tab.page.get_attribute("#name", "aria-invalid") == "true"
        assert tab.focus == "name"
    tab.join("dani")
    tab.see_status("Here as dani")


def test_as_a_guest(room: Room) -> None:
    """Without a name, one is called after the address."""
    tab = room.visit()
    tab.page.click("#guest")
    tab.see_status("Here as <127.0.0.1>")
    tab.say("hello")
    tab.page.wait_for_selector(".said.own")


def test_passwords(tmp_path: Path, chromium: Chromium) -> None:
    """A name that has one is asked for it, and a wrong one is refused there."""
    passwd(tmp_path, "open sesame", "--file", "names", "dani")
    with Room.opened(tmp_path, chromium, '[names]\nfile = "names"\n') as room:
        tab = room.visit()
        assert tab.one("#password").is_hidden()
        tab.join("dani")
        tab.page.wait_for_selector("#password:focus")
        tab.join("dani", "open barley")
        tab.see_wrong("not the password", "#password-wrong")
        tab.join("dani", "open sesame")
        tab.see_status("Here as dani")


def test_a_full_room(tmp_path: Path, chromium: Chromium) -> None:
    """It is said in a sentence, and the button tries again."""
    with Room.opened(tmp_path, chromium, "[room]\nmax_users = 1\n") as room:
        drew = room.nc("drew")
        tab = room.visit()
        tab.join("dani")
        tab.see_wrong("full", "#door-wrong")
        drew.send("QUIT")
        tab.page.click("#join:text-is('Join')")
        tab.see_status("Here as dani")


def test_whoever_is_put_out_decides_about_coming_back(tmp_path: Path, chromium: Chromium) -> None:
    """They are told why, still see what was said, and a button lets them in again."""
    passwd(tmp_path, "my own", "--file", "names", "drew")
    config = '[room]\noperators = ["drew"]\n[names]\nfile = "names"\n[history]\nlines = 100\n'
    with Room.opened(tmp_path, chromium, config) as room:
        drew, dani = room.visit(), room.enter("dani")
        drew.join("drew")
        drew.page.wait_for_selector("#password:focus")
        drew.join("drew", "my own")
        drew.see_status("Here as drew")
        drew.say("hello")
        dani.see("hello")
        drew.say("/kick dani go to bed")
        dani.see_wrong("go to bed", "#door-wrong")
        assert dani.one("#log >> text=hello").is_visible()
        assert dani.one("#compose").is_hidden()
        drew.say("and good night")
        drew.see("and good night")
        dani.page.click("#join")
        dani.see_status("Here as dani")
        dani.see("and good night")
