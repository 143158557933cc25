"""What can be seen of a pact before any of it is played, and will disappoint somebody: warnings.

Most of them are about the other side: what passes here, and the provider's verification by the reference will refuse.
A kind of warning is one function of an interaction, and a place in this tuple.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pactmock.matching import budget
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.review.alternatives import alternatives_for_objects
from pactmock.review.body_types import contradicted_types, untyped_bodies
from pactmock.review.charsets import other_charsets
from pactmock.review.codings import compressed_bodies
from pactmock.review.expressions import unreadable_expressions, unreadable_names
from pactmock.review.forms import json_forms
from pactmock.review.graphql import quoted_queries
from pactmock.review.header_values import rules_for_all_values, unsplit_values
from pactmock.review.json_texts import lists_in_texts
from pactmock.review.matchers import matchers_in_bodies
from pactmock.review.missing_plugins import missing_plugins, unplayed
from pactmock.review.multipart import fields_with_rules, repeated_parts
from pactmock.review.null_bodies import null_bodies
from pactmock.review.paths import unsent_paths
from pactmock.review.patterns import java_quotes
from pactmock.review.queries import parameters_without_value
from pactmock.review.redirects import followed_redirects
from pactmock.review.rules import empty_each_values, unknown_rules, unordered_lists
from pactmock.review.subject import Subject
from pactmock.review.unsent_bodies import unsent_bodies
from pactmock.review.xml_rules import unfound_xml_rules
from pactmock.review.xml_sizes import miscounted_elements

INSPECTIONS: tuple[Callable[[Subject], Iterable[PactWarning]], ...] = (
    unplayed,
    unsent_paths,
    parameters_without_value,
    unsplit_values,
    contradicted_types,
    untyped_bodies,
    followed_redirects,
    unsent_bodies,
    unknown_rules,
    unordered_lists,
    empty_each_values,
    alternatives_for_objects,
    rules_for_all_values,
    unreadable_expressions,
    unreadable_names,
    unfound_xml_rules,
    miscounted_elements,
    java_quotes,
    json_forms,
    quoted_queries,
    other_charsets,
    compressed_bodies,
    repeated_parts,
    fields_with_rules,
    null_bodies,
    lists_in_texts,
    matchers_in_bodies,
)
"""All kinds, in the order in which those of one interaction are told."""


def review(bound: BoundPact, version: Specification, first: int = 0) -> Iterator[PactWarning]:
    """Yield the warnings of a pact that is to be written in a version: of its interactions from the `first` one on."""
    if not bound.pact.interactions:
        yield PactWarning("There are no interactions, so every request fails: expect some", "no_interactions")
    if not first:
        yield from missing_plugins(bound)
    spend = budget.current().spend
    for interaction in bound.pact.interactions[first:]:
        subject = Subject.of(interaction, bound, version)
        spend(len(INSPECTIONS))
        for inspect in INSPECTIONS:
            yield from inspect(subject)
