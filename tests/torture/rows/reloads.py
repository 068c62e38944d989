"""A config that changes all the time, while people talk."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from tests.integration.daemon import wait_for
from tests.torture.elsewhere import elsewhere
from tests.torture.people import Account, chatting
from tests.torture.row import Figure, Run, all_of, none_of, row
from tests.torture.subject import ROOMY, Subject, subject

BROKEN = (
    "[room\n",
    "[rooms]\n",
    ROOMY + "lines_per_second = -1\n",
    '[line]\nlisten = ["gopher:70"]\n',
    "[room]\nmax_users = 1\n" + '[line]\nlisten = ["tcp:{busy}:interface=127.0.0.1"]\n',
)
"""Not TOML, no such section, no such value, no such place, a place that somebody else has."""


@row("reload", "100 reloads in 60 s, half of them of a broken file")
def reload(run: Run) -> Iterator[Figure]:
    people, count, seconds = (20, 20, 4.0) if run.short else (200, 100, 60.0)
    with (
        subject(run.place("daemon"), ROOMY) as daemon,
        subject(run.place("neighbour"), ROOMY) as neighbour,
        elsewhere(chatting, daemon.port, people, people) as talk,
    ):
        talk.ready()
        daemon.look_inside()
        began = time.monotonic()
        for number in range(count):
            _reload(daemon, number, neighbour.port)
            time.sleep(max(0.0, began + (number + 1) * seconds / count - time.monotonic()))
        took = time.monotonic() - began
        turn = daemon.look_inside()["longest_turn_cpu"] * 1000
        gone = daemon.count_logged("has left the chat|Disconnected")
        account: Account = talk.stop()
        refused = daemon.count_logged("Config not taken, nothing has changed: ")
    yield all_of("taken", daemon.count_logged("Config taken; changed: "), count // 2)
    yield all_of("refused", refused, count // 2)
    yield Figure("took", took, high=1.5 * seconds, unit="s")
    yield all_of("let go, or disconnected", gone, 0)
    yield none_of("lines lost, doubled or moved", account.faults)
    yield Figure("longest turn", turn, high=50, unit="ms of processor time")


def _reload(daemon: Subject, number: int, busy: int) -> None:
    if number % 2:
        text = BROKEN[number // 2 % len(BROKEN)].replace("{busy}", str(busy))
    else:
        text = _good(number, daemon.where)
    before = daemon.log_text().count(" Config ")
    (daemon.where / "chatd.toml").write_text(text, encoding="utf-8")
    os.kill(daemon.pid, signal.SIGHUP)
    wait_for(lambda: daemon.log_text().count(" Config ") > before, lambda: f"reload {number}", 30)


def _good(number: int, where: Path) -> str:
    """Another one each time: limits, words, places."""
    other = "" if number % 4 else f', "unix:{where}/chat{number}.sock"'
    places = f'[line]\nlisten = ["tcp:0:interface=127.0.0.1"{other}]\n'
    limits = f"lines_per_second = {5 + number % 7}\nidle_seconds = {number % 3 * 1000}\n"
    cap = ROOMY.replace("max_users = 0", f"max_users = {number % 5}\nmotd = 'number {number}'")
    return cap + limits + places
