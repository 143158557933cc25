"""What a mock server remembers of what was received, what of that nobody may read, and what others are told of it."""
