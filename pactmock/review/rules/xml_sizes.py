"""Warnings about `min` and `max` in XML, which count elements here and children in the reference.

See reference/matching.md §11 row 65, F.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pactmock.matching import budget
from pactmock.matching.compiling import compile_entries
from pactmock.matching.rule_set import Place
from pactmock.matching.values.checks import bounds
from pactmock.pact.warnings import PactWarning
from pactmock.review.rules.xml_rules import document_of
from pactmock.review.subject import Subject, payload_of

if TYPE_CHECKING:
    from pactmock.matching.values.elements import Element


def miscounted_elements(subject: Subject) -> Iterator[PactWarning]:
    """Yield the rules of what the provider sends that its own example does not pass in the provider's verification."""
    for part in subject.answered:
        entries = part.matching_rules.get("body", ())
        sized = [entry for entry in entries if any(bounds(rule) != (0, None) for rule in entry.rules)]
        document = document_of(payload_of(part)) if sized else None
        if document is None:
            continue
        # By all rules, as a better one may hold; and by the URI of each element alone, as the reference does.
        root = compile_entries(entries)
        refused = dict(reversed(list(_refused(document.element, root))))
        for entry in sized:
            if entry.path.text in refused:
                element = refused[entry.path.text]
                yield PactWarning(
                    f"The provider's verification counts the children of each <{element.local_name}> under this rule,"
                    f" and refuses one that has {element.nodes}, as the example does. Leave out min and max there",
                    "xml_children_counted",
                    (*part.place, *entry.place_of(0)),
                )


def _refused(element: Element, above: Place) -> Iterator[tuple[str, Element]]:
    """Yield the elements that the reference refuses for their number of children, with the path of the rule."""
    budget.current().spend()
    place = above.field(element.name)
    if place.rules is not None and not place.cascaded:
        sizes = [bounds(item.rule) for item in place.rules.rules]
        if any(element.nodes < low or (high is not None and element.nodes > high) for low, high in sizes):
            yield place.rules.path, element
    for child in element.children:
        yield from _refused(child, place)
