"""What frames a message on its way in and is no part of it: where its head and its body end, as far as it is known."""

from __future__ import annotations

from pactmock.server.wire.refused import Refused


class Frame:
    """What the reader has to know of a message besides what it is made of."""

    __slots__ = (
        "expects_continue", "is_upgrade", "left", "line_bytes", "most_body_bytes", "raw_target", "refused", "start",
        "tail",
    )  # fmt: skip

    def __init__(self) -> None:
        self.is_upgrade = False
        """Whether the head at hand is not its own, but only frames its body."""
        self.start = b""
        """The beginning of a message whose method is not whole."""
        self.tail = b""
        """The last bytes that were parsed of a head, or of a body in chunks: an empty line may end with the next."""
        self.most_body_bytes = 0
        self.left = 0
        """How many bytes of a body with a length are still to come."""
        self.line_bytes = 0
        """How many bytes came since the last ones of the body: lengths of chunks, and trailers."""
        self.refused: Refused | None = None
        self.expects_continue = False
        self.raw_target = b""
        """The target as it was sent, where the parser has to read it in another form."""
