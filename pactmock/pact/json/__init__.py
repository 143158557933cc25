"""JSON as the reference reads and writes it, and where and why a text is none."""
