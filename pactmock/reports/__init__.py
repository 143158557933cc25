"""Explanations, and reports of mock servers: the one place where what is said of a request gets its form."""
