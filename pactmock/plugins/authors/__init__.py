"""What authors of plugins need: the class to derive from, how it is served, packaged and checked."""
