"""Matching rules of version 2, which stand beside examples: what matchers become in a pact file, and back."""
