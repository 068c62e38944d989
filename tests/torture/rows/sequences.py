"""What strangers type to do more than talk, and what nobody may be kept from typing."""

import re

_CSI = [
    "2J", "31m", "?1049h", "6n", "c", ">c", "=c", "21t", "20t", "5n", "1;1H", "10A", "s", "u",
    "?25l", "8m", "!p", "4h", "20h", "2;5r", "?2004h", "99999999999b", "1$}", "38;2;1;2;3m",
]  # fmt: skip
_OSC = [
    "0;title\x07", "0;title\x1b\\", "8;;http://example.org\x1b\\link\x1b]8;;\x1b\\",
    "52;c;ZXZpbA==\x07", "52;c;?\x07", "2;open", "10;?\x07", "1337;File=:AA==\x07",
    "777;notify;a;b\x07", "4;1;?\x07", "9;x\x07", "50;x\x07",
]  # fmt: skip
_STRINGS = ['P$q"p\x1b\\', "P+q544e\x1b\\", "_Gx\x1b\\", "^x\x1b\\", "Xx\x1b\\", "P0;1|17/61\x1b\\"]
_SHORT = ["c", "7", "8", "M", "D", "E", "H", "N", "O", "(0", ")B", "#8", "%@", "%G", "=", ">", " F"]
_NESTED = [
    "\x1b[\x1b[2J2J", "\x1b\x1b[[2J", "\x1b]0;\x1b[2J", "\x1b[\x072J", "\x1b\u200b[2J",
    "\x1b[\u202e2J", "\x1b\x00[2J", "\x1b\x1b\x1b]0;x\x07", "\x1b", "\x1b[", "\x1b]",
]  # fmt: skip
_C1 = ["2J", "m", "31m"]
_SINGLE = [chr(code) for code in range(0x20) if chr(code) not in "\t\n\x1b"] + [
    "\x7f",
    "\r\r",
    "x\ry",
]
_INVISIBLE = [
    "\u202e", "\u202d", "\u2066", "\u2067", "\u2069", "\u061c", "\u200e", "\u200f", "\u200b",
    "\ufeff", "\u2060", "\u00ad", "\u2028", "\u2029", "\ufff9", "\U000e0041", "\u180e",
]  # fmt: skip
_PILES = ["Z" + "\u0301" * 40, "\u0489" * 30, "e" + "\u0316\u0301" * 20]

_TEXTS = [
    *("\x1b[" + one for one in _CSI),
    *("\x1b]" + one for one in _OSC),
    *("\x1b" + one for one in _STRINGS + _SHORT),
    *_NESTED,
    *("\x9b" + one for one in _C1),
    *("\x9d0;t\x9c", "\x90q\x9c", "\x85", "\x84", "\x8d", "\x9a", "\x9f"),
    *_SINGLE,
    *_INVISIBLE,
    *_PILES,
]
SEQUENCES = [
    *(text.encode() for text in _TEXTS),
    *(b"\x9b" + one.encode() for one in _C1),
    *(
        b"\x9d0;t\x9c",
        b"\x90q\x9c",
        b"\x85",
        b"\x84",
        b"\x8d",
        b"\xc2\x1b\x9b2J",
        b"\xc0\x9b",
        b"\xe0\x80\x9b",
    ),
    *(b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc1\xbf\x1b[2J"),
]

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
    "|[\u0300-\u036f\u0489]{5}"
)
"""Nothing of this is in anything that is sent or logged."""

HARMLESS = [
    "👩‍👩‍👧‍👦 👨🏽‍🚀 🏳️‍🌈 ❤️ 1️⃣ 🇩🇪 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "नमस्ते क्‍ष दुनिया",
    "می‌خواهم فارسی بنویسم",
    "שָׁלוֹם עוֹלָם",
    "ภาษาไทย น้ำ ผู้ใหญ่",
    "Tiếng Việt: ế ệ ở ữ",
    "e\u0301 and é, a\u0323\u0302",
    "中文、日本語、한국어",
    "தமிழ் ಕನ್ನಡ বাংলা ქართული አማርኛ",
    "a\ttab, \\x1b[2J in letters, {braces} %s $(x) <b>",
]

_LOOKS = [
    "DANI", "Dani", "dAnI", "ｄａｎｉ", "ＤＡＮＩ", "dаni", "dani\u200b", "\u200bdani",
    "da\u00adni", "dani\u202e", "dаnі", "daո\u0456", "d\u0430ni", "ԁani", "dan\u0456", "danı",
    "dani\u0301\u0301", "𝐝𝐚𝐧𝐢", "𝒹𝒶𝓃𝒾", "ⓓⓐⓝⓘ", "dani\ufe0f", "dani\u034f", "dani\u2060",
    "danl", "dan1", "dan\u006c", "DANl", "dani:", "dani ", "<dani>", "da ni", "dani\u3164",
    "d\u0251ni", "dan\u0131", "\ufeffdani", "dani\u0000", "d\u200dani", "dani\u180e",
]  # fmt: skip
_THAT_IS_NO_ATTEMPT = {"dani ", "danl", "dan1", "DANl"}  # trimmed; or another name, or refused
IMITATIONS = [name.encode() for name in _LOOKS if name not in _THAT_IS_NO_ATTEMPT]

_WORDS = ("SERVER", "ERROR", "Online", "Sorry", "Enter", "HIST", "HELP", "RECORD", "PONG")
RESERVED = [
    *(word.encode() for word in _WORDS),
    *(word.swapcase().encode() for word in _WORDS),
    *(f"{word}:".encode() for word in _WORDS),
    "ＳＥＲＶＥＲ".encode(),
    "ЅЕRVЕR".encode(),
    "SЕRVЕR".encode(),
    "𝐒𝐄𝐑𝐕𝐄𝐑".encode(),
    "SERVER\u200b".encode(),
    b"0nline",
    b"0NLINE",
    "Οnline".encode(),
    b"P0NG",
    b"HE1P",
    b"ERR0R",
    b"S0RRY",
]

LINE_BREAKS = [
    b"\r", b"\0", b"\r\r", b"\v", b"\f", b"\x1c", b"\x1d", b"\x1e", b"\x85", b"\xc2\x85",
    b"\xe2\x80\xa8", b"\xe2\x80\xa9", b"\x1b[1A\r", b"\x1b[2K\r", b"\x08" * 40,
    b"\xff\xf7", b"\xff\xf8",
    b"\x1bE", b"\x1bD\r", b"\xc2\x84\r", b" " * 200, b"\xe2\x80\xae",
    b"\xff\xfa\n\xff\xf0", b"\r\x00\x0d",
]  # fmt: skip
"""Some of these end a line for us, too: then what follows is a line of the forger's own."""
