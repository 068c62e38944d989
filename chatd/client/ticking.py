"""What comes of the passing of time: who waits too long for what, and what is tried again."""

from typing import TYPE_CHECKING

from chatd.client import facts
from chatd.client.effects import Abort, Stage, Status
from chatd.client.hearing import PING_WORD
from chatd.client.patience import (
    GOODBYE_SECONDS,
    JOIN_SECONDS,
    PASSWORD_SECONDS,
    TRY_AGAIN_SECONDS,
)
from chatd.wire import commands as asked

if TYPE_CHECKING:
    from chatd.client.core import Core


def tick(core: "Core") -> None:
    """About once a second."""
    age = core.age
    if core.is_held_back and core.stage.is_connected:
        # Nothing that the server has not said can be told from what is not read.
        core.pulse.heard()
        return core.patience.renew()
    if core.stage is Stage.LEAVING:
        if age >= GOODBYE_SECONDS:
            core.finish()
    elif _gives_up(core):
        core.finish(Status.LOST)
    elif core.stage is Stage.JOINING and age >= _join_seconds(core):
        core.why = "no chat answers there"
        core.do(Abort())
    elif core.someone and not (core.is_in or core.was_in or core.told):
        core.told = "connecting"
        core.show(facts.Connecting(core.where))
    elif core.stage is Stage.HELD_OFF and age >= TRY_AGAIN_SECONDS:
        core.ask_in()
    elif core.stage.is_connected:
        _feel_pulse(core)
        core.recall.tick()
    return None


def _gives_up(core: "Core") -> bool:
    waits = core.was_in and not core.someone
    return waits and core.patience.is_over(core.is_in, core.ending)


def _join_seconds(core: "Core") -> float:
    # After wrong passwords from our address, the server takes its time for the next.
    return PASSWORD_SECONDS if core.password else JOIN_SECONDS


def _feel_pulse(core: "Core") -> None:
    if core.pulse.is_dead:
        core.why = f"nothing has come for {core.pulse.silence:.0f} seconds"
        core.do(Abort())
    elif core.pulse.should_ask():
        core.ask_for(asked.Ping(PING_WORD))
