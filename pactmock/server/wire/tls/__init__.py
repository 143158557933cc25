"""TLS on the port of a mock server: how it is set up and agreed on, what either side shows, why a handshake failed."""
