"""How long is waited, and for what."""

from collections.abc import Callable

from chatd.client.sending import Sending

TRY_AGAIN_SECONDS = 2.0
TRIES = 4
"""How often it is tried to come in again under our own name before somebody is asked."""
GOODBYE_SECONDS = 3.0
JOIN_SECONDS = 20.0
"""What has not answered JOIN by then is no chat."""
PASSWORD_SECONDS = 90.0
"""The same, where the server may have to try a password first."""
SETTLED_SECONDS = 10.0
"""A server that lets us in and closes is not back before we have been in for so long."""
GIVE_UP_SECONDS = 120.0
"""For so long without a receipt, or a connection, a pipe keeps its lines."""


class Patience:
    """A pipe's, for its receipts. ``clock``: seconds that never go back."""

    def __init__(self, sending: Sending, clock: Callable[[], float]) -> None:
        self._sending = sending
        self._clock = clock
        self._answered = 0
        self.renew()

    def renew(self) -> None:
        """There is hope again."""
        self._since = self._clock()

    def is_over(self, is_in: bool, ending: bool) -> bool:
        """Whether to give up; to be asked about once a second. Without a connection, input
        that still comes (tail -f) is a reason to wait on, while there is room for it."""
        answered, sending = self._sending.unanswered.answered, self._sending
        if answered != self._answered or not (ending or sending.pending):
            self._answered = answered
            self.renew()
        stuck = is_in or ending or not sending.has_room
        return stuck and self._clock() - self._since >= GIVE_UP_SECONDS
