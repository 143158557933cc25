"""The consumer tests of one client, written for pactmock and for pact-python: what a user writes, and waits for."""
