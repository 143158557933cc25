"""Draws cases: for each kind an expected request with its rules, a pact of it, and requests near it.

What pactmock's own contract decides is not drawn, as there is nothing to be compared (docs/matching.md has the list):
patterns that can never work, headers that are not ASCII, integers at the end of what a decimal can hold, JSON nested
more than 127 levels deep, and patterns on XML elements that match the element's text.
"""
