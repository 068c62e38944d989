"""``python -m tests.fuzz``: as many inputs as one likes, on all processors."""

import argparse
import math
import multiprocessing
import sys
import time

from tests.fuzz.targets import TARGETS
from tests.fuzz.throwing import BATCH, SHARES, try_throw


def main() -> int:
    """Exit status 1 if anything did harm."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="where to begin: the first batch's")
    parser.add_argument("--only", choices=sorted(TARGETS))
    options = parser.parse_args()
    shares = {options.only: 1.0} if options.only else SHARES
    jobs = [
        (target, options.seed + number)
        for target, share in shares.items()
        for number in range(math.ceil(options.inputs * share / BATCH))
    ]
    began, size, faults = time.monotonic(), 0, list[str]()
    with multiprocessing.get_context("spawn").Pool() as pool:
        for done, (bytes_sent, fault) in enumerate(pool.imap_unordered(try_throw, jobs), 1):
            size += bytes_sent
            faults += [fault] if fault else []
            if done % 50 == 0:
                print(f"{done * BATCH} inputs, {size / 1e6:.0f} MB", file=sys.stderr, flush=True)
    print(*faults[:5], sep="\n")
    seconds = time.monotonic() - began
    print(f"{len(jobs) * BATCH} inputs, {size / 1e6:.1f} MB, {len(faults)} faults, {seconds:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
