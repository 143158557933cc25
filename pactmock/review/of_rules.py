"""The kinds of warnings about matching rules and generators, each behind the sign without which it finds nothing."""

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
from pactmock.review.signs import Sign
from pactmock.review.subject import Inspection

OF_RULES: tuple[tuple[Sign, Inspection], ...] = (
    (Sign.ANSWERED_RULES, unknown_rules),
    (Sign.RULES, unread_categories),
    (Sign.ANSWERED_RULES, unordered_lists),
    (Sign.ANSWERED_RULES, empty_each_values),
    (Sign.ANSWERED_RULES, alternatives_for_objects),
    (Sign.ANSWERED_RULES, rules_for_all_values),
    (Sign.RULES, unreadable_expressions),
    (Sign.RULES, unreadable_names),
    (Sign.ANSWERED_RULES, unfound_xml_rules),
    (Sign.ANSWERED_RULES, miscounted_elements),
    (Sign.RULES, java_quotes),
    (Sign.ANSWERED_RULES, fields_with_rules),
    (Sign.RULES, broken_examples),
)
