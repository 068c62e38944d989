"""The client against the real room, both ends of the wire joined in memory."""

from chatd.client import facts
from chatd.client.effects import Status
from chatd.client.patience import (
    GIVE_UP_SECONDS,
    JOIN_SECONDS,
    SETTLED_SECONDS,
    TRIES,
    TRY_AGAIN_SECONDS,
)
from chatd.client.pulse import DEAD_SECONDS, QUIET_SECONDS
from chatd.client.sending import FAILURES, WINDOW
from chatd.limits import Limits
from tests.client.memory import House, Person


def two(**limits: float) -> tuple[House, Person, Person]:
    house = House(Limits(**{"lines_per_second": 0, **limits}))  # type: ignore[arg-type]
    dani, drew = house.enter("dani"), house.enter("drew")
    dani.take()
    drew.take()
    return house, dani, drew


class TestTalking:
    def test_what_is_typed_is_said_to_everyone(self) -> None:
        """Plain text reaches the other as mine, and comes back to me as my own."""
        _, dani, drew = two()
        dani.enter("hello")
        assert dani.take() == [facts.OwnSaid("hello")]
        assert drew.take() == [facts.OtherSaid("dani", "hello")]

    def test_letters_cut_apart_by_the_network(self) -> None:
        """Text of many bytes to the letter arrives whole, one byte at a time."""
        house, dani, _ = two()
        kim = house.enter("김", bite=1)
        kim.take()
        dani.enter("漢字 😀 👩‍👩‍👧")
        assert kim.take() == [facts.OtherSaid("dani", "漢字 😀 👩‍👩‍👧")]

    def test_our_name_in_a_line(self) -> None:
        """Where somebody writes my name as a word, in any case, it is marked."""
        _, dani, drew = two()
        drew.enter("Dani, danielle and dani")
        assert dani.take() == [
            facts.OtherSaid("drew", "Dani, danielle and dani", ((0, 4), (19, 23)))
        ]
        dani.enter("dani here")
        assert dani.take() == [facts.OwnSaid("dani here")]

    def test_private_line(self) -> None:
        """A private line reaches one person; I see that it has, and can be answered."""
        house, dani, drew = two()
        third = house.enter("third")
        for person in house.people:
            person.take()
        dani.enter("/msg drew psst")
        assert dani.take() == [facts.OwnWhispered("drew", "psst")]
        assert drew.take() == [facts.OtherWhispered("dani", "psst")]
        drew.enter("/reply what?")
        assert dani.take() == [facts.OtherWhispered("drew", "what?")]
        assert third.take() == []

    def test_private_line_to_nobody(self) -> None:
        """A private line to somebody who is not there is refused, and not shown as sent."""
        _, dani, drew = two()
        dani.enter("/msg bob psst")
        assert dani.take() == [facts.LineRefused("Nobody here is called bob.", "psst")]
        assert drew.take() == []

    def test_refusal_among_other_lines(self) -> None:
        """Of several lines under way at once, the right one is named as refused."""
        house, dani, _ = two(line_bytes=30)
        for line in ("one", "/msg bob psst", "x" * 30, "/msg drew hi", "two"):
            dani.talk.typed(line)
        house.settle()
        assert dani.take() == [
            facts.OwnSaid("one"),
            facts.LineRefused("Nobody here is called bob.", "psst"),
            facts.LineRefused("A line has at most 30 bytes. Nobody has seen that one.", "x" * 30),
            facts.OwnWhispered("drew", "hi"),
            facts.OwnSaid("two"),
        ]

    def test_private_line_behind_a_flood(self) -> None:
        """A private line that waits behind a flood is not shown as sent before it is."""
        house, dani, drew = two(lines_per_second=1, burst_lines=5)
        dani.enter(*map(str, range(10)), "/msg drew psst", "PING now")
        assert dani.take(facts.OwnWhispered, facts.ServerSaid) == [facts.ServerSaid("PONG now")]
        house.pass_time(5)
        assert dani.take(facts.OwnWhispered) == []
        assert drew.take(facts.OtherWhispered) == []
        house.pass_time(10)
        assert dani.take(facts.OwnWhispered) == [facts.OwnWhispered("drew", "psst")]
        assert drew.take(facts.OtherWhispered) == [facts.OtherWhispered("dani", "psst")]

    def test_verbs_work_as_with_netcat(self) -> None:
        """Who knows the protocol can type it."""
        _, dani, drew = two()
        dani.enter("BCST hi", "MESG drew ho", "LIST", "PING x")
        assert dani.take() == [
            facts.OwnSaid("hi"),
            facts.OwnWhispered("drew", "ho"),
            facts.PeopleListed(("dani", "drew")),
            facts.ServerSaid("PONG x"),
        ]
        assert drew.take() == [facts.OtherSaid("dani", "hi"), facts.OtherWhispered("dani", "ho")]

    def test_people_come_and_go(self) -> None:
        """Who is in is known from the start, for Tab."""
        house, dani, drew = two()
        assert list(drew.core.people) == ["dani", "drew"]
        house.enter("eve").enter("QUIT")
        assert dani.take() == [facts.CameIn("eve"), facts.WentOut("eve")]
        assert list(dani.core.people) == ["dani", "drew"]

    def test_hostile_server(self) -> None:
        """What would do something to a terminal never gets into a fact, whoever sent it."""
        _, dani, _ = two()
        dani.core.received(
            b"\x1b]0;title\x07\x1b[2Jeve: BCST \x1b[31mred\x07\x9b5m\r\n"
            b"SERVER: \x1b[5mblink\r\n\xff\xfe\r\nno such form\x1b[H\r\n" + b"x" * 300_000 + b"\r\n"
        )
        dani.carry_out()
        not_text = facts.ServerSaid("(something that is no text, or too long)")
        assert dani.take() == [
            not_text,  # 0x9B alone is no UTF-8
            facts.ServerSaid("blink"),
            not_text,
            facts.ServerSaid("no such form"),
            not_text,
        ]

    def test_unknown_command_is_never_sent(self) -> None:
        """A mistyped command is explained, and nothing of it leaves this end."""
        _, dani, drew = two()
        before = dani.sent
        dani.enter("/mgs drew secret", "MESG drew", "/msg drew", "/")
        assert len(dani.take(facts.Explained)) == 4
        assert dani.sent == before
        assert drew.take() == []

    def test_bytes_that_are_no_text(self) -> None:
        """What is not UTF-8 is explained, typed or pasted, and nothing of it leaves this end."""
        house, dani, drew = two()
        dani.enter("caf\udce9")
        dani.talk.pasted(["one", "caf\udce9"])
        house.settle()
        sentence = "That line was not UTF-8 text. Nobody has seen it."
        assert dani.take() == [facts.Explained(sentence)] * 2
        dani.enter("caf\udcc3\udca9")  # UTF-8 after all: the terminal's encoding is another
        assert dani.take() == [facts.OwnSaid("café")]
        assert drew.take() == [facts.OtherSaid("dani", "café")]

    def test_pasted_lines(self) -> None:
        """Ten pasted lines are said one by one; eleven only after asking."""
        house, dani, drew = two()
        ten = [f"line {n}" for n in range(10)]
        dani.talk.pasted([*ten, ""])
        house.settle()
        assert drew.take() == [facts.OtherSaid("dani", line) for line in ten]
        dani.talk.pasted([*ten, "eleven"])
        house.settle()
        assert drew.take() == []
        dani.take()
        dani.enter("n")
        assert dani.take() == [facts.PasteDropped(11)]
        dani.talk.pasted([*ten, "eleven"])
        dani.enter("y")
        assert drew.take() == [facts.OtherSaid("dani", line) for line in [*ten, "eleven"]]

    def test_pasted_into_a_question(self) -> None:
        """Several lines are no answer: they are told to be unsaid, and the question stays."""
        house, dani, drew = two()
        dani.enter("exit")
        dani.take()
        dani.talk.pasted(["y", "more"])
        house.settle()
        assert dani.take() == [facts.PasteDropped(2), facts.LeaveAsked()]
        assert dani.status is None
        dani.talk.pasted(["y", ""])
        house.settle()
        assert dani.status == Status.OK
        assert drew.take() == [facts.WentOut("dani")]

    def test_paste_that_another_question_replaces(self) -> None:
        """Pasted lines that wait for their question are told to be unsaid when it goes."""
        house, dani, _ = two()
        many = [f"line {n}" for n in range(11)]
        for other, last in (
            (dani.end, facts.LeaveAsked()),
            (dani.interrupt, facts.InterruptedOnce()),
        ):
            dani.talk.pasted(many)
            house.settle()
            dani.take()
            other()
            assert dani.take() == [facts.PasteDropped(11), last]
            dani.enter("n")

    def test_pasted_commands(self) -> None:
        """Pasted lines that look like commands are neither obeyed nor said without asking."""
        house, dani, drew = two()
        dani.talk.pasted(["text", "/msg drew secret", "QUIT"])
        house.settle()
        asked = dani.take(facts.PasteAsked)[0]
        assert isinstance(asked, facts.PasteAsked)
        assert asked.commands == 2
        assert drew.take() == []
        assert dani.core.is_in


