"""Those who speak something else, our own faults, and the clock."""

import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from glob import glob

from tests.integration.daemon import logged_or_left_out
from tests.torture.elsewhere import elsewhere
from tests.torture.people import Account, chatting
from tests.torture.row import Figure, Run, all_of, none_of, row
from tests.torture.sockets import connect, everything
from tests.torture.subject import ROOMY, subject

BODY = b"JOIN mallory\r\nBCST from a web page\r\n"
FORM = b"Content-Length: %d\r\nContent-Type: text/plain\r\n\r\n" % len(BODY) + BODY
UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
SPOKEN = {
    "GET": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST": b"POST / HTTP/1.1\r\nHost: x\r\n" + FORM,
    "POST by a proxy": b"POST http://x/ HTTP/1.1\r\nHost: x\r\n" + FORM,
    "PUT": b"PUT /x HTTP/1.1\r\nHost: x\r\n" + FORM,
    "OPTIONS": b"OPTIONS / HTTP/1.1\r\nHost: x\r\nAccess-Control-Request-Method: FOO\r\n\r\n",
    "HEAD": b"HEAD / HTTP/1.0\r\n\r\n",
    "CONNECT": b"CONNECT x:25 HTTP/1.1\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "WebSocket": b"GET /chat HTTP/1.1\r\nHost: x\r\n" + UPGRADE,
    "SSH": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
    "SMTP": b"EHLO example.org\r\nMAIL FROM:<a@example.org>\r\n",
    "SMTP of old": b"HELO example.org\r\n",
}


def hello() -> bytes:
    """How a TLS client begins."""
    context, wrote = ssl.create_default_context(), ssl.MemoryBIO()
    tls = context.wrap_bio(ssl.MemoryBIO(), wrote, server_hostname="example.org")
    with suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return wrote.read()


@row("other-protocols", "HTTP, TLS, SSH and SMTP at the line port")
def other_protocols(run: Run) -> Iterator[Figure]:
    with subject(run.place("daemon"), ROOMY) as daemon:
        member, waits, wordless = daemon.member("member"), list[float](), list[str]()
        cases = {**SPOKEN, "TLS": hello()}
        for name, data in cases.items():
            for parts in ([data], [data[n : n + 1] for n in range(20)] + [data[20:]]):
                began = time.monotonic()
                said = _say(daemon.port, parts)
                waits.append(time.monotonic() - began)
                if b"\r\nERROR unknown-command: " not in said or said.count(b"ERROR") != 1:
                    wordless.append(f"{name}: {said!r}")
        yield Figure("closed after", max(waits), high=1, unit="s")
        yield none_of("not told in words, once", wordless)
        yield none_of("relayed", member.heard())
        member.close()
        daemon.everyone_out()
        ends = logged_or_left_out("disconnected", daemon.log_text())
        yield all_of("ends logged or counted", ends, 2 * len(cases) + 1)


def _say(port: int, parts: list[bytes]) -> bytes:
    stranger = connect(port, within=5)
    with suppress(OSError):
        for part in parts:
            stranger.sendall(part)
            if len(parts) > 1:
                time.sleep(0.002)
    return everything(stranger, 5)


@row("handler-raises", "a handler that raises")
def handler_raises(run: Run) -> Iterator[Figure]:
    with (
        subject(run.place("daemon"), ROOMY, broken=True) as daemon,
        elsewhere(chatting, daemon.port, 5, 20) as talk,
    ):
        talk.ready()
        answers, ports = list[bytes](), list[int]()
        for number in range(5):
            unlucky = connect(daemon.port, "127.0.0.7")
            ports.append(unlucky.getsockname()[1])
            unlucky.sendall(b"JOIN unlucky%d\r\nMESG bystander0 boom\r\nBCST more\r\n" % number)
            answers.append(everything(unlucky))
            time.sleep(0.1)
        account: Account = talk.stop()
        log = daemon.log_text()
    sorry = [one for one in answers if one.count(b"\r\nERROR internal: ") != 1]
    yield none_of("without an apology", [str(one) for one in sorry])
    yield all_of("tracebacks", log.count("Traceback (most recent call last)"), 5)
    unsaid = [port for port in ports if f"Could not serve ('127.0.0.7', {port})" not in log]
    yield none_of("addresses not in the log", [str(port) for port in unsaid])
    left = sum(account.others[f"unlucky{n} has left the chat"] for n in range(5))
    yield all_of("leavings told", left, 5)
    yield none_of("said by them afterwards", [one for one in account.others if "BCST more" in one])
    yield from account.figures(p99_ms=100)


LIBRARY = next(iter(glob("/usr/lib/*/faketime/libfaketime.so.1")), "")
"""Debian's package faketime."""


@row("clock-jumps", "the wall clock jumps a day ahead, and two days back")
def clock_jumps(run: Run) -> Iterator[Figure]:
    assert LIBRARY, "libfaketime is not installed (apt install faketime)"
    where, steps = run.place("daemon"), 6 if run.short else 20
    clock = where / "clock"
    clock.write_text("+0d")
    environment = {
        "LD_PRELOAD": LIBRARY,
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    config = ROOMY + f"join_seconds = {steps / 2}\nidle_seconds = {steps}\nlines_per_second = 20\n"
    with (
        subject(where, config, environment=environment) as daemon,
        elsewhere(chatting, daemon.port, 5, 20) as talk,
    ):
        talk.ready()
        idle = daemon.member("idle").socket
        began, silent = time.monotonic(), connect(daemon.port)
        pasted = 20 + 20 * steps // 2
        paste = daemon.member("paste").socket
        paste.sendall(b"".join(b"BCST %d\r\n" % number for number in range(pasted)))
        for number in range(steps):
            clock.write_text("+1d" if number % 2 == 0 else "-1d")
            daemon.member(f"visitor{number}").close()
            time.sleep(0.5)
        waited = _until_closed(silent, began)
        idled = _until_closed(idle, began)
        account: Account = talk.stop()
        days = len(set(re.findall(r"^\d{4}-\d\d-\d\d", daemon.log_text(), re.MULTILINE)))
        monotonic = daemon.look_inside()["monotonic_clock"]
    yield Figure("days in the log", days, 3, 4)
    yield all_of("the reactor's clock is monotonic", int(monotonic), 1)
    yield Figure("join timeout after", waited, steps / 2 - 0.1, steps / 2 + 1, "s")
    yield Figure("idle timeout after", idled, steps - 0.1, steps + 1.5, "s")
    said = sum(count for line, count in account.others.items() if line.startswith("paste: BCST "))
    yield Figure("pasted lines at their pace", said, pasted * 0.9, pasted)
    yield from account.figures(p99_ms=100)


def _until_closed(one: socket.socket, began: float) -> float:
    everything(one, 60)
    return time.monotonic() - began
