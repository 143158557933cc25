"""One mock server: what it decides, what it remembers, how it speaks HTTP, where it listens."""
