"""What is expected: JSON with matchers in it, as values (reference/ruby-api.md §4)."""
