"""``chatd passwd``, as an operator uses it in a script."""

import subprocess
import sys
from pathlib import Path

from tests.integration.daemon import WITHIN

COMMAND = (sys.executable, "-m", "chatd.command")
"""The same as ``chatd``, which is not there before a checkout has been installed."""


def passwd(
    where: Path, password: str, *words: str, check: bool = True
) -> "subprocess.CompletedProcess[str]":
    """In this folder. ``check``: whether it has to succeed."""
    return subprocess.run(
        [*COMMAND, "passwd", *words],
        input=f"{password}\n",
        text=True,
        check=check,
        cwd=where,
        capture_output=True,
        timeout=WITHIN,
    )
