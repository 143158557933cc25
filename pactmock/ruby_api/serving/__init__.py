"""A Ruby service on a port: what it answers, who may call, the play, and the mock server that it is in a process."""