class TestComingIn:
    def test_name_taken(self) -> None:
        """A taken name is explained, and another one is asked for."""
        house, _, _ = two()
        other = house.enter("Dani")
        refused = facts.NameRefused("Dani", "Dani is here already. Choose another name.")
        assert other.take() == [refused, facts.NameAsked()]
        other.enter("", "no good", "caf\udce9", "/help", "eve")
        entered = other.take(facts.Entered)
        assert entered == [facts.Entered("eve", helps=True)]

    def test_leaving_instead_of_a_name(self) -> None:
        """A command is no name, and exit leaves."""
        house, _, _ = two()
        other = house.enter("dani")
        other.enter("/help")
        explained = facts.Explained("What is wanted here is your name. exit leaves.")
        assert other.take()[-2:] == [explained, facts.NameAsked()]
        other.enter("exit")
        assert other.status == Status.OK

    def test_full_room(self) -> None:
        """A full room is said, and can be tried again."""
        house = House(max_users=1)
        dani = house.enter("dani")
        drew = house.enter("drew")
        assert drew.take() == [facts.RoomWasFull(), facts.TryAgainAsked()]
        drew.enter("y")
        assert drew.take() == [facts.RoomWasFull(), facts.TryAgainAsked()]
        dani.enter("/quit")
        drew.enter("yes")
        assert drew.core.is_in
        third = house.enter("third")
        third.enter("n")
        assert third.status == Status.OK

    def test_no_chat_there(self) -> None:
        """What does not answer, or drips, is told to be no chat after a while."""
        house = House()
        house.crash()
        dani = house.enter("dani")
        dani.take()
        house.start()
        dani.deaf = True
        dani.retry()
        for _ in range(int(JOIN_SECONDS)):
            assert dani.take() == []
            dani.core.received(b"220 drip\r\n"[:1])
            house.pass_time(1)
        assert dani.take() == [facts.ConnectionFailed("no chat answers there", again=True)]
        dani.deaf = False
        dani.retry()
        assert dani.core.is_in

    def test_connecting_takes_a_while(self) -> None:
        """Who waits for the connection sees where to, once, and pipes say nothing."""
        house = House()
        dani, bot = Person(house, "dani", where="here"), Person(house, "bot", someone=False)
        house.people += [dani, bot]
        house.pass_time(3)
        assert dani.take() == [facts.Connecting("here")]
        assert bot.take() == []

    def test_guest(self) -> None:
        """Who has no name comes in as a guest."""
        assert House().enter("").core.name == "<192.0.2.1>"

    def test_a_name_is_no_way_to_smuggle_commands_in(self) -> None:
        """A line end in a name does not begin a line of its own."""
        house, _, drew = two()
        house.enter("eve\r\nBCST forged\r\0BCST forged")
        assert drew.take() == []


