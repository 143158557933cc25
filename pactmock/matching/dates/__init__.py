"""Dates and times by the patterns of Java: whether a value is valid, and how a moment is written."""
