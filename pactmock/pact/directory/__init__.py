"""The pact directory: a file for each pair, which many processes write at once and nobody sees half of."""