class TestLeaving:
    def test_exit_asks(self) -> None:
        """exit asks; y leaves, in either form, and anything else stays."""
        for answer, status in (("y", Status.OK), ("YES", Status.OK), ("no", None), ("", None)):
            _, dani, drew = two()
            dani.enter("exit")
            assert dani.take() == [facts.LeaveAsked()]
            dani.enter(answer)
            assert dani.status is status
            assert drew.take() == ([] if status is None else [facts.WentOut("dani")])

    def test_end_of_input_asks_too(self) -> None:
        """Ctrl-D asks as exit does; a second one means it."""
        _, dani, _ = two()
        dani.end()
        assert dani.take() == [facts.LeaveAsked()]
        dani.end()
        assert dani.status == Status.OK

    def test_interrupt_twice(self) -> None:
        """Ctrl-C leaves only if it comes twice in a row, and clearing a line does not count."""
        house, dani, _ = two()
        dani.interrupt()
        assert dani.take() == [facts.InterruptedOnce()]
        house.pass_time(6)
        dani.interrupt()
        dani.interrupt(cleared=True)
        dani.enter("a line in between")
        dani.interrupt()
        assert dani.status is None
        dani.interrupt()
        assert dani.status == Status.OK

    def test_lines_under_way_are_not_left_behind(self) -> None:
        """Leaving waits until a slow server has taken everything that was typed."""
        house, dani, drew = two(lines_per_second=5, burst_lines=20)
        for number in range(40):
            dani.talk.typed(f"line {number}")
        dani.enter("/quit")
        assert len(dani.take(facts.WaitingToLeave)) == 1
        house.pass_time(6)
        assert dani.status == Status.OK
        said = [fact.text for fact in drew.take() if isinstance(fact, facts.OtherSaid)]
        assert said == [f"line {number}" for number in range(40)]

    def test_interrupt_while_leaving(self) -> None:
        """Who does not want to wait for that leaves at once, and is told what that costs."""
        _, dani, _ = two(lines_per_second=1, burst_lines=5)
        for number in range(40):
            dani.talk.typed(f"line {number}")
        dani.enter("/quit")
        dani.interrupt()
        assert dani.status == Status.OK
        assert len(dani.take(facts.Undelivered)) == 1


