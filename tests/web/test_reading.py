"""Reading further up, or not looking at all."""

from tests.web.tab import PHONE, Room, Tab

LOG = "document.getElementById('log')"


def hide(tab: Tab, is_hidden: bool) -> None:
    tab.page.evaluate(
        f"Object.defineProperty(document, 'hidden', {{value: {str(is_hidden).lower()},"
        " configurable: true}); document.dispatchEvent(new Event('visibilitychange'))"
    )


def test_who_has_scrolled_up_stays_there(room: Room) -> None:
    """A button tells how many lines are new, and leads to them; else the end is always in view."""
    drew, tab = room.nc("drew"), room.enter("dani", PHONE)
    drew.send(*(f"BCST line {number}" for number in range(60)))
    tab.see("line 59")
    assert tab.one("#log >> text=line 59").is_visible()
    at = tab.page.evaluate(f"{LOG}.scrollTop = 200")
    tab.page.evaluate("new Promise(requestAnimationFrame)")
    drew.send("BCST one more", "BCST and another")
    tab.page.wait_for_selector("#newer:text-is('2 new lines')")
    assert tab.page.evaluate(f"{LOG}.scrollTop") == at
    tab.page.click("#newer")
    tab.page.wait_for_selector("#newer", state="hidden")
    end = f"{LOG}.scrollHeight - {LOG}.scrollTop - {LOG}.clientHeight"
    assert tab.page.evaluate(end) < 2
    tab.page.evaluate(f"{LOG}.scrollTop = 200")
    tab.page.evaluate("new Promise(requestAnimationFrame)")
    tab.say("and ours")
    tab.see("and ours")
    tab.until(lambda: tab.page.evaluate(end) < 2)
    tab.page.set_viewport_size({"width": 390, "height": 400})  # as by a keyboard on the screen
    tab.until(lambda: tab.page.evaluate(end) < 2)


def test_the_oldest_lines_go(room: Room) -> None:
    """Of very many, the newest 2000 are kept, without a jump for who reads further up."""
    drew, tab = room.nc("drew"), room.enter("dani")
    drew.send(*(f"BCST row {number}" for number in range(2500)))
    tab.see("row 2499")
    assert 1900 < tab.one("#log > *").count() <= 2000
    first = tab.one("#log .line").first
    assert first.get_attribute("class").split().count("first") == 1  # type: ignore[union-attr]
    where = "document.elementFromPoint(300, 300).closest('.line').textContent"
    tab.page.evaluate(f"{LOG}.scrollTop = {LOG}.scrollHeight * 0.8")
    tab.page.evaluate("new Promise(requestAnimationFrame)")
    seen = tab.page.evaluate(where)
    drew.send(*(f"BCST more {number}" for number in range(3000)))
    tab.page.wait_for_selector("#newer:text-is('3000 new lines')")
    assert tab.one("#log > *").count() <= 4000
    assert tab.page.evaluate(where) == seen


def test_lines_are_counted_while_nobody_looks(room: Room) -> None:
    """In the title, until somebody does."""
    drew, tab = room.nc("drew"), room.enter("dani")
    hide(tab, True)
    drew.send("BCST one", "MESG dani two")
    tab.until(lambda: tab.page.title() == "(2) chatd", tab.page.title)
    hide(tab, False)
    tab.until(lambda: tab.page.title() == "chatd", tab.page.title)


def test_a_tab_that_is_hidden_before_it_has_drawn(room: Room) -> None:
    """It goes on all the same: a hidden one draws no frames."""
    drew, tab = room.nc("drew"), room.enter("dani")
    tab.page.evaluate("void (isDrawing = new Promise(go => window.requestAnimationFrame = go))")
    drew.send("BCST undrawn")
    tab.page.evaluate("isDrawing.then(() => true)")
    hide(tab, True)
    tab.page.wait_for_selector("#log >> text=undrawn")


def test_notifications_are_asked_for_by_a_switch(room: Room) -> None:
    """And come for a call or a private line, while the page has not the focus."""
    tab = room.visit()
    tab.page.context.grant_permissions(["notifications"])
    tab.page.evaluate(
        "shown = []; window.Notification = class { static permission = 'granted';"
        " static requestPermission = async () => 'granted';"
        " constructor(title, { body }) { shown.push(`${title}: ${body}`); } };"
        " document.hasFocus = () => false"
    )
    drew = room.nc("drew")
    tab.join("dani")
    tab.page.check("#notify")
    drew.send("BCST not this", "BCST dani, this", "MESG dani and this", "BCST end")
    tab.see("end")
    assert tab.page.evaluate("shown") == ["drew: dani, this", "drew, in private: and this"]
