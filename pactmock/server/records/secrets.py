"""What is secret in a received request, made unreadable before anything is noted.

A record, a log, an explanation and a store show what a client sent, to more people than the client: on a service that
others can reach, the values of a few headers must not be among it. They are replaced once, right after the comparison,
so nothing behind it can show them by mistake. What a pact expects is public: it stands in a file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pactmock.matching.mismatch import HeaderMismatch, MetadataMismatch, UndecidedMismatch
from pactmock.pact.parts.received_headers import LinesOfHttp2, ReceivedHeaders, received
from pactmock.pact.value import value

if TYPE_CHECKING:
    from pactmock.matching.expectation import Expectation
    from pactmock.matching.mismatch import Mismatch
    from pactmock.matching.parts.headers import HeaderMismatches
    from pactmock.matching.rule_set import RuleList
    from pactmock.matching.verdict import Candidate, Verdict
    from pactmock.pact.model import Request

SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key"})
"""The headers whose values are secret without being named by anybody."""

_SCHEMES = frozenset(
    {
        "apikey", "aws4-hmac-sha256", "basic", "bearer", "concealed", "digest", "dpop", "gnap", "hoba", "mutual",
        "negotiate", "ntlm", "oauth", "privatetoken", "scram-sha-1", "scram-sha-256", "token", "vapid",
    }
)  # fmt: skip
"""Authentication schemes: the first word of a value that says how the rest is to be read, and is no secret."""


@value
class Secrets:
    """Which headers are secret, by their names in lower case, and whether this service hides their values at all."""

    names: frozenset[str] = SECRET_HEADERS
    active: bool = False

    def mask(self, name: str, received: str, expected: str | None = None) -> str:
        """Replace the received value of a secret header by its scheme and length: `Bearer [36 characters]`.

        With an `expected` value it says where the two differ, counted from 1 over the whole value:
        `Bearer [36 characters, differs at character 8]`. Other headers, and what is empty, stay as they are.
        """
        if not received or not self._hides(name):
            return received
        scheme, secret = _apart(received, expected)
        place = _first_difference(received, expected) if expected is not None else None
        size = "1 character" if len(secret) == 1 else f"{len(secret)} characters"
        differs = "" if place is None else f", differs at character {place}"
        return f"{scheme}[{size}{differs}]"

    def request(self, request: Request) -> Request:
        """Return a received request as it may be noted."""
        if not self.active or self.names.isdisjoint(request.headers):
            return request
        headers = received(request.headers)
        masked = [(name.encode(), self.mask(name, value).encode()) for name, value in headers.lines]
        is_http2 = isinstance(headers.raw_lines, LinesOfHttp2)
        return replace(request, headers=ReceivedHeaders(LinesOfHttp2(masked) if is_http2 else masked))

    def verdict(self, verdict: Verdict) -> Verdict:
        """Return a verdict as it may be explained and noted: its request, and what it says of secret headers.

        Whoever compares the request again, as with other mock servers, needs the one that was received.
        """
        if not self.active:
            return verdict
        near = tuple(self._candidate(candidate) for candidate in verdict.near)
        return replace(verdict, request=self.request(verdict.request), near=near)

    def metadata(self, mismatch: Mismatch) -> Mismatch:
        """Say what differs in a reply to a message anew, where that is metadata of a secret name."""
        if not (isinstance(mismatch, MetadataMismatch) and mismatch.actual and self._hides(mismatch.key)):
            return mismatch
        actual = self.mask(mismatch.key, mismatch.actual)
        prefix = f"Expected metadata key '{mismatch.key}' to have value '{mismatch.expected}' but was '{actual}'"
        return replace(mismatch, actual=actual, mismatch=prefix)

    def _hides(self, name: str) -> bool:
        return self.active and name.lower() in self.names

    def _candidate(self, candidate: Candidate) -> Candidate:
        result = candidate.result
        secret = {name: found for name, found in result.headers.items() if found and self._hides(name)}
        if not secret:
            return candidate
        masked: HeaderMismatches = {
            name: [self._mismatch(candidate.expectation, name, item) for item in found]
            for name, found in secret.items()
        }
        return replace(candidate, result=replace(result, headers={**result.headers, **masked}))

    def _mismatch(
        self, expectation: Expectation, name: str, mismatch: HeaderMismatch | UndecidedMismatch
    ) -> HeaderMismatch | UndecidedMismatch:
        """Say a mismatch anew: the received value can stand in its text in many spellings, whole and in parts."""
        if not mismatch.actual:
            return mismatch
        place = expectation.header_rules.field(name.lower())
        expected, rules = mismatch.expected, place.rules if place.rules is not None else place.index(0).rules
        actual = self.mask(name, mismatch.actual, expected if rules is None else None)
        used = "for equality" if rules is None else f"using {_names_of(rules)}"
        if isinstance(mismatch, UndecidedMismatch):
            text = f"The header '{name}' could not be compared: '{actual}' was given up, {used}"
            return replace(mismatch, actual=actual, mismatch=text)
        unequal = f"Expected '{actual}' to be equal to '{expected}'"
        problem = unequal if rules is None else f"Unable to match '{actual}' {used}"
        return replace(mismatch, actual=actual, mismatch=f"Mismatch with header '{name}': {problem}")


SHOWN = Secrets()
"""Nothing is hidden, as on a service that only this machine reaches."""


def _apart(received: str, expected: str | None) -> tuple[str, str]:
    """Take the scheme off a value, with the space behind it; a first word that nobody knows is secret too."""
    scheme, space, secret = received.partition(" ")
    known = scheme.lower() in _SCHEMES or (expected is not None and expected.startswith(f"{scheme} "))
    return (scheme + space, secret) if space and known else ("", received)


def _first_difference(received: str, expected: str) -> int | None:
    if received == expected:
        return None
    pairs = enumerate(zip(received, expected, strict=False), 1)
    return next((place for place, (one, other) in pairs if one != other), min(len(received), len(expected)) + 1)


def _names_of(rules: RuleList) -> str:
    from pactmock.matching.texts.rendering import debug_rule

    return (" or " if rules.any_of else " and ").join(debug_rule(item.rule) for item in rules.rules)
