"""``python -m chatd.client`` is ``chat``."""

import os
import signal
import sys

INTERRUPTED = 130


def main() -> int:
    """Run it; the exit status is one of Status. Ctrl-C ends it without a word, however early."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    from chatd.client.command import main as run

    try:
        signal.signal(signal.SIGINT, before)
        return run()
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
