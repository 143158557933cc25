"""The commands that serve mock servers themselves, in this process: `start`, `stub`, `run`, `ruby`."""
