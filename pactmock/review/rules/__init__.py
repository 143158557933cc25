"""Warnings about matching rules and generators; `pactmock.review.of_rules` lists them."""
