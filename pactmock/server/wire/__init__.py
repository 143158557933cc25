"""HTTP as bytes: connections, the messages that are cut out of them, and the bounds of both.

What a message means is decided above: by what plays a pact, or by the control API.
"""
