"""``python -m tests.torture``: run the table, a line for each row."""

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.torture import rows
from tests.torture.row import NOT_YET, ROWS, Row, Run

PLAIN = "{name}: {figures}; {verdict} [{seconds} s]"
TABLE = "| {threat} | `{name}` | {figures} | {verdict} |"


def torture(row: Row, short: bool, line: str) -> bool:
    """Run a row and print its line; whether everything was within its bounds."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture") as where:
        Path(where).chmod(0o755)
        try:
            figures = list(row.run(Run(Path(where), short)))
        except Exception as error:
            traceback.print_exc()
            print(f"{row.name}: could not be measured: {error!r:.300} NOT OK", flush=True)
            return False
    ok = all(figure.ok for figure in figures)
    fields = {
        "name": row.name,
        "threat": row.threat,
        "figures": "; ".join(map(str, figures)),
        "verdict": "ok" if ok else "NOT OK",
        "seconds": f"{time.monotonic() - began:.0f}",
    }
    print(line.format_map(fields), flush=True)
    return ok


def main() -> int:
    """Exit status 1 if any row is not ok."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=rows.__doc__)
    parser.add_argument("--only", metavar="ROW", action="append", choices=sorted(ROWS))
    parser.add_argument("--short", action="store_true", help="smaller counts, the same properties")
    parser.add_argument("--markdown", action="store_true", help="the table for docs/guarantees.md")
    parser.add_argument("--list", action="store_true", help="the rows and their threats")
    options = parser.parse_args()
    chosen = [ROWS[name] for name in options.only] if options.only else list(ROWS.values())
    if options.list:
        print(*(f"{row.name}: {row.threat}" for row in chosen), sep="\n")
        return 0
    line = TABLE if options.markdown else PLAIN
    fine = [torture(row, options.short, line) for row in chosen]
    if not options.only:
        print(*(f"{name}: not in this version ({why})" for name, why in NOT_YET.items()), sep="\n")
    print(f"{sum(fine)} of {len(fine)} rows ok")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
