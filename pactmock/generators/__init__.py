"""Generators: values made when a response is sent, put where the pact says."""
