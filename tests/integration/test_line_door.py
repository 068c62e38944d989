"""What a person can type at the line door, and what comes of it, over a plain socket."""

import pytest

from tests.integration.daemon import PROMPT, Daemon

FULL = "Sorry the chat is full, please try later"


def test_the_eleventh(daemon: Daemon) -> None:
    """The eleventh to join is told that the room is full, stays, and gets in when one leaves."""
    first, *others = [daemon.person(f"user{number}") for number in range(10)]
    eleventh = daemon.peer()
    assert eleventh.answers("JOIN late") == [FULL]
    assert eleventh.answers("JOIN") == [FULL]
    others[0].say("QUIT")
    assert first.heard()[-1] == "user1 has left the chat"
    assert eleventh.answers("JOIN late") == ["SERVER: late joined the chat!"]
    assert eleventh.answers("LIST") == [
        "Online: user0, " + ", ".join(f"user{n}" for n in range(2, 10)) + ", late"
    ]


@pytest.mark.parametrize(
    ("taken", "wanted"),
    [
        ("dani", "dani"),
        ("dani", "DANI"),
        ("dani", "ｄａｎｉ"),  # full width
        ("paypa", "раура"),  # Cyrillic
        ("Straße", "STRASSE"),
        ("José", "jose\u0301"),  # another way to write the same letters
    ],
)
def test_a_taken_name(daemon: Daemon, taken: str, wanted: str) -> None:
    """A name that is in the room, or reads like it, is refused; who has it notices nothing."""
    owner, other = daemon.person(taken), daemon.peer()
    (refusal,) = other.answers(f"JOIN {wanted}")
    assert refusal.startswith("ERROR name-taken: ")
    assert other.answers("LIST")[0].startswith("ERROR not-joined: ")
    assert owner.heard() == []
    assert owner.answers("LIST") == [f"Online: {taken}"]
    owner.say("QUIT")
    owner.rest()
    assert other.answers(f"JOIN {wanted}")[0].endswith(" joined the chat!")


@pytest.mark.parametrize(
    "name", ["server", "ERROR", "Оnline", "two words", "a:b", "<x>", "x" * 21, "dаni", "a,b", "a/b"]
)
def test_a_name_that_nobody_may_have(daemon: Daemon, name: str) -> None:
    """Words of the server, mixed scripts and punctuation are refused, and nobody hears of it."""
    watcher, peer = daemon.person("watcher"), daemon.peer()
    (refusal,) = peer.answers(f"JOIN {name}")
    assert refusal.startswith("ERROR bad-name: ")
    assert watcher.heard() == []


def test_guests(daemon: Daemon) -> None:
    """JOIN alone makes a guest, named after the address, who can be written to."""
    first, second, dani = daemon.peer(), daemon.peer(), daemon.person("dani")
    first.say("JOIN")
    assert dani.line() == "SERVER: <127.0.0.1> joined the chat!"
    second.say("JOIN")
    assert dani.line() == "SERVER: <127.0.0.1#2> joined the chat!"
    assert dani.answers("MESG <127.0.0.1#2> psst") == []
    assert second.heard()[-1] == "dani: MESG <127.0.0.1#2> psst"
    assert first.heard()[-1] == "SERVER: <127.0.0.1#2> joined the chat!"
    assert dani.answers("LIST") == ["Online: dani, <127.0.0.1>, <127.0.0.1#2>"]
    second.say("BCST I am new here")
    assert dani.line() == "<127.0.0.1#2>: BCST I am new here"
    first.say("QUIT")
    assert dani.line() == "<127.0.0.1> has left the chat"


def test_a_guest_from_another_address(daemon: Daemon) -> None:
    """Each address has guests of its own."""
    here, there = daemon.peer(), daemon.peer(source="127.0.0.2")
    assert here.answers("JOIN") == ["SERVER: <127.0.0.1> joined the chat!"]
    assert there.answers("JOIN") == ["SERVER: <127.0.0.2> joined the chat!"]


def test_a_half_closed_connection(daemon: Daemon) -> None:
    """Who sends their last and goes on reading gets every answer, then the end."""
    bot = daemon.peer()
    bot.throw(b"JOIN bot\nBCST done\nPING one\nNONSENSE\nLIST")
    bot.end()
    assert bot.rest() == [
        "SERVER: bot joined the chat!",
        "bot: BCST done",
        "PONG one",
        "ERROR unknown-command: Nobody has seen that. HELP tells what can be typed.",
        "Online: bot",
    ]


def test_nothing_but_an_end(daemon: Daemon) -> None:
    """Who connects and sends nothing is greeted and let go."""
    probe = daemon.stranger()
    probe.end()
    assert probe.rest() == [PROMPT]


def test_a_connection_that_drops(daemon: Daemon) -> None:
    """Hanging up without QUIT is told to the others in the same words."""
    dani, drew = daemon.person("dani"), daemon.person("drew")
    dani.close()
    assert drew.line() == "dani has left the chat"


def test_text_cut_at_each_byte(daemon: Daemon) -> None:
    """Letters of many bytes arrive whole, however the network cuts them."""
    dani, clock = daemon.person("dani"), daemon.peer()
    for byte in "BCST é漢字🎉 fin\r\n".encode():
        dani.throw(bytes([byte]))
        assert clock.heard() + clock.heard() == []  # by now the daemon has had that byte alone
    assert dani.line() == "dani: BCST é漢字🎉 fin"


