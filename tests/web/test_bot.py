"""The bot in ten lines of JavaScript, as its first line says that it is run."""

from pathlib import Path

from tests.web.tab import Room

BOT = Path(__file__).parents[2] / "examples" / "bot.js"


def test_a_bot_pasted_into_the_console(room: Room) -> None:
    """It comes in beside the page, and answers."""
    drew, tab = room.nc("drew"), room.visit()
    console = tab.page.context.new_cdp_session(tab.page)
    ran = console.send("Runtime.evaluate", {"expression": BOT.read_text(), "replMode": True})
    assert "exceptionDetails" not in ran
    drew.until("SERVER: clock joined the chat!")
    tab.page.evaluate("Date.prototype.toString = () => 'noon'")
    drew.send("BCST !time")
    drew.until("clock: BCST noon")
