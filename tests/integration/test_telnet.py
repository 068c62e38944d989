"""The telnet of GNU inetutils: in a terminal, in a pipe, and with the keys that speak telnet."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.integration.daemon import PROMPT, WITHIN, Daemon
from tests.integration.screen import Screen
from tests.tools import needed


@contextmanager
def telnet(port: int, terminal: bool = True) -> Iterator[Screen]:
    with Screen(["telnet", "127.0.0.1", str(port)], terminal) as screen:
        screen.shows(PROMPT)
        yield screen


@contextmanager
def overheard(port: int) -> Iterator[tuple[int, bytearray]]:
    """Another port that leads to the same daemon, and what is sent to it from there."""
    needed("telnet")  # without it nobody would ever come
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(WITHIN)
        # A Ctrl-C has an urgent byte, which would be lost on the way now and then.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)

        def carry() -> None:
            near, _ = listener.accept()
            with near, socket.create_connection(("127.0.0.1", port)) as far:
                while True:
                    ready, _, _ = select.select([near, far], [], [], WITHIN)
                    for source in ready:
                        if not (data := source.recv(65536)):
                            return
                        if source is near:
                            heard.extend(data)
                        (far if source is near else near).sendall(data)

        carrier = threading.Thread(target=carry, daemon=True)
        carrier.start()
        yield listener.getsockname()[1], heard
        carrier.join(WITHIN)


def test_a_visit(daemon: Daemon) -> None:
    """Somebody in a terminal sees nothing but what they typed and what was said."""
    with telnet(daemon.port) as tel:
        tel.type("join tel\r")
        tel.shows("SERVER: tel joined the chat!\r\n")
        drew = daemon.person("drew")
        drew.say("BCST hello, tel", "MESG TEL psst")
        tel.shows("drew: MESG tel psst\r\n")
        tel.type("BCST grüße 漢字 🎉\r")
        tel.shows("tel: BCST grüße 漢字 🎉\r\n")
        tel.type("list\r")
        tel.shows("Online: tel, drew\r\n")
        tel.type("QUIT\r")
        assert tel.finish() == "\r\n".join(
            (
                "Trying 127.0.0.1...",
                "Connected to 127.0.0.1.",
                "Escape character is '^]'.",
                PROMPT,
                "join tel",
                "SERVER: tel joined the chat!",
                "SERVER: drew joined the chat!",
                "drew: BCST hello, tel",
                "drew: MESG tel psst",
                "BCST grüße 漢字 🎉",
                "tel: BCST grüße 漢字 🎉",
                "list",
                "Online: tel, drew",
                "QUIT",
                "Connection closed by foreign host.",
                "",
            )
        )
        assert drew.heard() == [
            "drew: BCST hello, tel",
            "tel: BCST grüße 漢字 🎉",
            "tel has left the chat",
        ]


def test_in_a_pipe(daemon: Daemon) -> None:
    """Telnet between pipes shows every answer too."""
    with telnet(daemon.port, terminal=False) as tel:
        tel.type("JOIN tel\nBCST one\nQUIT\n")
        said = tel.finish().partition(f"{PROMPT}\n")[2]
    assert said.startswith("SERVER: tel joined the chat!\ntel: BCST one\nConnection closed by")


def test_ctrl_c(daemon: Daemon) -> None:
    """After Ctrl-C, which some people try, telnet goes on showing what others say."""
    with overheard(daemon.port) as (port, sent), telnet(port) as tel:
        tel.type("JOIN tel\r")
        tel.shows("SERVER: tel joined the chat!\r\n")
        tel.type("\x03")
        tel.shows("^C")
        tel.type("PING 1\r")  # what comes before the answer to Ctrl-C, telnet throws away
        tel.shows("PONG 1\r\n")
        drew = daemon.person("drew")
        drew.say("BCST are you there?")
        tel.shows("drew: BCST are you there?\r\n")
        tel.type("BCST I am\r")
        tel.shows("tel: BCST I am\r\n")
        assert drew.heard() == ["drew: BCST are you there?", "tel: BCST I am"]
        tel.type("QUIT\r")
        tel.finish()
        assert b"\xff\xf4\xff\xfd\x06" in sent  # else this was no Ctrl-C as telnet sends it


def test_ctrl_c_in_the_middle_of_a_line(daemon: Daemon) -> None:
    """Ctrl-C takes back what has been typed of a line, and the next line is a good one."""
    with telnet(daemon.port) as tel:
        tel.type("JOIN tel\r")
        tel.shows("SERVER: tel joined the chat!\r\n")
        tel.type("BCST half of some\x03")
        tel.shows("^C")
        tel.type("BCST whole\r")
        tel.shows("\r\ntel: BCST whole\r\n")
        tel.type("QUIT\r")
        assert "half of" not in tel.finish().partition("^C")[2]


def test_every_telnet_command(daemon: Daemon) -> None:
    """Whatever telnet can send besides text leaves no mark in the text."""
    commands = ("ao", "ayt", "brk", "ec", "el", "ga", "ip", "nop", "synch", "do echo", "will echo")
    drew = daemon.person("drew")
    with telnet(daemon.port) as tel:
        tel.type("JOIN tel\r")
        tel.shows("SERVER: tel joined the chat!\r\n")
        for number, command in enumerate(commands):
            tel.type("\x1d")
            tel.shows("telnet> ", number + 1)
            tel.type(f"send {command}\r")
            tel.type(f"BCST after {number}\r")
            tel.shows(f"tel: BCST after {number}\r\n")
        tel.type("QUIT\r")
        assert "ERROR" not in tel.finish()
    assert drew.heard() == [
        "SERVER: tel joined the chat!",
        *(f"tel: BCST after {number}" for number in range(len(commands))),
        "tel has left the chat",
    ]


def test_character_mode(daemon: Daemon) -> None:
    """Asking telnet for character mode does not end the conversation."""
    with telnet(daemon.port) as tel:
        tel.type("JOIN tel\r")
        tel.shows("SERVER: tel joined the chat!\r\n")
        tel.type("\x1d")
        tel.shows("telnet> ")
        tel.type("mode character\r")
        tel.type("BCST one\r")
        tel.shows("tel: BCST one\r\n")
        tel.type("QUIT\r")
        assert "Connection closed by foreign host." in tel.finish()


def test_lines_that_end_with_carriage_return_and_nul(daemon: Daemon) -> None:
    """A bare carriage return, which telnet sends as CR NUL, ends a line."""
    with overheard(daemon.port) as (port, sent), telnet(port, terminal=False) as tel:
        tel.type("JOIN tel\rBCST one\rLIST\r")
        tel.shows("Online: tel")
        tel.type("QUIT\r")
        assert "tel: BCST one" in tel.finish()
        assert sent == b"JOIN tel\r\0BCST one\r\0LIST\r\0QUIT\r\0"
