"""How bodies of one kind are compared: a module a kind, each with `compile_body` of one signature (see `body.py`), and
beside it what reads such a body, or finds sooner that it matches."""
