"""TLS on the port of a mock server: how it is set up, what is shown by either side, and why a handshake failed."""
