"""A log that can't be written."""

import ctypes
import os
import re
import resource
import shutil
import time
from collections.abc import Callable, Iterator

from tests.torture.row import Figure, Run, all_of, none_of, row
from tests.torture.subject import ROOMY, Subject, subject

PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE = 1


def obey_permissions() -> None:
    """Root may write everywhere, unless it gives that up."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


LINES_EACH = 4  # connected, joined, left, disconnected
_VISIT = re.compile(
    r"(Connected with \(.*\d\)|Disconnected from \(.*quit|joined the chat!|left the chat: quit)$",
    re.MULTILINE,
)


@row(
    "log-trouble", "the disk is full under the log, its directory is gone, its file is not writable"
)
def log_trouble(run: Run) -> Iterator[Figure]:
    seconds = 0.2 if run.short else 70
    for number, make in enumerate((_full_disk, _no_directory, _not_writable)):
        where = run.place(f"daemon{number}")
        (where / "logs").mkdir()
        config = ROOMY + '[log]\nfile = "logs/chat.log"\n'
        with subject(where, config, log="logs/chat.log", prepare=obey_permissions) as daemon:
            begin, end = make(daemon)
            try:
                yield from _in_trouble(daemon, begin, end, seconds)
            finally:
                end()


def _in_trouble(
    daemon: Subject, begin: Callable[[], None], end: Callable[[], None], seconds: float
) -> Iterator[Figure]:
    bystander = daemon.member("bystander")
    _visit(daemon, "early")
    daemon.logged("Disconnected from .*: quit$")
    begin()
    before = len(_VISIT.findall(daemon.log_text()))
    visits, until = 1, time.monotonic() + seconds
    while time.monotonic() < until or visits < 10:
        _visit(daemon, f"visitor{visits}")
        visits += 1
        time.sleep(max(seconds / 50, 0.5))  # faster ones are not logged one by one
    seen = bystander.answers("BCST I am fine")
    wanted = 2 * visits + 1
    yield none_of("lines of the chat lost", [] if len(seen) == wanted else [str(seen)])
    warnings = daemon.complaints.count("cannot write to ")
    yield Figure("warnings", warnings, 1, 1 + seconds // 60)
    end()
    _visit(daemon, "late")
    daemon.logged("late has left the chat: quit$")
    daemon.logged(r"late has left the chat: quit\n.* Disconnected from .*: quit$")
    log = daemon.log_text()
    missing = sum(map(int, re.findall(r"(\d+) lines are missing here: ", log)))
    found = len(_VISIT.findall(log)) - before
    yield all_of("lines logged or said to be missing", found + missing, visits * LINES_EACH)
    bystander.close()


def _visit(daemon: Subject, name: str) -> None:
    peer = daemon.peer_at()
    peer.say(f"JOIN {name}", "QUIT")
    peer.rest()
    peer.close()


def _full_disk(daemon: Subject) -> tuple[Callable[[], None], Callable[[], None]]:
    """No file of the daemon's may grow any more, which a write meets as it does a full disk."""

    def limit(size: int) -> None:
        if daemon.running():
            resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def begin() -> None:
        limit(daemon.log.stat().st_size + 30)  # the first line is torn

    return begin, (lambda: limit(resource.RLIM_INFINITY))


def _no_directory(daemon: Subject) -> tuple[Callable[[], None], Callable[[], None]]:
    logs = daemon.log.parent

    return (lambda: shutil.rmtree(logs)), (lambda: logs.mkdir(exist_ok=True))


def _not_writable(daemon: Subject) -> tuple[Callable[[], None], Callable[[], None]]:
    """Another file has come into its place, that it may not write."""

    def begin() -> None:
        daemon.log.unlink()
        daemon.log.touch()
        daemon.log.chmod(0o444)

    return begin, (lambda: daemon.log.chmod(0o666))
