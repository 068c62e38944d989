"""Whether the desktop is dark, as far as it tells."""

import os
import shutil
import sys
from collections.abc import Mapping
from typing import Any

from twisted.internet import defer
from twisted.internet.utils import getProcessOutput

ASK_SECONDS = 3.0
"""After so long, a desktop that does not answer is a light one."""

_PORTAL = (
    *("gdbus", "call", "--session", "--timeout=2", "--dest=org.freedesktop.portal.Desktop"),
    "--object-path=/org/freedesktop/portal/desktop",
    "--method=org.freedesktop.portal.Settings.Read",
    *("org.freedesktop.appearance", "color-scheme"),
)
_GNOME = ("gsettings", "get", "org.gnome.desktop.interface", "color-scheme")
_MAC = ("defaults", "read", "-g", "AppleInterfaceStyle")


async def is_dark(reactor: Any, environment: Mapping[str, str] = os.environ) -> bool:
    """Ask, without holding anything up. What can't be known is light."""
    if environment.get("GTK_THEME"):  # set by hand, and so above all else
        return environment["GTK_THEME"].lower().endswith((":dark", "-dark"))
    if sys.platform == "darwin":
        return "dark" in (await _answer(_MAC, reactor, environment)).lower()
    if "uint32 1" in await _answer(_PORTAL, reactor, environment):
        return True
    return "prefer-dark" in await _answer(_GNOME, reactor, environment)


async def _answer(words: tuple[str, ...], reactor: Any, environment: Mapping[str, str]) -> str:
    program = shutil.which(words[0], path=environment.get("PATH"))
    if program is None:
        return ""
    asked: defer.Deferred[bytes] = getProcessOutput(
        program, words[1:], dict(environment), reactor=reactor, errortoo=True
    )
    asked.addTimeout(ASK_SECONDS, reactor)
    try:
        return (await asked).decode(errors="replace")
    except Exception:  # whatever it is, the desktop does not tell
        return ""
