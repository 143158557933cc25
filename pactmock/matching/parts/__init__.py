"""The parts of an interaction but for their bodies, each compared as its kind wants it: path, query, headers, metadata;
and what a body is compared as, whatever its kind."""