class TestLosingTheServer:
    def test_back_by_itself(self) -> None:
        """The reason is told, and then that we are back, under the same name."""
        house, dani, _ = two()
        house.stop()
        assert dani.take()[-1] == facts.ConnectionLost("the chat is closing", again=True)
        house.start()
        dani.retry()
        assert dani.take()[0] == facts.Entered("dani", again=True)

    def test_crash(self) -> None:
        """A server that dies without a word is a lost connection."""
        house, dani, _ = two()
        house.crash()
        assert dani.take()[-1] == facts.ConnectionLost("connection lost", again=True)

    def test_typed_meanwhile(self) -> None:
        """What is typed meanwhile is kept, shown, and sent on my word."""
        house, dani, _ = two()
        house.stop()
        dani.take()
        dani.enter("first", "/msg drew second", "LIST")
        assert dani.take() == [
            facts.KeptUnsent("first"),
            facts.KeptUnsent("second", "drew"),
            facts.Explained("There is no connection to the chat just now."),
        ]
        house.start()
        drew = house.enter("drew")
        dani.retry()
        assert dani.take(facts.UnsentWaiting) == [facts.UnsentWaiting(2)]
        assert drew.take(facts.OtherSaid, facts.OtherWhispered) == []
        dani.enter("/send")
        assert drew.take() == [
            facts.OtherSaid("dani", "first"),
            facts.OtherWhispered("dani", "second"),
        ]
        dani.enter("/send")
        assert dani.take()[-1] == facts.Explained("There is nothing unsent.")

    def test_dropped(self) -> None:
        """Or it is forgotten on my word."""
        house, dani, drew = two()
        house.stop()
        dani.enter("first")
        house.start()
        dani.retry()
        drew.retry()
        drew.take()
        dani.enter("/drop")
        assert dani.take()[-1] == facts.UnsentDropped(1)
        assert drew.take() == []

    def test_lines_without_a_receipt(self) -> None:
        """A line that was under way when the connection broke is kept as perhaps sent."""
        _, dani, drew = two()
        dani.deaf = dani.mute = True
        dani.enter("lost", "/msg drew lost, too")
        dani.deaf = dani.mute = False
        dani.cut()
        assert dani.take(facts.KeptUnsent) == [
            facts.KeptUnsent("lost", perhaps=True),
            facts.KeptUnsent("lost, too", "drew", perhaps=True),
        ]
        dani.retry()
        dani.enter("/send")
        said = drew.take(facts.OtherSaid, facts.OtherWhispered)
        assert said == [facts.OtherSaid("dani", "lost"), facts.OtherWhispered("dani", "lost, too")]

    def test_old_connection_not_noticed_dead(self) -> None:
        """If the server still believes in our old connection, we wait for it to notice."""
        house, dani, _ = two()
        ghost = dani._seat
        dani.forget()
        dani.retry()
        held = [facts.NotBackYet("dani is here already. Choose another name.")]
        assert dani.take(facts.NotBackYet) == held
        house.pass_time(TRY_AGAIN_SECONDS)
        ghost.connectionLost()
        house.pass_time(TRY_AGAIN_SECONDS)
        assert dani.take()[0] == facts.Entered("dani", again=True)

    def test_name_taken_by_somebody_else(self) -> None:
        """After some tries I am asked for another name."""
        house, dani, _ = two()
        dani.forget()
        dani.retry()
        house.pass_time(TRY_AGAIN_SECONDS * TRIES)
        assert dani.take()[-1] == facts.NameAsked()
        dani.enter("dani2")
        assert dani.take()[0] == facts.Entered("dani2", again=True)

    def test_dead_network_is_noticed(self) -> None:
        """A network that carries nothing any more is noticed within a minute."""
        house, dani, _ = two()
        dani.deaf = True
        house.pass_time(QUIET_SECONDS + DEAD_SECONDS)
        lost = facts.ConnectionLost("nothing has come for 40 seconds", again=True)
        assert dani.take() == [lost]
        assert QUIET_SECONDS + DEAD_SECONDS < 60

    def test_quiet_room_is_not_dead(self) -> None:
        """A room in which nobody speaks for an hour is left alone."""
        house, dani, _ = two()
        house.pass_time(3600)
        assert dani.take() == []
        assert dani.core.is_in

    def test_refused_again_and_again(self) -> None:
        """A server that stays away is reported once, not for each try."""
        house, dani, _ = two()
        house.crash()
        eve = house.enter("eve")
        dani.take()
        for _ in range(5):
            dani.retry()
            eve.retry()
        assert dani.take() == []
        assert eve.take() == [facts.ConnectionFailed("connection refused", again=True)]
        house.start()
        eve.retry()
        assert eve.take()[0] == facts.Entered("eve", helps=True)

    def test_no_reconnect(self) -> None:
        """--no-reconnect ends with a status of its own."""
        house = House()
        dani = house.enter("dani", reconnect=False)
        house.crash()
        assert dani.status == Status.LOST

    def test_leaving_while_away(self) -> None:
        """Who leaves while the server is away is asked with the unsent lines in mind."""
        house, dani, _ = two()
        house.crash()
        dani.enter("unsent")
        dani.take()
        dani.enter("exit")
        assert dani.take() == [facts.LeaveAsked(unsent=1)]
        dani.enter("y")
        assert dani.take() == [facts.Undelivered(1)]
        assert dani.status == Status.OK


