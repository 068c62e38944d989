"""The files of the page, and what browsers are told to hold it to."""

import hashlib
from http import HTTPStatus
from importlib import resources

from chatd.http_visit import Answer

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}

SAFELY = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'",
    ),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
)
"""With every answer (OWASP's list of security headers)."""


class Pages:
    """The files of ``chatd.doors.page``, read once and known by name: no path leads elsewhere."""

    def __init__(self) -> None:
        folder = resources.files("chatd.doors.page")
        self._files = {
            file.name: (KINDS[_ending(file.name)], file.read_bytes())
            for file in folder.iterdir()
            if _ending(file.name) in KINDS
        }
        scripts = sorted(name for name in self._files if _ending(name) == ".js")
        # Else a browser finds each only in the one that wants it, a way to us and back later.
        self._ahead = ("Link", ", ".join(f"<{name}>; rel=modulepreload" for name in scripts))

    def answer(self, method: bytes, path: bytes, known: str | None) -> Answer:
        """``known``: which version of it they have already (If-None-Match)."""
        name = path.decode("latin-1").removeprefix("/") or "index.html"
        if name not in self._files:
            return refusal(HTTPStatus.NOT_FOUND, "There is no such page. The room is at /.")
        if method not in (b"GET", b"HEAD"):
            return refusal(HTTPStatus.METHOD_NOT_ALLOWED, "GET and HEAD only.")
        kind, body = self._files[name]
        version = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        # "no-cache" is: ask each time whether it is still so. After an upgrade, no part is old.
        headers: tuple[tuple[str, str], ...]
        headers = (("Cache-Control", "no-cache"), ("ETag", version), *SAFELY)
        if name == "index.html":
            headers = (self._ahead, *headers)
        if known is not None and version in known:
            return Answer(HTTPStatus.NOT_MODIFIED, b"", kind, headers)
        return Answer(HTTPStatus.OK, body, kind, headers)


def refusal(status: HTTPStatus, text: str) -> Answer:
    """In words."""
    return Answer(status, f"{text}\n".encode(), headers=(("Cache-Control", "no-store"), *SAFELY))


def _ending(name: str) -> str:
    return f".{name.rpartition('.')[2]}"
