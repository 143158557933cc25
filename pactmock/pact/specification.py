"""The versions of the Pact specification as values: what a version does is in its fields, never in an `if`.

Adding a version means adding a constant here (reference/matching.md §1.2, §1.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from pactmock.errors import InvalidParameter
from pactmock.pact import generators
from pactmock.pact.generators import Generators
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import categories as rule_categories
from pactmock.pact.matching_rules.categories import MatchingRules
from pactmock.pact.parts import body, headers, query_string
from pactmock.pact.parts.body import Body
from pactmock.pact.parts.charset import Charset
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.parts.headers import Headers
from pactmock.pact.parts.query_string import Query
from pactmock.pact.value import value


class WriteBody(Protocol):
    """Writes a body of a type and charset; `is_declared` says whether a header or metadata name the type too."""

    def __call__(
        self, body: Body, content_type: ContentType, *, is_declared: bool, charset: Charset = None
    ) -> Json: ...


@value
class Specification:
    """How one version of the specification reads and writes the parts of an interaction."""

    name: str
    version: str
    read_query: Callable[[Json], Query | None]
    write_query: Callable[[Query], Json]
    write_headers: Callable[[Headers], Mapping[str, Json]]
    read_body: Callable[[Json, ContentType | None], Body]
    write_body: WriteBody
    write_rules: Callable[[MatchingRules], Mapping[str, Json]]
    write_generators: Callable[[Generators], Mapping[str, Json]]
    exact_query: bool = False
    """Whether the query is compared as a text, with its order (V1)."""
    rule_aliases: bool = True
    """Whether `requestMatchingRules` and `responseMatchingRules` are read."""
    many_states: bool = True
    """Whether several provider states with parameters can be written."""
    messages: bool = True
    """Whether a file of this version can hold messages."""
    typed_interactions: bool = False
    """Whether interactions carry `type`, `pending`, comments and what else came with V4."""

    def __repr__(self) -> str:
        return f"<Specification {self.name}>"


def _v1_or_v2(name: str, version: str, *, exact_query: bool = False) -> Specification:
    return Specification(
        name=name,
        version=version,
        read_query=query_string.from_text,
        write_query=query_string.to_text,
        write_headers=headers.to_texts,
        read_body=body.from_v3,
        write_body=body.to_v3,
        write_rules=rule_categories.to_flat,
        write_generators=lambda _generators: {},  # the reference writes `"generators": null` here (§11 row 35, F)
        exact_query=exact_query,
        many_states=False,
        messages=False,
    )


V1 = _v1_or_v2("V1", "1.0.0", exact_query=True)
V1_1 = _v1_or_v2("V1.1", "1.1.0")
V2 = _v1_or_v2("V2", "2.0.0")
V3 = Specification(
    name="V3",
    version="3.0.0",
    read_query=query_string.from_text_or_map,
    write_query=query_string.to_map,
    write_headers=headers.to_texts,
    read_body=body.from_v3,
    write_body=body.to_v3,
    write_rules=rule_categories.to_categories,
    write_generators=generators.to_json,
)
V4 = Specification(
    name="V4",
    version="4.0",
    read_query=query_string.from_text_or_map,
    write_query=query_string.to_map,
    write_headers=headers.to_lists,
    read_body=body.from_v4,
    write_body=body.to_v4,
    write_rules=rule_categories.to_categories,
    write_generators=generators.to_json,
    rule_aliases=False,
    typed_interactions=True,
)

ALL = (V1, V1_1, V2, V3, V4)
_BY_SPELLING = {
    spelling: specification
    for specification in ALL
    for bare in [specification.name.removeprefix("V")]
    for spelling in (bare, f"{bare}.0", f"{bare}.0.0")
}


def named(name: str) -> Specification:
    """Return the version of a name such as `V3`, `v3`, `3` or `3.0`, as command lines and query parameters give it.

    Raises:
        InvalidParameter: for any other text.
    """
    found = _BY_SPELLING.get(name.strip().upper().removeprefix("V"))
    if found is None:
        known = ", ".join(specification.name for specification in ALL)
        raise InvalidParameter(
            f"'{name}' is not a version of the Pact specification: use one of {known}", parameter="specification"
        )
    return found


def highest(*names: str) -> Specification:
    """Return the highest of some versions."""
    return max(map(named, names), key=ALL.index)


def detect(metadata: Json) -> Specification:
    """Find the version that a pact's metadata names; one that says nothing is V3 (§1.2).

    Versions that are not known are read as V3 is, with the query as text, as the reference does.
    """
    sections = metadata if isinstance(metadata, dict) else {}
    section = sections.get("pactSpecification", sections.get("pact-specification"))
    version = section.get("version") if isinstance(section, dict) else None
    if version is None:
        return V3
    major, _, rest = str(version).strip().partition(".")
    if major == "1":
        return V1_1 if rest.partition(".")[0] == "1" else V1
    return {"2": V2, "3": V3, "4": V4}.get(major, V2)