class TestPipe:
    def pipe(self, house: House, *lines: str) -> Person:
        bot = house.enter("bot", someone=False)
        bot.pipe(*lines)
        bot.end()
        return bot

    def test_says_every_line_and_ends(self) -> None:
        """Every line is said as it is, whatever it looks like; blank ones are left out."""
        house, dani, _ = two()
        lines = ("plain", "/msg drew x", "QUIT", "", "exit", "  indented", "BCST x")
        bot = self.pipe(house, *lines)
        assert bot.status == Status.OK
        said = [fact.text for fact in dani.take() if isinstance(fact, facts.OtherSaid)]
        assert said == [line for line in lines if line]

    def test_more_than_may_be_under_way(self) -> None:
        """Ten thousand lines arrive in order, and input is not read ahead without bound."""
        house, dani, _ = two()
        numbers = [str(number) for number in range(10_000)]
        bot = self.pipe(house, *numbers)
        assert bot.status == Status.OK
        said = [fact.text for fact in dani.take() if isinstance(fact, facts.OtherSaid)]
        assert said == numbers
        waiting = Person(house, "waiting", someone=False)
        waiting.pipe(*numbers[: WINDOW + 1])
        assert not waiting.core.sending.has_room

    def test_flood_limit(self) -> None:
        """With the default limit, 60 lines take the 8 seconds that the limit says."""
        house, dani, _ = two(lines_per_second=5, burst_lines=20)
        bot = self.pipe(house, *map(str, range(60)))
        house.pass_time(8)
        assert bot.status is None
        house.pass_time(1)
        assert bot.status == Status.OK
        said = [fact.text for fact in dani.take() if isinstance(fact, facts.OtherSaid)]
        assert said == list(map(str, range(60)))

    def test_refused_line(self) -> None:
        """A refused line is named by its number, the others arrive, and the status tells."""
        house, dani, _ = two(line_bytes=30)
        bot = self.pipe(house, "one", "x" * 100, "three")
        sentence = "A line has at most 30 bytes. Nobody has seen that one."
        assert bot.take(facts.LineRefused) == [facts.LineRefused(sentence, "x" * 100, 2)]
        assert bot.status == Status.LINES_REFUSED
        said = [fact.text for fact in dani.take() if isinstance(fact, facts.OtherSaid)]
        assert said == ["one", "three"]

    def test_echo_of_another_line(self) -> None:
        """A line of ours that we have not sent is no receipt for one that we have."""
        house = House()
        bot = house.enter("bot", someone=False)
        bot.mute = True
        bot.pipe("one", "two  words")
        bot.end()
        bot.core.received(b"bot: BCST something else\r\n")
        assert bot.core.sending.pending == 2
        bot.core.received(b"bot: BCST one\r\nbot: BCST two words\r\n")
        assert bot.core.sending.pending == 0

    def test_nobody_to_ask_for_a_name(self) -> None:
        """A taken name ends it, with a status of its own."""
        house, _, _ = two()
        bot = house.enter("dani", someone=False)
        assert bot.status == Status.NOT_ADMITTED

    def test_no_server(self) -> None:
        """No server ends it at once, with a status of its own."""
        house = House()
        house.crash()
        bot = self.pipe(house, "x")
        assert bot.status == Status.NO_CONNECTION

    def test_server_restarted_in_between(self) -> None:
        """Lines without a receipt are sent again by themselves: late, but not lost."""
        house = House(Limits(lines_per_second=1, burst_lines=5))
        bot = house.enter("bot", someone=False)
        bot.pipe(*map(str, range(20)))
        bot.end()
        house.crash()
        assert bot.status is None
        house.start()
        dani = house.enter("dani")
        bot.retry()
        house.pass_time(30)
        assert bot.status == Status.OK
        said = [fact.text for fact in dani.take() if isinstance(fact, facts.OtherSaid)]
        assert said == list(map(str, range(4, 20)))

    def test_no_chat_there(self) -> None:
        """What never answers JOIN is no server, for a pipe that is not in yet."""
        house = House()
        bot = Person(house, "bot", someone=False)
        bot.deaf = True
        house.people.append(bot)
        bot.core.start()
        house.settle()
        house.pass_time(JOIN_SECONDS)
        assert bot.status == Status.NO_CONNECTION
        assert bot.take() == [facts.ConnectionFailed("no chat answers there", again=False)]

    def test_settled(self) -> None:
        """The tries to reconnect are counted until the connection has held for a while."""
        house = House()
        bot = house.enter("bot", someone=False)
        assert not bot.core.is_settled
        house.pass_time(SETTLED_SECONDS)
        assert bot.core.is_settled

    def test_server_gone_for_good(self) -> None:
        """Last lines do not wait for ever."""
        house = House(Limits(lines_per_second=1, burst_lines=5))
        bot = self.pipe(house, *map(str, range(20)))
        house.crash()
        house.pass_time(GIVE_UP_SECONDS + 1)
        assert bot.status == Status.LOST
        assert bot.take(facts.Undelivered) == [facts.Undelivered(16)]

    def test_more_than_is_read_ahead(self) -> None:
        """Nor do lines at which reading has stopped, so that the end of input is not known;
        while there is room, more input may come, and they wait."""
        house = House(Limits(lines_per_second=1, burst_lines=5))
        many, few = house.enter("many", someone=False), house.enter("few", someone=False)
        many.pipe(*map(str, range(2 * WINDOW)))
        few.pipe(*map(str, range(20)))
        house.crash()
        house.pass_time(GIVE_UP_SECONDS + 1)
        assert many.status == Status.LOST
        assert many.take(facts.Undelivered) == [facts.Undelivered(2 * WINDOW - 4)]
        assert few.status is None
        few.end()
        house.pass_time(1)
        assert few.status == Status.LOST

    def test_late_but_not_lost(self) -> None:
        """Lines that have waited long for the server are not given up when it is back."""
        house = House(Limits(lines_per_second=1, burst_lines=5))
        bot = house.enter("bot", someone=False)
        bot.pipe(*map(str, range(20)))
        house.crash()
        house.pass_time(2 * GIVE_UP_SECONDS)
        house.start()
        bot.retry()
        house.pass_time(30)
        assert not bot.core.sending.pending
        assert bot.status is None

    def test_server_that_lets_in_and_closes(self) -> None:
        """A line on which the connection breaks again and again is given up."""
        house = House()
        house.crash()
        bot = Person(house, "bot", someone=False)
        bot.pipe("poison", "more")
        bot.end()
        for _ in range(FAILURES):
            assert bot.status is None
            bot.core.connected()
            bot.core.received(b"SERVER: bot joined the chat!\r\n")
            bot.core.lost("connection lost")
            bot.carry_out()
        assert bot.status == Status.LOST
        assert bot.take(facts.ConnectionLost, facts.Undelivered)[-2:] == [
            facts.ConnectionLost("connection lost", again=False),
            facts.Undelivered(2),
        ]

    def test_no_receipts(self) -> None:
        """A server that is there and says nothing about our lines is given up, too."""
        house = House()
        bot = house.enter("bot", someone=False)
        bot.mute = True
        bot.pipe("x")
        bot.mute = False
        bot.end()
        house.pass_time(GIVE_UP_SECONDS - 1)
        assert bot.status is None
        house.pass_time(1)
        assert bot.status == Status.LOST

    def test_interrupt(self) -> None:
        """Ctrl-C ends a pipe at once, and tells what is not delivered."""
        house = House(Limits(lines_per_second=1, burst_lines=5))
        bot = self.pipe(house, *map(str, range(20)))
        bot.interrupt()
        assert bot.status == Status.INTERRUPTED
        assert bot.take(facts.Undelivered) == [facts.Undelivered(16)]


