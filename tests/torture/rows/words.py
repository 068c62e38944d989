"""Words, and bytes that only look like them: escapes, names that imitate, telnet."""

import re
import time
from collections.abc import Iterator
from contextlib import suppress

from tests.integration.daemon import Peer
from tests.torture.row import Figure, Run, none_of, row
from tests.torture.rows.sequences import (
    HARMLESS,
    IMITATIONS,
    LINE_BREAKS,
    RESERVED,
    SEQUENCES,
    UNSEEN,
)
from tests.torture.sockets import connect, everything
from tests.torture.subject import ROOMY, Subject, subject

FAST = ROOMY + "lines_per_second = 0\n"
IAC = 255
FIELDS = (
    b"BCST a%bb",
    b"BCST %b",
    b"MESG reader a%bb",
    b"MESG a%bb hello",
    b"MESG reader%b hello",
    b"JOIN a%bb",
    b"JOIN %b",
    b"PING a%bb",
    b"a%bb",
    b"%b",
    b"BCST%bhello",
    b"LIST %b",
    b"HELP %b",
    b"HIST a%bb",
    b"RECORD a%bb",
)


def _unwanted(data: bytes) -> list[str]:
    """What is in some output that has no business there."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return [str(error)]
    return [repr(text[max(m.start() - 30, 0) : m.end() + 10]) for m in UNSEEN.finditer(text)]


@row("escapes", "some 60 terminal sequences in every field that reaches a terminal or the log")
def escapes(run: Run) -> Iterator[Figure]:
    fields = FIELDS[:: 3 if run.short else 1]
    with subject(
        run.place("daemon"), FAST + '[log]\nfile = "chat.log"\n', log="chat.log"
    ) as daemon:
        reader, told = connect(daemon.port), b""
        reader.sendall(b"JOIN reader\r\n")
        for number, sequence in enumerate(SEQUENCES):
            lines = b"".join(field % sequence + b"\r\n" for field in fields)
            for joined in (True, False):  # in the field JOIN, too, by somebody who is not in
                person = connect(daemon.port)
                entrance = b"JOIN person%d\r\n" % number if joined else b""
                person.sendall(entrance + lines + b"QUIT\r\n")
                told += everything(person)
                person.close()
        reader.sendall(b"QUIT\r\n")
        seen = everything(reader)
        log = daemon.log.read_bytes()
        yield none_of("in what the senders got", _unwanted(told.replace(b"\r\n", b"\n")))
        yield none_of("in what others got", _unwanted(seen.replace(b"\r\n", b"\n")))
        yield none_of("in the log", _unwanted(log))
        yield Figure("sequences", len(SEQUENCES), 60, 1000)
        yield Figure("lines seen by others", seen.count(b" BCST "), len(SEQUENCES) / 2, 1e6)
        yield none_of("harmless lines harmed", _harmed(daemon))


def _harmed(daemon: Subject) -> list[str]:
    speaker = daemon.member("speaker")
    lines = [f"BCST {text}" for text in HARMLESS]
    seen = speaker.answers("\r\n".join(lines))
    wanted = [f"speaker: {line}" for line in lines]
    return [line for line in wanted if line not in seen]


@row(
    "imitation",
    "names that look like somebody's or the server's; lines that would read as the server's",
)
def imitation(run: Run) -> Iterator[Figure]:
    with subject(run.place("daemon"), FAST) as daemon:
        dani, wrong = daemon.member("dani"), list[str]()
        for name in (*IMITATIONS, *RESERVED):
            person = daemon.peer_at()
            person.throw(b"JOIN " + name + b"\r\n")
            answer = person.heard()
            wrong += [f"{name!r}: {answer}"] * (not answer[0].startswith("ERROR "))
            person.close()
        yield Figure("imitations", len(IMITATIONS) + len(RESERVED), 50, 1000)
        yield none_of("let in", wrong)
        yield none_of("heard by dani", dani.heard())
        yield none_of("lines that read as another's", _forged(daemon, dani))


def _forged(daemon: Subject, dani: Peer) -> list[str]:
    """Whatever stands at the beginning of a line, by any idea of a line, is the speaker's name."""
    forger = daemon.member("forger")
    for brk in LINE_BREAKS:
        for fake in (
            b"SERVER: the chat is closing",
            b"dani has left the chat",
            b"dani: BCST I quit",
        ):
            forger.throw(b"BCST x" + brk + fake + b"\r\n")
            forger.throw(b"MESG dani x" + brk + fake + b"\r\n")
            forger.throw(b"MESG dani" + brk + fake + b" x\r\n")
            forger.throw(b"PING x" + brk + fake + b"\r\n")
    forger.heard()
    with suppress(UnicodeDecodeError):
        seen = "\n".join(dani.heard())
        lines = [line for part in seen.splitlines() for line in re.split("[\r\0]", part)]
        own = re.compile(r"SERVER: forger joined the chat!|forger: (BCST|MESG dani) .*")
        return [line for line in lines if not own.fullmatch(line)]
    return ["not UTF-8"]


