"""Deciding whether a request is the one that a pact expects: pure functions over values, no I/O, no asyncio."""
