"""The parts of the window that need no window."""

import argparse
import asyncio
import configparser
import json
import os
import stat
from pathlib import Path

import pytest
from twisted.internet.task import Clock

from chatd.client.measuring import left
from chatd.client.window import desktop, glyphs, links
from chatd.client.window.remembered import ROOMS, Place, Remembered
from chatd.client.window.start import first_place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.org.", ["https://example.org"]),
        ("(http://example.org/a_(b))", ["http://example.org/a_(b)"]),
        ("HTTPS://EXAMPLE.ORG/x?y=1#z, and so", ["HTTPS://EXAMPLE.ORG/x?y=1#z"]),
        ("“https://example.org/”", ["https://example.org/"]),
        ("http://a http://b", ["http://a", "http://b"]),
        ("javascript:alert(1) file:///etc/passwd data:x ftp://x", []),
        ("http:// https://", []),
        ("http://[", []),
        ("https://" + "x" * 3000, []),
        ("", []),
    ],
)
def test_links(text: str, found: list[str]) -> None:
    """Addresses of the web are links, what ends the sentence after them is not, and nothing
    of the text is lost."""
    pieces = links.split(text)
    assert [part for is_link, part in pieces if is_link] == found
    assert "".join(part for _, part in pieces) == text


def test_where_a_link_leads() -> None:
    """To the host that is asked, not to the one it looks like."""
    assert links.host("https://bank.example@evil.example/") == "evil.example"
    assert links.host("https://bаnk.example/") == "xn--bnk-6cd.example"  # a Cyrillic а


def test_remembered(tmp_path: Path) -> None:
    """Rooms come back, the last one first, each once, and only so many; others can't read it."""
    path = tmp_path / "new" / "window.json"
    kept = Remembered.at(path)
    for number in range(ROOMS + 5):
        kept.used(Place("h", str(number), "n", tls=number % 2 == 1))
    kept.used(Place("h", "20", "n"))
    again = Remembered.at(path)
    assert again.places == kept.places
    assert [place.port for place in again.places[:2]] == ["20", "24"]
    assert len(again.places) == ROOMS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["window.json"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '{"places": 3, "size": "x", "theme": []}', "\0", "[" * 10_000),
        '{"places": [1, {}, {"host": 1, "port": "2", "name": "x"}], "size": true}',
        '{"size": 1000, "theme": "pink"}',
    ],
)
def test_a_file_that_makes_no_sense(tmp_path: Path, text: str) -> None:
    """It is as good as none."""
    path = tmp_path / "window.json"
    path.write_text(text)
    assert Remembered.at(path) == Remembered(path)


def test_what_of_it_makes_sense(tmp_path: Path) -> None:
    """A room that is whole is kept beside one that is not."""
    path = tmp_path / "window.json"
    place = {"host": "h", "port": "1", "name": "n"}
    path.write_text(json.dumps({"places": [{"host": "x"}, place], "theme": "dark"}))
    kept = Remembered.at(path)
    assert (kept.places, kept.theme) == ([Place("h", "1", "n")], "dark")


def test_nowhere_to_write(tmp_path: Path) -> None:
    """A disk that takes nothing is no reason to stop."""
    (tmp_path / "file").write_text("")
    Remembered.at(tmp_path / "file" / "window.json").used(Place("h", "1", "n"))


def test_bytes_left() -> None:
    """What is measured is the line as it is sent, the longest of several."""
    assert left("", 100) == 100
    assert left("hello", 100) == 100 - len("BCST hello")
    assert left("a\nhello\nb", 100) == 100 - len("BCST hello")
    assert left("/msg drew hé", 100) == 100 - len("MESG drew hé".encode())
    assert left("/help", 100) == 100
    assert left("/nonsense " + "x" * 200, 100) == 100


def test_emoji_where_they_would_do_harm() -> None:
    """An old libXft gets their names; a new one, or none, gets them as they are."""
    text = "hi 😀 日本"
    assert glyphs.drawable("x11", 20304)(text) == "hi :grinning_face: 日本"
    assert glyphs.drawable("x11", 20306)(text) == text
    assert glyphs.drawable("x11", None)(text) == text
    assert glyphs.drawable("win32", 1)(text) == text


def test_the_desktop_that_was_told_by_hand() -> None:
    """GTK_THEME is above what the desktop says, and a desktop that says nothing is light."""
    for theme, dark in (("Adwaita:dark", True), ("Yaru-dark", True), ("Adwaita", False)):
        assert asyncio.run(desktop.is_dark(Clock(), {"GTK_THEME": theme, "PATH": ""})) is dark
    assert asyncio.run(desktop.is_dark(Clock(), {"PATH": ""})) is False


def test_what_stands_on_the_first_page(tmp_path: Path) -> None:
    """The words of the command line, else what was used last, else what is usual."""
    kept = Remembered(tmp_path / "window.json")

    def place(host: str | None = None, port: str | None = None, name: str | None = None) -> Place:
        return first_place(argparse.Namespace(host=host, port=port, name=name, tls=False), kept)

    assert place(name="dani") == Place("127.0.0.1", "55555", "dani")
    assert place("6000", name="dani") == Place("127.0.0.1", "6000", "dani")
    kept.used(Place("h", "1", "n", tls=True))
    assert place() == Place("h", "1", "n", tls=True)
    assert place(name="x") == Place("h", "1", "x", tls=True)
    assert place("other") == Place("other", "55555", "n")
    assert place("other", "2", "") == Place("other", "2", "")


def test_the_desktop_file() -> None:
    """It starts the window, and names an icon that is there."""
    etc = Path(__file__).parents[2] / "etc"
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(etc / "chatd-window.desktop", encoding="utf-8")
    told = entry["Desktop Entry"]
    assert (told["Exec"], told["Type"], told["Terminal"]) == ("chat --gui", "Application", "false")
    assert (etc / f"{told['Icon']}.svg").is_file()
