"""What the parts of an interaction are made of, as values: headers, queries, bodies, and their content types."""
