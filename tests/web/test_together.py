"""One conversation of a browser, a netcat, a telnet and the terminal client."""

from collections.abc import Callable
from pathlib import Path

from tests.client.running import CHAT, Terminal
from tests.integration.screen import Screen
from tests.web.tab import PHONE, Chromium, Room

CONFIG = '[limits]\nlines_per_second = 0\n[history]\nlines = 100\nfile = "{folder}/history"\n'
SAID = ["from a browser", "from netcat", "from telnet", "from the client"]


def test_one_room_for_all_and_all_come_back(tmp_path: Path, chromium: Chromium) -> None:
    """Everyone reads everything in one order. The daemon is restarted: the page and the client
    come back by themselves with what they missed, the others with one more command."""
    with Room.opened(tmp_path, chromium, CONFIG.format(folder=tmp_path)) as room:
        port = str(room.daemon.port)
        tab = room.enter("browser", PHONE)
        client = Terminal(tmp_path, *CHAT, "127.0.0.1", port, "--name", "client")
        client.see("You are in the chat as client.")
        with _walk_in("nc", port, "netcat") as nc, _walk_in("telnet", port, "telnet") as telnet:
            _say_all(tab.say, nc, telnet, client)
            for screen in (nc, telnet):
                screen.shows("client: BCST from the client")
                assert _in_order(screen.text), screen.text
            tab.see(SAID[-1])
            assert [line for line in tab.lines if line in SAID] == SAID
            client.see(SAID[-1])
            assert _in_order("\n".join(client.lines()))
            room.daemon.stop()
            nc.shows("SERVER: the chat is closing")
            telnet.shows("SERVER: the chat is closing")
        room.daemon.start()
        client.see("Back in the chat as client.")
        tab.page.evaluate("dispatchEvent(new Event('online'))")
        tab.see("Back in the chat as browser.")
        with _walk_in("nc", port, "netcat") as nc, _walk_in("telnet", port, "telnet") as telnet:
            for screen in (nc, telnet):
                screen.type("LIST\r\n" if screen is telnet else "LIST\n")
                screen.shows("Online: ")
            telnet.type("BCST all here again\r\n")
            tab.see("all here again")
            client.see("all here again")
            nc.shows("telnet: BCST all here again")


def _walk_in(program: str, port: str, name: str) -> Screen:
    words = ["nc", "127.0.0.1", port] if program == "nc" else ["telnet", "127.0.0.1", port]
    screen = Screen(words, terminal=program == "telnet")
    screen.shows("JOIN username")
    screen.type(f"JOIN {name}\n")
    screen.shows(f"SERVER: {name} joined the chat!")
    return screen


def _say_all(say: Callable[[str], None], nc: Screen, telnet: Screen, client: Terminal) -> None:
    """One after the other, each when the one before has been heard."""
    say(SAID[0])
    nc.shows(f"browser: BCST {SAID[0]}")
    nc.type(f"BCST {SAID[1]}\n")
    telnet.shows(f"netcat: BCST {SAID[1]}")
    telnet.type(f"BCST {SAID[2]}\n")
    client.see(SAID[2])
    client.enter(SAID[3])


def _in_order(text: str) -> bool:
    places = [text.rfind(line) for line in SAID]
    return places == sorted(places) and min(places) >= 0
