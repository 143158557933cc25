"""Warnings about headers and bodies; `pactmock.review.of_contents` lists them."""
