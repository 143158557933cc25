"""How it is decided on one request, against what is expected at the time, and where."""
