"""What a mock server remembers of what was received, and what of that nobody may read."""
