"""The web door behind nginx, under a path of its own."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.daemon import WITHIN, running, wait_for
from tests.integration.web import WEB, WebPeer, asked, connected, web_port
from tests.ports import free_port
from tests.tools import needed

CONFIG = """\
daemon off;
master_process off;
pid {where}/nginx.pid;
error_log {where}/error.log;
events {{ worker_connections 100; }}
http {{
    access_log off;
    client_body_temp_path {where}/body;
    proxy_temp_path {where}/proxy;
    fastcgi_temp_path {where}/fastcgi;
    uwsgi_temp_path {where}/uwsgi;
    scgi_temp_path {where}/scgi;
    {outside}
    server {{
        listen 127.0.0.1:{port};
        {location}
    }}
}}
"""


def documented(web: int) -> list[str]:
    """The two pieces of nginx's configuration in docs/web.md, for the web door at this port."""
    page = (Path(__file__).parents[2] / "docs" / "web.md").read_text()
    pieces = re.findall(r"```nginx\n(.*?)```", page, re.DOTALL)
    assert len(pieces) == 2
    assert "127.0.0.1:8080" in pieces[0]
    return [piece.replace("127.0.0.1:8080", f"127.0.0.1:{web}") for piece in pieces]


@contextmanager
def nginx(where: Path, web: int) -> Iterator[int]:
    """The port at which it is, with the web door at ``web`` under /chat/."""
    port, file = free_port(), where / "nginx.conf"
    location, outside = documented(web)
    text = CONFIG.format(where=where, port=port, location=location, outside=outside)
    file.write_text(text)
    program = _found()
    errors = str(where / "error.log")
    process = subprocess.Popen([program, "-c", str(file), "-p", str(where), "-e", errors])
    try:
        wait_for(lambda: _is_open(port), lambda: _read(where / "error.log"))
        yield port
    finally:
        process.terminate()
        process.wait(WITHIN)


def _found() -> str:
    """Debian has it where only root looks."""
    beside = "/usr/sbin/nginx"
    return beside if os.access(beside, os.X_OK) else needed("nginx")


def _is_open(port: int) -> bool:
    try:
        connected(port).close()
    except ConnectionRefusedError:
        return False
    return True


def _read(file: Path) -> str:
    return file.read_text() if file.exists() else "nothing is logged"


def by(port: int, source: str, *headers: str) -> WebPeer:
    """Somebody at the WebSocket under /chat/."""
    return WebPeer(connected(port, source), *headers, path="/chat/ws")


def files(page: bytes) -> list[str]:
    """What the page asks for, as it stands there."""
    words = page.decode().replace("'", '"').split('"')
    return [word for word in words if word.endswith((".js", ".css", ".svg", ".webmanifest"))]


@pytest.mark.parametrize("forged", ["", "1.2.3.4"])
def test_behind_nginx(tmp_path: Path, forged: str) -> None:
    """The page, its files and the WebSocket are under the prefix; people are called after, and
    counted by, the address from which they came to nginx, whatever they say themselves."""
    config = WEB + 'proxies = ["127.0.0.1"]\n[limits]\nconnections_per_address = 2\n'
    config += 'deny = ["127.0.0.6"]\n'
    said = [f"X-Forwarded-For: {forged}"] if forged else []
    with running(tmp_path, config) as daemon, nginx(tmp_path, web_port(daemon)) as port:
        page = _get(port, "/chat/")
        assert page.startswith(b"HTTP/1.1 200 OK")
        assert files(page)
        for name in files(page):
            assert not name.startswith("/"), name
            assert _get(port, f"/chat/{name}").startswith(b"HTTP/1.1 200 OK"), name
        assert _get(port, "/chat/", "127.0.0.6").startswith(b"HTTP/1.1 403 ")
        origin = f"Origin: http://127.0.0.1:{port}"
        one, two = (by(port, "127.0.0.5", origin, *said) for _ in range(2))
        one.say({"type": "join"})
        assert one.until("joined")["name"] == "<127.0.0.5>"
        two.join("two")
        assert [told.get("code") for told in by(port, "127.0.0.5", *said).rest()] == [
            None,
            "too-many-connections",
        ]
        other = by(port, "127.0.0.7", origin, *said).join("other")
        other.say({"type": "say", "text": "by nginx"})
        assert two.until("said")["text"] == "by nginx"
        for peer in (one, two, other):
            peer.close()


def _get(port: int, path: str, source: str = "") -> bytes:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    return asked(port, request.encode(), source)
