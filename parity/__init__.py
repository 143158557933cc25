"""Shows that pactmock decides as the reference does: random pacts and requests, played on both (`make parity`).

The specification's cases were written by people who thought of them. Here nobody thinks: seeded dice draw pacts of
every kind and requests near the expected ones, the Rust server and pactmock play both over HTTP, and what differs is
held against the differences that were decided on purpose (`differences.py`, `known.py`), shrunk and shown once.

One way through: `draw` -> `Case` -> `players` -> two `Answer`s -> `comparing` -> `explaining` by `known` -> `shrinking`
-> `report`.
"""