class TestIgnoring:
    def test_after_a_lost_connection(self) -> None:
        """Whoever was ignored is ignored again, those that come back later too; nobody is told
        of those that are away."""
        house, dani, drew = two()
        eve = house.enter("eve")
        dani.enter("/ignore DREW", "/ignore eve", "/unignore eve", "/ignore bob")
        drew.enter("/quit")
        dani.take()
        dani.cut()
        dani.retry()
        assert dani.take(facts.LineRefused) == []
        back = house.enter("drew")
        bob = house.enter("bob")
        back.enter("you do not see this", "/msg dani nor that")
        bob.enter("this you see")
        eve.enter("and this")
        assert dani.take(facts.OtherSaid, facts.OtherWhispered) == [
            facts.OtherSaid("bob", "this you see"),
            facts.OtherSaid("eve", "and this"),
        ]

    def test_while_they_are_there(self) -> None:
        """Before anything that they say is heard; and no more, once they were wanted again."""
        _, dani, drew = two()
        dani.enter("/ignore drew")
        dani.cut()
        dani.retry()
        drew.enter("not seen")
        assert dani.take(facts.OtherSaid) == []
        dani.enter("/unignore drew")
        dani.cut()
        dani.retry()
        drew.enter("seen")
        assert dani.take(facts.OtherSaid) == [facts.OtherSaid("drew", "seen")]
