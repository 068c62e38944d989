"""Ports for daemons that have to come back at the same one."""

import random
import socket

BELOW_EPHEMERAL = range(10_000, 32_000)
"""Nobody is given one of these who has not asked for it by number: neither port 0 nor the
near end of a connection. So while a daemon is away, its port stays its own."""


def free_port() -> int:
    """A port of 127.0.0.1 at which nobody listens."""
    while True:
        port = random.choice(BELOW_EPHEMERAL)
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
