"""Contracts as people and test libraries write them down, made into the values of `pactmock.pact`."""

MEDIA_TYPE = "application/vnd.pactmock.test+json"
"""What a contract in consumer-test form says it is."""
