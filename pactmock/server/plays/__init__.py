"""How a pact is played: over HTTP, by hand for its messages, or by the transport of a plugin."""
