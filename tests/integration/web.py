"""People who come by the web door, over real sockets: as browsers do, and as nobody should."""

import base64
import json
import socket
import ssl
import struct
from contextlib import suppress
from typing import Any

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from tests.integration.daemon import WITHIN, Daemon

WEB = """\
[line]
listen = ["tcp:0:interface=127.0.0.1"]
[web]
listen = ["tcp:0:interface=127.0.0.1"]
"""
"""Both doors, each at a free port."""

TWO_PORTS = r"(?s)Server is listening on \d+$.*?listening on (\d+)$"

Told = dict[str, Any]


def web_port(daemon: Daemon) -> int:
    """Where the web door is, if it is the second place."""
    return int(daemon.logged(TWO_PORTS)[1])


def handshake(*more: str, path: str = "/ws", version: str = "HTTP/1.1") -> bytes:
    """A request for a WebSocket, as bytes."""
    lines = (
        f"GET {path} {version}",
        "Host: 127.0.0.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        *more,
    )
    return "\r\n".join((*lines, "", "")).encode("latin-1")


def text(message: object, fin: bool = True) -> bytes:
    """A message in a frame, as a browser sends it; what is no text is made JSON."""
    data = message if isinstance(message, str) else json.dumps(message)
    return Frame(Opcode.TEXT, data.encode("utf-8", "surrogatepass"), fin).serialize(mask=True)


def frame(first: int, data: bytes = b"", mask: bool = True, length: bytes = b"") -> bytes:
    """A frame of any first byte, right or wrong; ``length``: instead of the right one."""
    length = length or _length(len(data))
    if not mask:
        return bytes([first]) + length + data
    return bytes([first, length[0] | 0x80]) + length[1:] + bytes(4) + data


def _length(size: int) -> bytes:
    if size < 126:
        return bytes([size])
    return struct.pack("!BH", 126, size) if size < 65536 else struct.pack("!BQ", 127, size)


def connected(port: int, source: str = "", tls: bool = False, path: str = "") -> socket.socket:
    """A socket at the web door, or at the Unix socket ``path``."""
    if path:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(WITHIN)
        connection.connect(path)
        return connection
    bind = (source, 0) if source else None
    connection = socket.create_connection(("127.0.0.1", port), WITHIN, source_address=bind)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = context.wrap_socket(connection)
    return connection


def rest(connection: socket.socket) -> bytes:
    """All that comes until the other side closes or hangs up."""
    data = b""
    with suppress(ConnectionError):
        while more := connection.recv(65536):
            data += more
    return data


def asked(port: int, request: bytes, source: str = "") -> bytes:
    """The whole answer to these bytes."""
    with connected(port, source) as connection:
        with suppress(ConnectionError):
            connection.sendall(request)
        return rest(connection)


def _port_of(connection: socket.socket) -> int:
    """Where it leads to."""
    peer = connection.getpeername()
    return 80 if isinstance(peer, str) else int(peer[1])


class WebPeer:
    """Somebody at a WebSocket. Every wait has a deadline."""

    def __init__(self, connection: socket.socket, *headers: str, path: str = "/ws") -> None:
        self.socket = connection
        self.code: int | None = None
        """With what the daemon has closed the WebSocket."""
        self._engine = ClientProtocol(
            parse_uri(f"ws://127.0.0.1:{_port_of(connection)}{path}"), max_size=None
        )
        self._told: list[Told] = []
        self._fences = 0
        request = self._engine.connect()
        for header in headers:
            name, _, value = header.partition(": ")
            request.headers[name] = value
        self._engine.send_request(request)
        self.throw(b"".join(self._engine.data_to_send()))

    def __enter__(self) -> "WebPeer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def throw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def say(self, *messages: object) -> None:
        """Send these messages at once."""
        self.throw(b"".join(map(text, messages)))

    def told(self) -> Told:
        """The next message. Raises EOFError when the daemon has closed the WebSocket."""
        while not self._told:
            self._receive()
        return self._told.pop(0)

    def until(self, kind: str) -> Told:
        """The next message of this type."""
        while (told := self.told())["type"] != kind:
            pass
        return told

    def join(self, name: str) -> "WebPeer":
        """They are in, and have read it."""
        self.say({"type": "join", "name": name})
        while (told := self.told()) != {"type": "joined", "name": name}:
            assert told["type"] != "error", told
        return self

    def heard(self) -> list[Told]:
        """Every message up to now."""
        self._fences += 1
        token = f"fence-{self._fences}"
        self.say({"type": "ping", "token": token})
        return list(iter(self.told, {"type": "pong", "token": token}))

    def answers(self, *messages: object) -> list[Told]:
        """What comes after saying these."""
        self.say(*messages)
        return self.heard()

    def rest(self) -> list[Told]:
        """Every message until the daemon closes; see ``code``."""
        told: list[Told] = []
        with suppress(EOFError):
            while True:
                told.append(self.told())
        return told

    def close(self) -> None:
        """Hang up, without a word."""
        self.socket.close()

    def _receive(self) -> None:
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            data = b""
        if not data:
            closed = self._engine.close_rcvd
            self.code = None if closed is None else closed.code
            raise EOFError
        self._engine.receive_data(data)
        if self._engine.handshake_exc is not None:
            raise self._engine.handshake_exc
        for one in self._engine.events_received():
            if isinstance(one, Frame) and one.opcode is Opcode.TEXT:
                self._told.append(json.loads(bytes(one.data)))
        with suppress(OSError):  # a pong, or their goodbye, to whom it may concern
            self.throw(b"".join(self._engine.data_to_send()))


def came_in(port: int, name: str, *headers: str, source: str = "") -> WebPeer:
    """Somebody who has joined by a WebSocket."""
    return WebPeer(connected(port, source), *headers).join(name)
