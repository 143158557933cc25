"""How the service is, for those who run it: metrics and traces. Each library for that has one module that knows it."""
