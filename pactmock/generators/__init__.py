"""Generators: values made when a response is sent, put where the pact says.

Which there are, `kinds.py` says. Some modules make values of one sort (numbers, texts, moments), others put them into
documents and fields (docs/adding-a-generator.md).
"""
