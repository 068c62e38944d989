"""Every row of the table in its short form: smaller counts, the same properties."""

from pathlib import Path

import attrs
import pytest

from tests.torture import rows
from tests.torture.row import ROWS, Figure, Run
from tests.torture.rows.strangers import LIBRARY

MISSING = {"clock-jumps": "faketime"} if not LIBRARY else {}
"""Programs that some rows need and that are not installed."""

SLACK = 10
TAKES_TIME = ("ms", "ms of processor time", "s", "µs", "% of a processor")
PER_TIME = ("lines/s", "% of the pace")


def with_slack(figure: Figure) -> Figure:
    if figure.unit in TAKES_TIME:
        return attrs.evolve(figure, high=SLACK * figure.high)
    if figure.unit in PER_TIME:
        return attrs.evolve(figure, low=figure.low / SLACK)
    return figure


def test_every_row_is_in_the_table() -> None:
    """A module of rows that nobody imports would prove nothing."""
    modules = {path.stem for path in Path(rows.__file__).parent.glob("*.py")}
    assert modules - {"__init__", "sequences"} == set(rows.__all__)


@pytest.mark.parametrize("name", ROWS)
def test_row(name: str, tmp_path: Path) -> None:
    """The threat of this row is met, within its bounds.

    What takes time may take SLACK times as long as in the table, which is made on a quiet
    machine: a stall is seen here, too, and that others are at work is not.
    """
    if name in MISSING:
        # A developer may lack it; .ci/run installs it, and a skip fails there.
        pytest.skip(f"{MISSING[name]} is not installed")
    figures = list(ROWS[name].run(Run(tmp_path, short=True)))
    assert figures
    assert not [str(figure) for figure in map(with_slack, figures) if not figure.ok]
