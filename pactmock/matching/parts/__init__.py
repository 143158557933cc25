"""The parts of a message, each compared as its kind wants it: headers, query, body, metadata; and messages and
responses as a whole."""
