"""Somebody with a browser, without a port: real HTTP and WebSocket bytes, in memory."""

import json
from collections.abc import Callable
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IAddress
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from chatd.doors.door import COMPANY_SECONDS
from chatd.doors.web.door import WebDoor
from chatd.events import (
    Announced,
    Closed,
    Event,
    Full,
    Helped,
    Joined,
    Left,
    Listed,
    Ponged,
    Recalled,
    RecallEnded,
    Recording,
    Rejected,
    Said,
    Whispered,
)
from chatd.lines import Line, moment

HERE = "127.0.0.1:8080"
ADDRESS = IPv4Address("TCP", "10.0.0.1", 4000)

_EVENTS: dict[str, Callable[[dict[str, Any]], Event]] = {
    "joined": lambda told: Joined(told["name"]),
    "left": lambda told: Left(told["name"]),
    "said": lambda told: Said(told["name"], (told["text"],)),
    "told": lambda told: Whispered(told["name"], told["to"], told["text"]),
    "announced": lambda told: Announced(told["text"]),
    "closed": lambda _: Closed(),
    "people": lambda told: Listed(tuple(told["names"])),
    "help": lambda told: Helped(tuple(told["lines"])),
    "pong": lambda told: Ponged(told["token"]),
    "recalled": lambda told: Recalled(
        tuple(Line(moment(one["at"]), one["name"], one["text"]) for one in told["lines"])
    ),
    "history-end": lambda _: RecallEnded(),
    "record": lambda told: Recording(told["state"], told["text"]),
}


def event_of(told: dict[str, Any]) -> Event:
    """What a message tells of."""
    if told["type"] == "error":
        return Full() if told["code"] == "room-full" else Rejected(told["code"], told["text"])
    return _EVENTS[told["type"]](told)


def asked(line: str) -> dict[str, Any]:
    """The message that asks for what a line of the line protocol asks for."""
    verb, _, rest = line.partition(" ")
    first, _, more = rest.partition(" ")
    match verb:
        case "JOIN":
            return {"type": "join", "name": rest}
        case "BCST":
            return {"type": "say", "text": rest}
        case "MESG":
            return {"type": "tell", "to": first, "text": more}
        case "HIST":
            return {"type": "history", "last": int(rest)}
        case "IGNORE":
            return {"type": "ignore", "name": rest}
    return {"type": verb.lower()}


class Wire(StringTransport):
    """Notes how a connection ends, and whether it is read."""

    aborted = False

    def abortConnection(self) -> None:
        self.aborted = True


class Browser:
    """A connection to the web door; ``headers`` go with its one request."""

    def __init__(self, door: WebDoor, clock: Clock, address: IAddress = ADDRESS) -> None:
        self.clock = clock
        self.transport = Wire(peerAddress=address)
        self.protocol: Any = door.buildProtocol(address)
        self.gone = False
        if self.protocol is not None:
            self.protocol.makeConnection(self.transport)

    def get(self, path: str = "/", method: str = "GET", **headers: str) -> bytes:
        """The answer to a request."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HERE}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.sends("\r\n".join((*lines, "", "")).encode())
        return bytes(self.transport.value())

    def sends(self, data: bytes) -> None:
        self.protocol.dataReceived(data)
        self.clock.advance(0)
        if self.transport.disconnecting or self.transport.aborted:
            self.vanish()

    def vanish(self) -> None:
        if not self.gone:
            self.gone = True
            self.protocol.connectionLost()
            self.clock.advance(0)


class WebPerson(Browser):
    """Somebody at a WebSocket."""

    def __init__(
        self, door: WebDoor, clock: Clock, address: IAddress = ADDRESS, **headers: str
    ) -> None:
        super().__init__(door, clock, address)
        self.engine = ClientProtocol(parse_uri(f"ws://{HERE}/ws"), max_size=None)
        request = self.engine.connect()
        for name, value in headers.items():
            request.headers[name.replace("_", "-")] = value
        self.engine.send_request(request)
        self._send()
        self._receive()

    def asks(self, *lines: str) -> None:
        """Does what the words of the line protocol say."""
        self.sends_messages(*(json.dumps(asked(line)) for line in lines))

    def sends_messages(self, *messages: str) -> None:
        """All in one read."""
        for message in messages:
            self.engine.send_text(message.encode())
        self._send()

    def messages(self) -> list[dict[str, Any]]:
        """What they were told since they last looked."""
        self.clock.advance(COMPANY_SECONDS)
        self._receive()
        frames = [one for one in self.engine.events_received() if isinstance(one, Frame)]
        assert all(one.fin for one in frames)
        told = [json.loads(bytes(one.data)) for one in frames if one.opcode is Opcode.TEXT]
        if not self.gone:
            self._send()  # a pong, or our goodbye
        return told

    def read(self) -> list[Event]:
        return [event_of(told) for told in self.messages() if told["type"] != "hello"]

    def codes(self) -> list[str]:
        return [event.code for event in self.read() if isinstance(event, Rejected)]

    def _receive(self) -> None:
        data = self.transport.value()
        self.transport.clear()
        if data:
            self.engine.receive_data(data)

    def _send(self) -> None:
        self.sends(b"".join(self.engine.data_to_send()))
