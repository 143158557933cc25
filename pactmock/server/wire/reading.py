"""Cuts what comes over a connection into messages; httptools parses them, and this is the one module that knows it.

A message that is cut in any way must be read as when it comes whole, and what follows it must not be touched before it
is complete. So the parser is never fed beyond the end of a message: heads, and bodies in chunks, end at an empty line,
other bodies when their length is reached, and both can be seen without parsing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import httptools

from pactmock.pact.parts.received_headers import decode
from pactmock.server.options import WireLimits
from pactmock.server.wire import refusals
from pactmock.server.wire.first_line import METHODS, asked_for, for_the_parser, is_begun, refuse_tls, target_of
from pactmock.server.wire.frame import Frame
from pactmock.server.wire.incoming import Message, Phase
from pactmock.server.wire.intake import Intake
from pactmock.server.wire.preface import PREFACE, SpeaksHttp2, is_preface
from pactmock.server.wire.refused import Refused
from pactmock.server.wire.share import Share

_IDLE, _HEAD, _BODY, _COMPLETE = Phase  # as names of their own they are found in a quarter of the time


class Reader:
    """Reads one message after the other. `message` is the one at hand, `phase` how far it has come.

    `body_limit` says how large the body of a message may be whose head is read; `intake` counts the bytes of bodies
    that the process has taken and not yet dealt with; `refuse` ends the message at hand from outside.
    """

    def __init__(
        self,
        limits: WireLimits,
        intake: Intake,
        body_limit: Callable[[Message], int],
        refuse: Callable[[Refused], None],
    ) -> None:
        self._limits = limits
        self._refuse = refuse
        self._share = Share(intake, self._give_up)
        self._most_head_bytes = limits.line + limits.field
        self._fewest_bytes_of_too_many = min(limits.field, _BYTES_OF_A_HEADER * limits.headers)
        self._body_limit = body_limit
        self._parser = httptools.HttpRequestParser(self)
        self._may_be_old = False
        self._is_plain = False
        """Whether nothing frames the message at hand but an empty line, as of most: its frame is good for the next."""
        self.keeps_alive = True
        """Whether more messages are wanted, as far as it is up to us."""
        self.first_line = b""
        """What the message at hand began with."""
        self.count = 0
        """How many messages were begun."""
        self._begin()

    def _begin(self) -> None:
        self.message = Message()
        self.phase = _IDLE
        if not self._is_plain:
            self._frame, self._is_plain = Frame(), True

    @property
    def is_within_head(self) -> bool:
        """Whether a message was begun whose head is not whole."""
        return self.phase is _HEAD or bool(self._frame.start)

    def feed(self, data: bytes) -> bytes:
        """Take what belongs to the message at hand, and return what follows it, or is left for another turn.

        After a complete message the next one is begun. Of a body in chunks no more is taken at once than others may
        wait for.

        Raises:
            Refused: when it is no message that can be taken. Nothing more can be read then.
            SpeaksHttp2: when the connection begins as one of HTTP/2. Nothing more is to be read here then.
        """
        if self.phase is _COMPLETE:
            self._begin()
        while data and self.phase is not _COMPLETE:
            if self.phase is _IDLE:
                data = self._take_start(data)
            elif self.phase is _HEAD:
                data = self._take_head(data)
            elif self._frame.left:
                data = self._take_sized(data)
            else:
                return self._take_chunked(data)
        return data

    def expects_continue(self) -> bool:
        """Tell once whether the client waits for a word before it sends the body of the message at hand."""
        expects, self._frame.expects_continue = self._frame.expects_continue, False
        return expects

    def end(self) -> None:
        """Note that nothing more comes.

        Raises:
            Refused: when that leaves a message incomplete.
        """
        if self.is_within_head or self.phase is _BODY:
            self._note_target()
            raise refusals.broken_off(self.message)

    def expire(self) -> Refused:
        """Return the refusal of a message that takes too long."""
        self._note_target()
        return refusals.late(self.message)

    def _note_target(self) -> None:
        """Note for whom a message is that breaks off in its first line, which the parser never saw."""
        if self._frame.start:
            self.message.target = target_of(self._frame.start)

    @property
    def asked_for(self) -> tuple[str, str] | None:
        """Method and target of the message at hand, also where the rest of it cannot be read; None for no HTTP."""
        if self.message.head_is_read:
            return self.message.method, decode(self.message.target)
        return asked_for(self.first_line[: self._limits.line])

    def release(self) -> None:
        """Let go of the body of the message at hand: it was dealt with, or will never be."""
        if self._share.size:
            self._share.give_back()
        self.message.body, self.message.body_bytes = b"", 0

    def keep(self) -> None:
        """Count a body that came with its head, and is not dealt with at once; there was room for it."""
        if self.message.body_bytes:
            self._share.keep(self.message.body_bytes)

    def _give_up(self) -> None:
        self._refuse(refusals.in_the_way(self.message))

    def close(self) -> None:
        """Let go of everything."""
        self.release()
        # They know this reader, and in a circle only the garbage collector would find them.
        self._parser = cast("httptools.HttpRequestParser", None)
        self._refuse = _nobody
        self._share.close()

    # The parts of a message.

    def _take_start(self, data: bytes) -> bytes:
        """Wait for the first line. What the parser cannot read in it, as the method `get`, is read in another form."""
        method = METHODS.get(data[: data.find(b" ")])
        if method is None or self._frame.start or data.find(b"\n") < 0 or not data.isascii():
            return self._take_odd_start(data)
        self.first_line = data
        self.message.method = method
        self.count += 1
        self.phase = _HEAD
        return self._take_head(data)

    def _take_odd_start(self, data: bytes) -> bytes:
        frame = self._frame
        self._is_plain = False
        data = (frame.start + data).lstrip(b"\r\n")
        refuse_tls(data)
        if not self.count and is_preface(data):
            if len(data) >= len(PREFACE):
                raise SpeaksHttp2(data[len(PREFACE) :])
            frame.start = data
            return b""
        frame.start = b""
        if len(data) <= self._limits.line and is_begun(data):
            frame.start = data
            return b""
        self.first_line = data
        self.message.method, frame.raw_target, data = for_the_parser(data)
        self.count += 1
        self.phase = _HEAD
        return self._take_head(data)

    def _take_head(self, data: bytes) -> bytes:
        frame = self._frame
        found = (frame.tail + data if frame.tail else data).find(_EMPTY_LINE)
        end = 0 if found < 0 else found + 4 - len(frame.tail)
        piece, rest = (data[:end], data[end:]) if 0 < end < len(data) else (data, b"")
        message = self.message
        message.head_bytes += len(piece)
        if message.head_bytes > self._most_head_bytes:
            raise refusals.too_many_headers(self._limits)
        self._may_be_old = bool(frame.tail) or piece.find(b"HTTP/1.0") >= 0  # to ask the parser of each takes its time
        self._parse(piece)
        if message.head_bytes > self._fewest_bytes_of_too_many:
            self._check_headers()
        if not end:
            self._is_plain = False
            self._share.take(len(piece))
            frame.tail = (frame.tail + piece)[-3:]
        elif self.phase is _HEAD:
            left = self._length_of_body()
            if 0 < left <= len(rest):  # the body came with its head, as most do: it is counted when it is kept
                if not self._share.has_room_for(left):
                    self._share.take(left)
                message.body, message.body_bytes = (rest, left) if len(rest) == left else (rest[:left], left)
                self._end_sized()
                return rest[left:]
            frame.left = left
        elif self._share.size:
            self._share.give_back()  # a head is only counted while it is not whole
        return rest

    def _check_headers(self) -> None:
        """Make sure that a head that is not small is within its bounds."""
        headers, limits = self.message.headers, self._limits
        if len(headers) > limits.headers or sum(len(name) + len(value) for name, value in headers) > limits.field:
            raise refusals.too_many_headers(limits)

    def _length_of_body(self) -> int:
        """Look in the headers for where the body ends, which the parser keeps to itself; 0 for one in chunks."""
        self.phase = _BODY
        self._is_plain = False
        frame, message, length = self._frame, self.message, 0
        if frame.tail:
            frame.tail = b""
        most = self._body_limit(message)
        for name, value in message.headers:  # by their lengths first: few names are as long as these
            if len(name) == _LENGTH and name.lower() == b"content-length":
                length = int(value)
            elif len(name) == _EXPECT and name.lower() == b"expect":
                frame.expects_continue = value.lower() == b"100-continue"
        if length > most:
            raise refusals.too_large(message, most)
        if not length:
            frame.most_body_bytes = most
        return length

    def _end_sized(self) -> None:
        self._parser = httptools.HttpRequestParser(self)  # the old one still waits for the body; this costs little
        self.phase = _COMPLETE

    def _take_sized(self, data: bytes) -> bytes:
        """Take a body whose length is known: there is nothing in it to be parsed."""
        left = self._frame.left
        piece, rest = (data, b"") if len(data) <= left else (data[:left], data[left:])
        self._share.take(len(piece))
        self.message.add(piece)
        self._frame.left = left - len(piece)
        if len(piece) < left:
            self._share.note(len(piece))
        else:
            self._share.end_upload()
            self._end_sized()
        return rest

    def _take_chunked(self, data: bytes) -> bytes:
        """Take a body in chunks up to each empty line: it may be the end of the message, or stand in a chunk."""
        frame = self._frame
        text, at = frame.tail + data, len(frame.tail)
        for _ in range(_PIECES_A_TURN):
            found = text.find(_EMPTY_LINE, max(at - 3, 0))
            end = len(text) if found < 0 else found + len(_EMPTY_LINE)
            frame.line_bytes += end - at
            self._parse(text[at:end])
            at = end
            if frame.line_bytes > self._limits.field:
                raise refusals.too_many_headers(self._limits)
            if at == len(text) or self.phase is _COMPLETE:
                break
        frame.tail = text[max(at - 3, 0) : at]
        if self.phase is not _COMPLETE:
            self._share.note(len(data))
        elif self.message.body_bytes:
            self._share.end_upload()
        else:
            self._share.give_back()
        return text[at:]

    def _parse(self, piece: bytes) -> None:
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            self._decline_upgrade()
        except httptools.HttpParserError as error:
            if self._frame.refused is None:
                raise refusals.unreadable(error) from None
        if self._frame.refused is not None:
            raise self._frame.refused

    def _decline_upgrade(self) -> None:
        """Go on as if nobody had asked for another protocol.

        Java's client asks for HTTP/2 with every request, also with one that has a body. The parser takes that body for
        another protocol, so it is parsed behind a head that only says how it ends.
        """
        self._parser = httptools.HttpRequestParser(self)
        framing = [(name, value) for name, value in self.message.headers if name.lower() in _FRAMING]
        if not framing:
            self.phase = _COMPLETE
            return
        self._frame.is_upgrade, self._is_plain = True, False
        lines = [b"POST / HTTP/1.1\r\n", *(name + b": " + value + b"\r\n" for name, value in framing), b"\r\n"]
        self._parse(b"".join(lines))

    # What the parser calls.

    def on_url(self, url: bytes) -> None:
        if self._frame.raw_target:
            self.message.target = self._frame.raw_target
        elif not self._frame.is_upgrade:
            self.message.target += url
            if len(self.message.target) > self._limits.line:
                self._frame.refused = refusals.line_too_long(self._limits)

    def on_header(self, name: bytes, value: bytes) -> None:
        message = self.message
        if not message.head_is_read:  # others are trailers, of which no pact says anything; or only for the parser
            message.headers.append((name, value))

    def on_headers_complete(self) -> None:
        message = self.message
        if not message.head_is_read:
            message.head_is_read = True
            message.keeps_alive = self.keeps_alive and self._parser.should_keep_alive()
            if self._may_be_old:
                message.is_old = self._parser.get_http_version() == "1.0"

    def on_body(self, content: bytes) -> None:
        if self._frame.refused is not None:
            return
        self._frame.line_bytes = 0
        if self.message.body_bytes + len(content) > self._frame.most_body_bytes:
            self._frame.refused = refusals.too_large(self.message, self._body_limit(self.message))
        else:
            try:
                self._share.take(len(content))
            except Refused as refused:
                self._frame.refused = refused
            else:
                self.message.add(content)

    def on_message_complete(self) -> None:
        if not self._frame.is_upgrade and self._parser.should_upgrade():
            return  # `_decline_upgrade` sees whether there is a body
        self.phase = _COMPLETE


def _nobody(_refused: Refused) -> None:
    """Stand for a connection that is gone."""


_EMPTY_LINE = b"\r\n\r\n"
_BYTES_OF_A_HEADER = len("a:\n")
"""How many bytes a header has at the least."""
_LENGTH, _EXPECT = len("content-length"), len("expect")

_PIECES_A_TURN = 256

_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
