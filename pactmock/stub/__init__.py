"""All pacts of a directory on one port, for whoever builds against a provider that is not there (pact-stub-server).

A stub answers any number of times, and verifies nothing. How it chooses an interaction is its own, and more tolerant
than a mock server is: see `choosing`.
"""
