"""Contracts as people and test libraries write them down, made into the values of `pactmock.pact`."""
