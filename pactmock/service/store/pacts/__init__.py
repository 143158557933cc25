"""Pacts that were written: in a directory, or in the store that replicas share."""
