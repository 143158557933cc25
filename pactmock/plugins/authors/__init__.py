"""What authors of plugins do with one: it is served, packaged, checked."""
