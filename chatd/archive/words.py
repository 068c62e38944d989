"""The words of ``chatd history``."""

import argparse
from datetime import datetime
from typing import Any

from chatd.when import when

FORMATS = ("text", "jsonl", "csv", "html")


def add_words(parser: argparse.ArgumentParser) -> None:
    """What can be asked for. FILE may be left out for --config, so words are told apart later."""
    asks = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    export = _ask(asks, "export", "write out what was said", "[FILE]")
    _add_choice(export)
    export.add_argument("--format", choices=FORMATS, default="text", help="(text)")
    export.add_argument("--out", metavar="FILE", help="write there, not to standard output")
    export.add_argument("--utc", action="store_true", help="text, html: times in UTC, not local")
    export.add_argument("--raw", action="store_true", help="csv: formulas are left as they are")
    search = _ask(asks, "search", "lines with all the words", "[FILE] WORD...")
    _add_choice(search)
    search.add_argument("--format", choices=FORMATS[:2], default="text", help="(text)")
    search.add_argument("--utc", action="store_true", help="times in UTC, not local")
    stats = _ask(asks, "stats", "how much is there, and of whom", "[FILE]")
    stats.add_argument("--utc", action="store_true", help="times in UTC, not local")
    prune = _ask(asks, "prune", "remove lines for good", "[FILE]")
    prune.add_argument("--before", metavar="TIME", type=_time, help="what was said before TIME")
    prune.add_argument("--keep", metavar="N", type=_count, help="all but the last N lines")
    prune.add_argument("--name", metavar="NAME", help="what NAME has said")
    _ask(asks, "import", "take in an export in JSON lines", "[FILE] EXPORT")


def _ask(asks: Any, what: str, does: str, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = asks.add_parser(
        what, help=does, description=does, usage=f"chatd history {what} [options] {words}"
    )
    parser.add_argument("words", nargs="*", metavar=words, help="FILE: the history's, see --config")
    parser.add_argument("-c", "--config", metavar="CONFIG", help="the daemon's, which names FILE")
    return parser


def _add_choice(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--since", metavar="TIME", type=_time, help="only from TIME on: 2026-11-20, yesterday, 2h")
    add("--until", metavar="TIME", type=_time, help="only before TIME")
    add("--name", metavar="NAME", action="append", default=[], help="only NAME's; may be repeated")


def _time(word: str) -> float:
    try:
        return when(word, datetime.now()).timestamp()
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None


def _count(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 16):
        raise argparse.ArgumentTypeError(f"{word!r} is not a number of lines")
    return int(word)
