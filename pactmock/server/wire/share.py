"""The share that the message at hand has of what the process takes in: its bytes that were not dealt with yet."""

from __future__ import annotations

import time
from collections.abc import Callable

from pactmock.server.wire.intake import Intake

_WORTH_A_NOTE = 64 * 1024
"""Bytes that an upload has to bring for others to wait for it, once there is no room for all."""


class Share:
    """What a connection has taken of the intake. When others need the room, `refuse` ends an upload that stalls."""

    def __init__(self, intake: Intake, refuse: Callable[[], None]) -> None:
        self._intake = intake
        self._refuse = refuse
        self.size = 0
        self.heard = 0.0
        """When a part of a body came last that is worth waiting for, by the monotonic clock."""
        self._unnoted = 0
        """How many bytes of the body came since then."""

    def has_room_for(self, size: int) -> bool:
        """Tell whether a body can be taken without being counted, as it is dealt with at once."""
        intake = self._intake
        return not self.size and intake.body_bytes + size <= intake.most_body_bytes

    def take(self, size: int) -> None:
        """Count bytes, for which others are given up that bring nothing.

        Raises:
            Refused: when there is no room for them.
        """
        while not self._intake.take(size):
            if not self._intake.make_room(self):
                raise self._intake.refusal()
        self.size += size

    def keep(self, size: int) -> None:
        """Count a body that `has_room_for` let in."""
        if not self.size:
            self._intake.body_bytes += size
            self.size = size

    def note(self, size: int) -> None:
        """Note that a part of a body came, and more is to come. A byte now and then is as good as none."""
        self._unnoted += size
        if self._unnoted >= _WORTH_A_NOTE or self not in self._intake.uploads:
            self.heard, self._unnoted = time.monotonic(), 0
            self._intake.uploads.add(self)

    def end_upload(self) -> None:
        """Note that all of a body is there."""
        self._intake.uploads.discard(self)

    def give_back(self) -> None:
        """Count nothing more of the message."""
        self._intake.uploads.discard(self)
        self._intake.give_back(self.size)
        self.size = 0

    def give_up(self) -> None:
        """Refuse the rest of an upload that brings nothing, so that others have room."""
        self._refuse()

    def close(self) -> None:
        """Forget who refuses: in a circle only the garbage collector would find either."""
        self._refuse = _nobody


def _nobody() -> None:
    """Stand for a connection that is gone."""
