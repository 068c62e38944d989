"""The manual pages keep up with the program."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from chatd.client.effects import Status
from chatd.client.typed import SLASH_COMMANDS

PAGES = Path(__file__).parents[2] / "docs" / "man"


def text(page: str) -> str:
    return (PAGES / page).read_text(encoding="utf-8").replace("\\-", "-")


def options(*words: str) -> set[str]:
    shown = subprocess.run(
        [sys.executable, "-P", *words, "--help"], capture_output=True, text=True, check=True
    )
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", shown.stdout))


def test_every_option_is_in_the_manual() -> None:
    """What --help lists, chat(1) explains."""
    told = text("chat.1")
    assert {option for option in options("-m", "chatd.client") if option not in told} == set()


def test_every_option_is_in_the_synopsis() -> None:
    """And the first lines of chat(1) show it."""
    synopsis = text("chat.1").split(".SH SYNOPSIS")[1].split(".SH ")[0]
    left_out = {"--version", "--help"}
    assert options("-m", "chatd.client") - left_out <= set(re.findall(r"--[a-z-]+", synopsis))


def test_every_command_is_in_the_manual() -> None:
    """So it does what can be typed."""
    told = text("chat.1")
    assert [command for command in SLASH_COMMANDS if command not in told] == []


@pytest.mark.parametrize("status", Status)
def test_every_exit_status_is_in_the_manual(status: Status) -> None:
    """The table of exit statuses is whole."""
    assert re.search(rf"^{int(status)}\t\w", text("chat.1"), re.MULTILINE)


def test_every_word_of_chatd_is_in_its_manual() -> None:
    """chatd(8) names what `chatd` can be asked, and each option of it."""
    told = text("chatd.8")
    told += "--help"  # which every command has
    for command in ("check", "config", "cert", "passwd", "history"):
        assert f"chatd {command}" in told
        assert {one for one in options("-m", "chatd.command", command) if one not in told} == set()
    for what in ("export", "search", "stats", "prune", "import"):
        asked = options("-m", "chatd.command", "history", what)
        assert {one for one in asked if one not in told} == set()
    for word in ("--version", "USR1", "HUP", "TERM"):
        assert word in told


def test_what_to_type_of_a_history() -> None:
    """--help begins with words that can be typed."""
    words = [sys.executable, "-P", "-m", "chatd.command", "history", "search", "--help"]
    shown = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert shown.startswith("usage: chatd history search [options] [FILE] WORD...\n")
