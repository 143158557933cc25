"""The way to Redis: connections, what it runs at once, under which keys it has what, what it tells of changes."""
