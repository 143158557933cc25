"""Explanations as JSON and as text: the one place where what is said of a request gets its form."""
