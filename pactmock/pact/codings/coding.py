"""What a content coding is: it is undone piece by piece, so that a small body cannot fill the memory, and applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pactmock.pact.value import value

CHUNK = 64 * 1024
"""How many bytes a piece has, more or less."""


class NotDecodable(Exception):
    """Why a body is not what its `Content-Encoding` says, in a few words."""


class EndsTooEarly(NotDecodable):
    """What there is of the body is coded so."""

    def __init__(self) -> None:
        super().__init__("it ends too early")


@value
class Coding:
    """How a coding is undone and applied; the same content is coded as the same bytes each time.

    `decoded` yields what a body says; it raises `NotDecodable` where it finds that the body is not coded so.
    """

    decoded: Callable[[bytes], Iterator[bytes]]
    encoded: Callable[[bytes], bytes]
    has_signature: bool = True
    """Whether the first bytes tell what is coded so from a text."""
