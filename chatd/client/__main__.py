"""``python -m chatd.client`` is ``chat``."""

import os
import signal
import sys

INTERRUPTED = 130


def main() -> int:
    """Run it. Ctrl-C while it is being loaded ends it without a word."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    from chatd.client.command import main as run

    signal.signal(signal.SIGINT, before)
    return run()


if __name__ == "__main__":
    sys.exit(main())
