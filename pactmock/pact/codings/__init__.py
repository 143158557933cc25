"""How bodies are compressed: a module for what a library does, and `coding.py` for what they all are."""
