"""Which plugins there are, which version is chosen, which are loaded, and what they offer."""
