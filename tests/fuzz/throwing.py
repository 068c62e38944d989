"""Batches of inputs, each from a seed."""

import traceback
from itertools import islice

from tests.fuzz.inputs import Rand
from tests.fuzz.targets import TARGETS

SHARES = {
    "wire": 0.3,
    "reader": 0.1,
    "client": 0.1,
    "door": 0.3,
    "frames": 0.1,
    "messages": 0.1,
}
BATCH = 2100
"""Inputs from one seed: how far one has to go back to see a fault again."""


def throw(target: str, seed: int, inputs: int = BATCH) -> int:
    """So many inputs; gives their bytes. Raises with the first that does harm."""
    rand = Rand(f"{target} {seed}")
    return sum(islice(TARGETS[target](rand), inputs))


def try_throw(job: tuple[str, int]) -> tuple[int, str]:
    """The same for a target and a seed; gives the bytes, and what went wrong."""
    try:
        return throw(*job), ""
    except Exception:
        return 0, f"{job[0]} with seed {job[1]}:\n{traceback.format_exc()}"
