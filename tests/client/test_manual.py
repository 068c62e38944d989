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


def test_every_command_is_in_the_manual() -> None:
    """So it does what can be typed."""
    told = text("chat.1")
    assert [command for command in SLASH_COMMANDS if command not in told] == []


@pytest.mark.parametrize("status", Status)
def test_every_exit_status_is_in_the_manual(status: Status) -> None:
    """The table of exit statuses is whole."""
    assert re.search(rf"^{int(status)}\t\w", text("chat.1"), re.MULTILINE)


def test_every_word_of_chatd_is_in_its_manual() -> None:
    """chatd(8) names what `chatd` can be asked."""
    told = text("chatd.8")
    options = ("--remove", "--list", "--config", "--version")
    for word in ("check", "config", "passwd", "history", *options, "USR1", "TERM"):
        assert word in told
