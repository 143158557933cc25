"""The kinds of warnings that only an interaction with matching rules or generators can deserve."""

from __future__ import annotations

from pactmock.review.contents.header_values import rules_for_all_values
from pactmock.review.contents.multipart import fields_with_rules
from pactmock.review.rules.alternatives import alternatives_for_objects
from pactmock.review.rules.examples import broken_examples
from pactmock.review.rules.expressions import unreadable_expressions, unreadable_names
from pactmock.review.rules.kinds import empty_each_values, unknown_rules, unordered_lists, unread_categories
from pactmock.review.rules.patterns import java_quotes
from pactmock.review.rules.xml_rules import unfound_xml_rules
from pactmock.review.rules.xml_sizes import miscounted_elements
from pactmock.review.subject import Inspection

OF_RULES: tuple[Inspection, ...] = (
    unknown_rules,
    unread_categories,
    unordered_lists,
    empty_each_values,
    alternatives_for_objects,
    rules_for_all_values,
    unreadable_expressions,
    unreadable_names,
    unfound_xml_rules,
    miscounted_elements,
    java_quotes,
    fields_with_rules,
    broken_examples,
)
