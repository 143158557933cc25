"""A pact as the JSON of a pact file, of any version: read into values, written from values, told of in a line."""
