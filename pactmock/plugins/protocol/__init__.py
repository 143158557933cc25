"""The plugin protocol: a plugin as a class, its calls as values, and how these become messages of gRPC and back.

A call is a method of `plugin.py`, its question and answer are in `values.py`, and what makes messages of them is in one
of the modules for calls (docs/architecture.md has all that it takes to add one).
"""
