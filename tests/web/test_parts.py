"""The parts of the page that know no screen and no network, as modules in a browser."""

import re
from pathlib import Path

import pytest

from tests.web.tab import Chromium

PARTS = Path(__file__).parent / "parts"
PAGE = Path(__file__).parents[2] / "chatd" / "doors" / "page"
RUN = """
    async file => {
        const wrong = {}
        for (const [name, test] of Object.entries(await import(file))) {
            try { test() } catch (error) { wrong[name] = error.message }
        }
        return wrong
    }
"""


@pytest.mark.parametrize("file", ["typed.js", "unsent.js", "room.js"])
def test_a_part(chromium: Chromium, file: str) -> None:
    """Each exported function of a file in parts/ is a test, and its name says of what."""
    assert re.search(r"^export function \w+\(\)", (PARTS / file).read_text(), re.MULTILINE)
    page = chromium.tab().page
    page.route(
        re.compile(r"^http://page\.test/\w+\.js$"),
        lambda route: route.fulfill(path=PAGE / route.request.url.rpartition("/")[2]),
    )
    page.route(
        re.compile(r"^http://page\.test/parts/\w+\.js$"),
        lambda route: route.fulfill(path=PARTS / route.request.url.rpartition("/")[2]),
    )
    page.route("http://page.test/", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto("http://page.test/")
    assert page.evaluate(RUN, f"/parts/{file}") == {}
