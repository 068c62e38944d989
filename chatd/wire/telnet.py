"""Telnet's option negotiation, answered and taken out (RFC 854, RFC 855).

UTF-8 never contains the byte 255, so text without it passes untouched and one door
serves netcat and telnet alike. Every option is declined. A Ctrl-C in inetutils-telnet
sends DO TIMING-MARK and shows nothing more until that is answered.
"""

import re

IAC, DONT, DO, WONT, WILL, SB, SE = (bytes([code]) for code in (255, 254, 253, 252, 251, 250, 240))

LONGEST_SUBNEGOTIATION = 1024
"""Bytes. What comes after so many without an end is text again: nobody's line hangs."""

MOST_COMMANDS = 2000
"""In all. A telnet sends some twenty, and two for each Ctrl-C; each costs us a microsecond,
and is not slowed down."""

_INSIDE = rb"(?:[^\xff]|\xff[^\xf0])"
_COMMAND = re.compile(
    rb"\xff(?:"
    rb"(?P<option>[\xfb-\xfe].)"
    rb"|\xfa%(inside)s{0,%(most)d}?\xff\xf0"
    rb"|(?P<open>[\xfb-\xfe]?\Z|\xfa%(inside)s{0,%(most)d}?\xff?\Z)"  # more to come
    rb"|\xfa%(inside)s{%(most)d}"
    rb"|(?P<escaped>\xff)"
    rb"|[\x80-\xf9]"  # a command of two bytes
    rb")" % {b"inside": _INSIDE, b"most": LONGEST_SUBNEGOTIATION},
    re.DOTALL,
)
_REFUSAL = {DO: WONT, WILL: DONT}


class TelnetFilter:
    """Takes telnet commands out of a stream that may be cut anywhere."""

    def __init__(self) -> None:
        self._open = b""
        self._commands = 0

    @property
    def is_flooded(self) -> bool:
        """Whether this is more than any telnet sends; what comes after is not read."""
        return self._commands > MOST_COMMANDS

    @property
    def is_open(self) -> bool:
        """Whether it is in the middle of a command."""
        return bool(self._open)

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """The text in ``data``, and what to answer (empty: nothing)."""
        if self.is_flooded:
            return b"", b""
        if not self._open and IAC not in data:
            return data, b""
        data, self._open = self._open + data, b""
        texts: list[bytes] = []
        answers: list[bytes] = []
        read = 0
        for match in _COMMAND.finditer(data):
            texts.append(data[read : match.start()])
            read = match.end()
            self._take(match, texts, answers)
            if self.is_flooded:
                read = len(data)
                break
        texts.append(data[read:])
        return b"".join(texts), b"".join(answers)

    def _take(self, match: re.Match[bytes], texts: list[bytes], answers: list[bytes]) -> None:
        if match["open"] is not None:
            self._open = match[0]
            return
        self._commands += 1
        option = match["option"]
        if match["escaped"]:
            texts.append(IAC)
        elif option and option[:1] in _REFUSAL:
            answers.append(IAC + _REFUSAL[option[:1]] + option[1:])
