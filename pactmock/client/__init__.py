"""A service from Python: `pactmock.Client` and `pactmock.AsyncClient`, and the command line stands on the first.

What can be called is described once, for both (`calls.py`, `mock_server.py`): a description yields calls and is handed
replies, and does no I/O. A client sends them (`blocking.py`, `asynchronous.py`); so the two cannot differ.

Nothing here loads a web server, or what compares: the command line has to start at once.
"""
