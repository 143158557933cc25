"""Draws cases: for each kind an expected request with its rules, a pact of it, and requests near it."""