def test_bytes_that_are_no_text(daemon: Daemon) -> None:
    """A line that is not UTF-8 is refused in words, and the next one is as good as any."""
    dani, drew = daemon.person("dani"), daemon.person("drew")
    dani.throw(b"BCST caf\xe9\nBCST caf\xc3\xa9\n")
    assert drew.line() == "dani: BCST café"
    assert dani.heard()[1:] == [
        "ERROR not-utf8: That line was not UTF-8 text. Nobody has seen it.",
        "dani: BCST café",
    ]


def test_a_line_too_long(daemon: Daemon) -> None:
    """1024 bytes are a line; one more is refused whole, and the connection lives on."""
    dani, drew = daemon.person("dani"), daemon.person("drew")
    fits = "BCST " + "é" * 509 + "x"
    dani.say(fits, f"{fits}x", "BCST next")
    assert drew.lines(2) == [f"dani: {fits}", "dani: BCST next"]
    assert dani.heard()[1:] == [
        f"dani: {fits}",
        "ERROR line-too-long: A line has at most 1024 bytes. Nobody has seen that one.",
        "dani: BCST next",
    ]


def test_a_flood_without_a_line_end(daemon: Daemon) -> None:
    """Megabytes without a line end are one line too long, and the next line is fine."""
    dani, drew = daemon.person("dani"), daemon.person("drew")
    for _ in range(64):
        dani.throw(b"x" * 65536)
    dani.say("", "BCST next")
    assert drew.line() == "dani: BCST next"
    assert [line.partition(":")[0] for line in dani.heard()[1:]] == ["ERROR line-too-long", "dani"]


def test_a_mistyped_verb(daemon: Daemon) -> None:
    """A mistyped verb is an error for who typed it, and nobody else sees the line."""
    dani, drew = daemon.person("dani"), daemon.person("drew")
    assert dani.answers("MESH drew my secret") == [
        "SERVER: drew joined the chat!",
        "ERROR unknown-command: Nobody has seen that. HELP tells what can be typed.",
    ]
    assert drew.heard() == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("JOIN again", "already-joined"),
        ("MESG nobody hello", "no-such-user"),
        ("MESG", "usage"),
        ("MESG dani", "empty"),
        ("BCST", "empty"),
        ("BCST  \t ", "empty"),
        ("HIST 10", "history-off"),
        ("HIST since 2026-11-20T21:33:01Z", "history-off"),
        ("RECORD off", "history-off"),
        ("hello", "unknown-command"),
    ],
)
def test_refusals(daemon: Daemon, line: str, code: str) -> None:
    """What can't be done is refused in a sentence, and told to nobody else."""
    dani, drew = daemon.person("dani"), daemon.person("drew")
    dani.line()
    (refusal,) = dani.answers(line)
    assert refusal.startswith(f"ERROR {code}: ")
    assert refusal.endswith(".") or code == "usage"
    assert drew.heard() == []


@pytest.mark.parametrize("line", ["BCST hello", "MESG dani hello", "LIST", "HIST 5", "RECORD on"])
def test_before_joining(daemon: Daemon, line: str) -> None:
    """Who has not joined can neither speak nor look around."""
    dani, stranger = daemon.person("dani"), daemon.peer()
    assert stranger.answers(line) == ["ERROR not-joined: Please join first: JOIN username"]
    assert dani.heard() == []


def test_ping_and_help(daemon: Daemon) -> None:
    """PING gives back the word, HELP a line for each verb; neither needs to have joined."""
    peer = daemon.peer()
    assert peer.answers("ping Some words") == ["PONG Some words"]
    assert peer.answers("PING") == ["PONG"]
    told = peer.answers("help")
    assert all(line.startswith("HELP ") for line in told)
    verbs = {line.split()[1].rstrip(":") for line in told}
    assert verbs == {"PASS", "JOIN", "BCST", "MESG", "LIST", "IGNORE", "PING", "HELP", "QUIT"}


def test_blank_lines_and_any_case(daemon: Daemon) -> None:
    """Blank lines are nothing, and verbs may be typed in any case."""
    peer = daemon.peer()
    assert peer.answers("\r\n   \n\n jOiN dani") == ["SERVER: dani joined the chat!"]
    assert peer.answers("bcst  two  blanks\tand a tab ") == ["dani: BCST  two  blanks\tand a tab "]


def test_escape_sequences(daemon: Daemon) -> None:
    """What would move the cursor, ring or turn the writing direction never reaches a screen."""
    dani, drew = daemon.person("dani"), daemon.person("drew")
    dani.throw("BCST a\x1b[2Jb\x07c\x9b31md\u202ee\x1b]0;title\x07f\rg\0h\n".encode())
    assert drew.line() == "dani: BCST abcdefgh"
    dani.throw(b"MESG drew \x1b[1;1Hhi\xc2\x85\n")
    assert drew.line() == "dani: MESG drew hi"


def test_order(daemon: Daemon) -> None:
    """Everyone sees all public lines in one and the same order, answers in between."""
    people = [daemon.person(f"user{number}") for number in range(5)]
    for person in people:
        person.heard()
    for number in range(100):
        for person in people:
            person.say(f"BCST {number}")
    for person in people:
        person.say("LIST")
    seen = [person.heard() for person in people]
    for lines in seen:
        lines.remove("Online: user0, user1, user2, user3, user4")
    seen = [
        lines + person.lines(500 - len(lines)) for person, lines in zip(people, seen, strict=True)
    ]
    assert len(set(map(tuple, seen))) == 1
    for number in range(5):
        own = [line for line in seen[0] if line.startswith(f"user{number}: ")]
        assert own == [f"user{number}: BCST {said}" for said in range(100)]
