"""What is answered to an HTTP request: two pages, and a refusal of everything else."""

import ipaddress
from collections.abc import Callable
from http import HTTPStatus

from chatd.addresses import is_address
from chatd.http_visit import Answer

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
LAGGING_SECONDS = 1.0
"""A room in which everyone waits so long is not well."""


class Pages:
    """``render`` gives the metrics, ``lag`` the reactor's worst lag of late, in seconds."""

    def __init__(self, render: Callable[[], bytes], lag: Callable[[], float]) -> None:
        self._render = render
        self._lag = lag
        self.stopping = False

    def answer(self, method: bytes, path: bytes, host: str | None, local: str) -> Answer:
        """``host``: what the request says whom it is meant for; ``local``: the address that it
        came to, empty if there is none.
        """
        if not is_meant_for(host, local):
            status, text = HTTPStatus.MISDIRECTED_REQUEST, "Ask by address, or as localhost."
        elif path not in (b"/metrics", b"/healthz"):
            status, text = HTTPStatus.NOT_FOUND, "There are /metrics and /healthz."
        elif method not in (b"GET", b"HEAD"):
            status, text = HTTPStatus.METHOD_NOT_ALLOWED, "GET and HEAD only."
        elif path == b"/metrics":
            return Answer(HTTPStatus.OK, self._render(), EXPOSITION)
        else:
            status, text = self._health()
        return Answer(status, f"{text}\n".encode())

    def _health(self) -> tuple[HTTPStatus, str]:
        lag = self._lag()
        if self.stopping:
            return HTTPStatus.SERVICE_UNAVAILABLE, "stopping"
        if lag >= LAGGING_SECONDS:
            return HTTPStatus.SERVICE_UNAVAILABLE, f"lagging: {lag:.1f} s"
        return HTTPStatus.OK, "ok"


def is_meant_for(host: str | None, local: str) -> bool:
    """Whether a request that came to this machine's own address was meant to.

    A page from elsewhere can make a browser here ask for a name of its own that leads to
    127.0.0.1, and would read the answer; it can't make the browser say another name.
    """
    if host is None or not _is_loopback(local):
        return True
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    name = name.removeprefix("[").removesuffix("]").rstrip(".").lower()
    return name == "localhost" or is_address(name)


def _is_loopback(address: str) -> bool:
    if not is_address(address):
        return False
    ip = ipaddress.ip_address(address)
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback
