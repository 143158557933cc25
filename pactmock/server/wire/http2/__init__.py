"""HTTP/2 on the port of a mock server: frames in, the same messages as over HTTP/1.1 to the same door, frames out.

It is loaded when the first client speaks it. What h2 knows of the protocol is asked for in `machine.py` alone.
"""
