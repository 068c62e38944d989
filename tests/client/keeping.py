"""A room that keeps what is said, in a few lines, and a client that comes and goes."""

from chatd.client import facts, past
from chatd.client.core import Core
from chatd.client.effects import Done, Send, Show, Status
from chatd.client.talk import Talk
from chatd.lines import Last, Line, Since, stamp
from chatd.wire.recall import query_in


class Keeping:
    """The server. Nothing arrives, in either direction, before ``deliver``."""

    def __init__(self, history: bool = True) -> None:
        self.clock = 0.0
        self.pace = 0.25
        """Seconds between two lines."""
        self.kept: list[Line] = []
        self.asked: list[str] = []
        self.history = history
        self.replay = 0
        self.is_slow = False
        """Whether what is said meanwhile comes before an answer from the history."""
        self._out = ""
        self._answers = ""

    def say(self, speaker: str, text: str, keep: bool = True) -> None:
        """Somebody says it."""
        self.clock += self.pace
        if keep:
            self.kept.append(Line(1_700_000_000.0 + int(self.clock), speaker, text))
        self._tell(f"{speaker}: BCST {text}")

    def hang_up(self) -> None:
        """What was on its way is lost."""
        self._out = self._answers = ""

    def hear(self, line: str) -> None:
        """A line from the client."""
        verb, _, rest = line.partition(" ")
        self.asked.append(line)
        if verb == "JOIN":
            self._tell(f"SERVER: {rest} joined the chat!")
            if self.replay:
                self._recall(str(self.replay))
        elif verb == "BCST":
            self.say("dani", rest)
        elif verb == "LIST":
            self._tell("Online: dani")
        elif verb in ("HIST", "RECORD") and not self.history:
            self._tell("ERROR history-off: This room keeps no history.")
        elif verb == "RECORD":
            self._tell(f"RECORD {rest}: so be it")
        elif verb == "HIST":
            self._recall(rest)

    def deliver(self) -> bytes:
        """What goes out now."""
        out, self._out, self._answers = self._out + self._answers, "", ""
        return out.encode()

    def _recall(self, words: str) -> None:
        match query_in(words):
            case Last(count):
                lines = self.kept[-count:]
            case Since(at):
                lines = [line for line in self.kept if line.at >= at]
            case _:
                word = words.removeprefix("search ")
                lines = [line for line in self.kept if word in line.text]
        said = [f"HIST {stamp(line.at)} {line.speaker}: BCST {line.text}\r\n" for line in lines]
        answer = "".join([*said, "HIST end\r\n"])
        if self.is_slow:
            self._answers += answer
        else:
            self._out += answer

    def _tell(self, line: str) -> None:
        self._out += f"{line}\r\n"


class Visitor:
    """dani's client, by that room."""

    def __init__(self, room: Keeping, past_lines: int = 20, someone: bool = True) -> None:
        self.room = room
        self.seconds = 0.0
        self.core = Core("dani", lambda: self.seconds, someone, past=past_lines)
        self.talk = Talk(self.core)
        self.facts: list[facts.Fact] = []
        self.status: Status | None = None
        self._sent = b""
        self.core.start()

    def arrived(self) -> "Visitor":
        """The same, in."""
        self.arrive()
        return self

    def arrive(self) -> None:
        """A connection is made, and all answers come."""
        self.core.connected()
        self.settle()

    def lose(self) -> None:
        """The connection breaks; what was on its way is gone."""
        self.carry_out()
        self.room.hang_up()
        self._sent = b""
        self.core.lost("connection lost")
        self.carry_out()

    def send(self) -> None:
        """What this end has said reaches the server."""
        self.carry_out()
        sent, self._sent = self._sent, b""
        for line in sent.decode().splitlines():
            self.room.hear(line)

    def receive(self) -> None:
        """What the server has said reaches this end."""
        self.core.received(self.room.deliver())
        self.carry_out()

    def settle(self) -> None:
        """Back and forth until nobody has anything to say."""
        self.send()
        while data := self.room.deliver():
            self.core.received(data)
            self.send()

    def wait(self, seconds: float) -> None:
        """Time passes, and what comes of it is answered."""
        self.seconds += seconds
        self.core.tick()
        self.settle()

    def enter(self, line: str) -> None:
        """Somebody types it, and it is answered."""
        self.talk.typed(line)
        self.settle()

    def carry_out(self) -> None:
        while (effect := self.core.effect()) is not None:
            match effect:
                case Send(data):
                    self._sent += data
                case Show(fact):
                    self.facts.append(fact)
                case Done(status):
                    self.status = status

    def take(self, *kinds: type) -> list[facts.Fact]:
        """What was shown since the last time, if it is of these kinds."""
        shown, self.facts = self.facts, []
        return [fact for fact in shown if not kinds or isinstance(fact, kinds)]

    def read(self) -> list[str]:
        """All that was said and shown since the last time, a bar before what is past."""
        lines = []
        for fact in self.take():
            match fact:
                case past.Said(_, speaker, text):
                    lines.append(f"| {speaker}: {text}")
                case facts.OtherSaid(speaker, text):
                    lines.append(f"{speaker}: {text}")
                case facts.OwnSaid(text):
                    lines.append(f"dani: {text}")
        return lines
