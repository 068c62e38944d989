"""Standard input, output and error, where whoever started us has closed some of them."""

import os
import sys


def open_the_closed() -> None:
    """Open what is closed as /dev/null: else the next socket takes its number, and gets
    what is written there."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            how = "w" if number else "r"
            null = os.open(os.devnull, os.O_WRONLY if number else os.O_RDONLY)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            setattr(sys, name, open(number, how, encoding="utf-8", closefd=False))  # noqa: SIM115
