"""Warnings about rules of XML that hold here, and that the provider's verification finds nothing for.

See reference/matching.md §11 row 19, F.

Here a rule may name an element with the prefix that the document gives its namespace, and have indexes in its path. The
reference knows elements by the URI of their namespace, and no indexes (reference/matching.md §4.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from pactmock.matching import budget
from pactmock.matching.bodies.reading import Unreadable
from pactmock.pact.matching_rules import RuleEntry
from pactmock.pact.matching_rules.categories import to_flat
from pactmock.pact.path_expression import PathExpression, Token, Wildcard, of_tokens
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import PactWarning
from pactmock.review.subject import Payload, Subject, content_of, payload_of

if TYPE_CHECKING:
    from pactmock.matching.bodies.xml_document import Document
    from pactmock.matching.values.elements import Element

_Names: TypeAlias = tuple[str, ...]
"""The way to an element, an attribute or a text, as the reference names it."""


def unfound_xml_rules(subject: Subject) -> Iterator[PactWarning]:
    """Yield the rules of what the provider sends that the verifier does not apply, so that it compares by equality."""
    for part in subject.answered:
        entries = part.matching_rules.get("body", ())
        content = content_of(part)
        if not entries or b"<" not in content[:_START] or not _may_be_unfound(content, entries):
            continue
        document = document_of(payload_of(part))
        if document is None:
            continue
        ways = _Ways(document)
        for entry in entries:
            meant = ways.meant_by(entry.path)
            if meant is not None:
                written, better = (_as_written(path, subject.version) for path in (entry.path, meant))
                yield PactWarning(
                    f"The provider's verification finds nothing at {written}, and compares by equality: in XML it"
                    f" knows elements by the URI of their namespace, and no indexes. Write {better}",
                    "xml_rule_unfound",
                    (*part.place, *entry.place_of(0)),
                )


def _as_written(path: PathExpression, version: Specification) -> str:
    return f"$.body{path.text[1:]}" if version.write_rules is to_flat else path.text


_MOST_BYTES = 64 * 1024
"""Of how many a document is looked at: to walk through one of megabytes takes seconds, which no warning is worth."""


def document_of(sent: Payload) -> Document | None:
    """Read what is sent as XML, where it is a document, and not too large."""
    if not sent.content_type.is_xml or len(sent.body.content) > _MOST_BYTES:
        return None
    from pactmock.matching.bodies.xml_document import Document, parse  # late: lxml takes 5 MB

    try:
        return Document(parse(sent.body.content))
    except Unreadable:
        return None


_START = 256
"""In how many bytes a document begins, blanks before it counted."""


def _may_be_unfound(content: bytes, entries: Sequence[RuleEntry]) -> bool:
    tokens = (token for entry in entries for token in entry.path.tokens)
    has_indexes = any(isinstance(token, int) or token is Wildcard.ANY_INDEX for token in tokens)
    return has_indexes or b"xmlns" in content or b"xml:" in content


class _Ways:
    """All ways through a document."""

    def __init__(self, document: Document) -> None:
        self._prefixes = document.prefixes
        self._all = dict.fromkeys(_ways(document.element, (document.element.name,)))

    def meant_by(self, path: PathExpression) -> PathExpression | None:
        """Return what to write for a path that leads somewhere here, and nowhere in the reference."""
        if not path.tokens or self._first(path.tokens, _is_named):
            return None
        tokens = tuple(token for token in path.tokens if isinstance(token, str) or token is Wildcard.ANY)
        way = self._first(tokens, self._is_spelled)
        steps = zip(tokens, way or (), strict=False)
        return of_tokens(tuple(token if token is Wildcard.ANY else name for token, name in steps)) if way else None

    def _first(self, tokens: tuple[Token, ...], leads: Callable[[Token, str], bool]) -> _Names | None:
        """Return the first way of all on which each token leads to the next name."""
        spend = budget.current().spend
        for way in self._all:
            spend()
            if len(way) == len(tokens) and all(map(leads, tokens, way)):
                return way
        return None

    def _is_spelled(self, token: Token, name: str) -> bool:
        """Tell whether a token is a name as the document writes it, or as the reference does."""
        from pactmock.matching.values.elements import split_name  # late: few bodies are XML

        if _is_named(token, name):
            return True
        mark, bare = ("@", name[1:]) if name.startswith("@") else ("", name)
        uri, local = split_name(bare)
        written = (
            f"{prefix}:{local}" if prefix else local for prefix in self._prefixes.get(uri, ()) if prefix or not mark
        )
        return token in {mark + each for each in written}


def _is_named(token: Token, name: str) -> bool:
    return token is Wildcard.ANY or token == name


def _ways(element: Element, way: _Names) -> Iterator[_Names]:
    budget.current().spend()
    yield way
    yield (*way, "#text")
    yield from ((*way, f"@{name}") for name in element.attributes)
    for child in element.children:
        yield from _ways(child, (*way, child.name))
