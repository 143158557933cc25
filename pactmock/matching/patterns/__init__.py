"""Regular expressions of a pact: in the dialect of the reference, run so that none can hang the service."""