@row("telnet", "every IAC form of two and three bytes, sub-negotiation cut everywhere, CR NUL")
def telnet(run: Run) -> Iterator[Figure]:
    with subject(run.place("daemon"), FAST) as daemon:
        person = daemon.member("person")
        two = [(bytes([IAC, code]), code) for code in range(256) if code not in range(250, 255)]
        yield none_of("forms of two bytes", _wrong_two(person, two))
        three = [bytes([IAC, verb, option]) for verb in range(251, 255) for option in range(256)]
        yield none_of("forms of three bytes", _wrong_three(daemon, three))
        yield none_of("cuts", _wrong_cuts(daemon))


def _wrong_two(person: Peer, forms: list[tuple[bytes, int]]) -> list[str]:
    """A command is taken out; what is none leaves a byte that makes the line no text."""
    wrong = []
    for form, code in forms:
        person.throw(b"BCST a" + form + b"b\r\n")
        command = 128 <= code < 250
        answer = person.heard()
        if command:
            wrong += [f"{form!r}: {answer}"] * (answer != ["person: BCST ab"])
        else:
            wrong += [f"{form!r}: {answer}"] * any("BCST" in line for line in answer)
    return wrong


def _wrong_three(daemon: Subject, forms: list[bytes]) -> list[str]:
    """An option is refused, and is not part of the text."""
    person = connect(daemon.port)
    lines = b"".join(b"BCST a%bb%d\r\n" % (form, n) for n, form in enumerate(forms))
    person.sendall(b"JOIN optioner\r\n" + lines + b"QUIT\r\n")
    got = everything(person)
    wrong = [
        repr(form)
        for form in forms
        if form[1] in (251, 253)
        and bytes([IAC, 254 if form[1] == 251 else 252, form[2]]) not in got
    ]
    for form in forms:
        got = got.replace(bytes([IAC, 254 if form[1] == 251 else 252, form[2]]), b"")
    lost = [n for n in range(len(forms)) if b"optioner: BCST ab%d\r\n" % n not in got]
    return wrong + [f"{forms[n]!r}: text wrong" for n in lost]


def _wrong_cuts(daemon: Subject) -> list[str]:
    """The same bytes in two parts, cut at every place, and byte by byte."""
    line = (
        b"BCST a" + bytes([IAC, 250, 24, 0, 120, IAC, IAC, 121, 10, IAC, 240]) + b"b\r\0BCST c\r\n"
    )
    cuts = [[line[:at], line[at:]] for at in range(1, len(line))]
    wrong = []
    person = daemon.member("cutter")
    for parts in [*cuts, [line[n : n + 1] for n in range(len(line))]]:
        for part in parts:
            person.throw(part)
            time.sleep(0.003)
        answer = person.heard()
        wrong += [f"{parts!r}: {answer}"] * (answer != ["cutter: BCST ab", "cutter: BCST c"])
    return wrong
