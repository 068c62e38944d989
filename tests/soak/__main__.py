"""``python -m tests.soak``: soak the daemon, and print what came of it."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.soak.soaking import soak


def main() -> int:
    """Exit status 1 if anything was not within its bounds."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak") as where:
        figures = list(soak(Path(where), options.minutes))
    print(*figures, sep="\n")
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
