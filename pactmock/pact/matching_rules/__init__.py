"""The matching rules as values, and how they are read and written (reference/matching.md §3.1).

What a rule decides about a value is not here but in `pactmock.matching`; a pact file is read and written without it.
Import the package, not the names: `matching_rules.Type` reads better than `Type`.
"""

from pactmock.pact.matching_rules.dates import *  # noqa: F403  a rule is added by adding its class
from pactmock.pact.matching_rules.entry import RuleEntry as RuleEntry
from pactmock.pact.matching_rules.entry import different_rules as different_rules
from pactmock.pact.matching_rules.entry import equality_everywhere as equality_everywhere
from pactmock.pact.matching_rules.entry import with_inner as with_inner
from pactmock.pact.matching_rules.nested import ArrayContains as ArrayContains
from pactmock.pact.matching_rules.nested import Each as Each
from pactmock.pact.matching_rules.nested import EachKey as EachKey
from pactmock.pact.matching_rules.nested import EachValue as EachValue
from pactmock.pact.matching_rules.nested import Variant as Variant
from pactmock.pact.matching_rules.of_type import *  # noqa: F403
from pactmock.pact.matching_rules.plugin import Plugin as Plugin
from pactmock.pact.matching_rules.plugin import PluginCheck as PluginCheck
from pactmock.pact.matching_rules.reading import create_rule as create_rule
from pactmock.pact.matching_rules.reading import read_rule as read_rule
from pactmock.pact.matching_rules.rule import Change as Change
from pactmock.pact.matching_rules.rule import MatchingRule as MatchingRule
from pactmock.pact.matching_rules.rule import core_rules as core_rules
from pactmock.pact.matching_rules.rule import named as named
from pactmock.pact.matching_rules.values import *  # noqa: F403
