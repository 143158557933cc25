"""What a mock server sends, made of its pact: answers and messages; and what was decided, with the answer to it."""
