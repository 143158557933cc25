"""What the matching rules ask of single values: texts, JSON values, lists, objects, statuses, XML elements.

The rules themselves are in `pactmock.pact.matching_rules` (docs/adding-a-rule.md).
"""
